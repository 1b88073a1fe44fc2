extension TextTower {
    /// Reads and folds the tower `text_encoder` of Apple's layout: Text-RepMixer blocks and transformer layers in the
    /// order in which they stand.
    init(_ reader: WeightReader) throws(ModelError) {
        let root = "text_encoder."
        let width = try reader.shape(root + "embedding_layer.weight").last ?? 0
        guard width > 0, width.isMultiple(of: TransformerLayer.headWidth) else {
            throw reader.problem("its text tower is \(width) wide, which is no whole heads")
        }
        self.width = width
        tokenEmbedding = try TokenEmbedding(reader, width: width)
        positions = try reader.floats(root + "positional_embedding.pos_embed.pos_embed", [1, 1, nil, width])
        context = positions.count / width
        guard context >= 2, context <= 4096 else {
            throw reader.problem("its text tower has a context of \(context) tokens")
        }

        var layers: [TextLayer] = []
        while true {
            let name = "\(root)transformer.\(layers.count)"
            if reader.has(name + ".pre_norm_mha.0.weight") {
                layers.append(.transformer(try TransformerLayer(reader, name, width: width)))
            } else if reader.has(name + ".layer_scale") {
                let mixer = try RepMixerBlock(reader, name, channels: width, window: (1, 11), mixing: (1, 11))
                layers.append(.mixer(mixer))
            } else {
                break
            }
        }
        guard !layers.isEmpty else { throw reader.missing(root + "transformer.0.layer_scale") }
        self.layers = layers
        finalNorm = try LayerNorm(reader, root + "final_layer_norm", width: width)

        // Stored as (width, embedding width): embedding = sentence · projection_layer.
        projection = try reader.transposedLinear(Self.projectionName, inputs: width)
        guard projection.outputs <= 4 * width else {
            throw reader.problem("its text embeddings are \(projection.outputs) wide, which no MobileCLIP's are")
        }
        let images = reader.checkpoint.tensors["image_encoder.model.head.proj"]?.shape.last
        guard images == nil || images == projection.outputs else {
            throw reader.problem(
                "its text embeddings are \(projection.outputs) wide and its image embeddings \(images ?? 0): "
                    + "they cannot be compared"
            )
        }
        try reader.requireAllRead(under: root)
    }
}

extension TextTower {
    private static let projectionName = "text_encoder.projection_layer"

    /// The length of the embeddings that a checkpoint's tower gives, without reading it; nil where it has none.
    static func embeddingWidth(_ checkpoint: Checkpoint) -> Int? {
        checkpoint.tensors[projectionName]?.shape.last
    }

    /// The tokenizer that knows what the tower hears.
    package var tokenizer: Tokenizer { Tokenizer(context: context, learned: tokenEmbedding.learned) }
}

extension TransformerLayer {
    fileprivate init(_ reader: WeightReader, _ name: String, width: Int) throws(ModelError) {
        attentionNorm = try LayerNorm(reader, name + ".pre_norm_mha.0", width: width)
        queriesKeysValues = try reader.linear(name + ".pre_norm_mha.1.qkv_proj", outputs: 3 * width, inputs: width)
        projection = try reader.linear(name + ".pre_norm_mha.1.out_proj", outputs: width, inputs: width)
        feedForwardNorm = try LayerNorm(reader, name + ".pre_norm_ffn.0", width: width)
        expand = try reader.expansion(name + ".pre_norm_ffn.1", of: width)
        project = try reader.linear(name + ".pre_norm_ffn.4", outputs: width, inputs: expand.outputs)
    }
}

extension LayerNorm {
    fileprivate init(_ reader: WeightReader, _ name: String, width: Int) throws(ModelError) {
        weight = try reader.floats(name + ".weight", [width])
        bias = try reader.floats(name + ".bias", [width])
    }
}
