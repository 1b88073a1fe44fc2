extension TextTower {
    /// Reads and folds a tower of either layout: Text-RepMixer blocks and transformer layers in the order in which they
    /// stand.
    ///
    /// - Parameter isCausal: is not to be seen in the tensors; `Variant` knows it.
    init(_ reader: WeightReader, _ layout: Layout, isCausal: Bool) throws(ModelError) {
        guard let root = layout.text, let tokens = layout.tokens, let projectionName = layout.textProjection else {
            throw reader.problem("it is an image tower alone and can embed no texts; use a file with both towers")
        }
        let isApple = layout.names == .apple
        let width = try reader.shape(tokens + "weight").last ?? 0
        guard width > 0, width.isMultiple(of: TransformerLayer.headWidth) else {
            throw reader.problem("its text tower is \(width) wide, which is no whole heads")
        }
        self.width = width
        self.isCausal = isCausal
        tokenEmbedding = try TokenEmbedding(reader, tokens, width: width)
        positions =
            isApple
            ? try reader.floats(root + "positional_embedding.pos_embed.pos_embed", [1, 1, nil, width])
            : try reader.floats(root + "positional_embedding", [nil, width])
        context = positions.count / width
        guard context >= 2, context <= 4096 else {
            throw reader.problem("its text tower has a context of \(context) tokens")
        }
        layers = try Self.layers(
            reader,
            root + (isApple ? "transformer" : "transformer.resblocks"),
            isApple ? .apple : .openCLIP,
            width: width
        )
        finalNorm = try LayerNorm(reader, root + (isApple ? "final_layer_norm" : "ln_final"), width: width)

        // Stored as (width, embedding width): embedding = sentence · projection_layer.
        projection = try reader.transposedLinear(projectionName, inputs: width)
        guard projection.outputs <= 4 * width else {
            throw reader.problem("its text embeddings are \(projection.outputs) wide, which no MobileCLIP's are")
        }
        let images = layout.imageEmbeddingWidth(reader.checkpoint)
        guard images == nil || images == projection.outputs else {
            throw reader.problem(
                "its text embeddings are \(projection.outputs) wide and its image embeddings \(images ?? 0): "
                    + "they cannot be compared"
            )
        }
        try reader.requireAllRead(under: root, except: [layout.image, "logit_scale"])
    }

    private static func layers(
        _ reader: WeightReader,
        _ root: String,
        _ names: TransformerNames,
        width: Int
    ) throws(ModelError) -> [TextLayer] {
        var layers: [TextLayer] = []
        while true {
            let name = "\(root).\(layers.count)"
            if reader.has(name + names.attentionNorm + ".weight") {
                layers.append(
                    .transformer(
                        try TransformerLayer(reader, name, names, width: width, epsilon: LayerNorm.commonEpsilon)
                    )
                )
            } else if reader.has(name + ".layer_scale") {
                let mixer = try RepMixerBlock(reader, name, channels: width, window: (1, 11), mixing: (1, 11))
                layers.append(.mixer(mixer))
            } else {
                break
            }
        }
        guard !layers.isEmpty else { throw reader.missing("\(root).0\(names.attentionNorm).weight") }
        return layers
    }

    /// The tokenizer that knows what the tower hears.
    package var tokenizer: Tokenizer { Tokenizer(context: context, learned: tokenEmbedding.learned) }
}
