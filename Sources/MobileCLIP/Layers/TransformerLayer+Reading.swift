extension TransformerLayer {
    /// - Parameter epsilon: of the layer norms.
    init(
        _ reader: WeightReader,
        _ name: String,
        _ names: TransformerNames,
        width: Int,
        epsilon: Float
    ) throws(ModelError) {
        attentionNorm = try LayerNorm(reader, name + names.attentionNorm, width: width, epsilon: epsilon)
        let joined = name + names.queriesKeysValues
        queriesKeysValues = Linear(
            weight: try reader.floats(joined + "weight", [3 * width, width]),
            bias: try reader.floats(joined + "bias", [3 * width]),
            outputs: 3 * width,
            inputs: width
        )
        projection = try reader.linear(name + names.projection, outputs: width, inputs: width)
        feedForwardNorm = try LayerNorm(reader, name + names.feedForwardNorm, width: width, epsilon: epsilon)
        expand = try reader.expansion(name + names.expand, of: width)
        project = try reader.linear(name + names.project, outputs: width, inputs: expand.outputs)
    }
}

extension LayerNorm {
    /// The default of PyTorch, Apple's layers and open_clip's; timm's own is smaller.
    static let commonEpsilon: Float = 1e-5

    init(_ reader: WeightReader, _ name: String, width: Int, epsilon: Float = commonEpsilon) throws(ModelError) {
        weight = try reader.floats(name + ".weight", [width])
        bias = try reader.floats(name + ".bias", [width])
        self.epsilon = epsilon
    }
}
