extension VisionTransformer {
    /// Reads a tower of either layout: the stem is a row of convolutions or a single one; the class token has a position
    /// of its own where there is one more of them than patches.
    init(_ reader: WeightReader, _ layout: Layout) throws(ModelError) {
        let root = layout.image
        let parts = layout.names == .apple ? Parts.apple : .timm
        patches = try Self.patches(reader, root, parts)
        // Apple's stem pads as for windows that overlap, by (window − 1) / 2: 1 at the first one, of four, and 0 at those
        // of two. No tensor tells; timm's stem does not pad.
        padding = layout.names == .apple ? ((patches.first?.height ?? 1) - 1) / 2 : 0
        // timm's vision transformers have an epsilon of 1e-6, but for those that stand in for CLIP's own, which begin
        // with a norm.
        let isPlain = reader.has(root + parts.firstNorm + ".weight")
        let epsilon: Float = layout.names == .apple || isPlain ? LayerNorm.commonEpsilon : 1e-6

        let width = patches.last?.outputs ?? 0
        guard width.isMultiple(of: TransformerLayer.headWidth) else {
            throw reader.problem("its image tower is \(width) wide, which is no whole heads")
        }
        var classToken = try reader.floats(root + "cls_token", [1, 1, width])
        let extents = try reader.shape(root + parts.positions)
        var positions = try reader.floats(root + parts.positions, extents.dropLast(2).map { _ in 1 } + [nil, width])
        var grid = Self.squareRoot(positions.count / width)
        if grid == nil {
            for channel in 0..<width { classToken[channel] += positions[channel] }
            positions.removeFirst(width)
            grid = Self.squareRoot(positions.count / width)
        }
        let patch = patches.reduce(1) { $0 * $1.height }
        guard let grid, (1...64).contains(grid), patch <= 64 else {
            throw reader.problem(
                "tensor \(root)\(parts.positions) has the shape \(extents), which is no square of patches"
            )
        }
        self.classToken = classToken
        self.positions = positions

        firstNorm =
            isPlain ? try LayerNorm(reader, root + parts.firstNorm, width: width, epsilon: epsilon) : nil
        var layers: [TransformerLayer] = []
        while reader.has("\(root)\(parts.layers).\(layers.count)\(parts.names.attentionNorm).weight") {
            let name = "\(root)\(parts.layers).\(layers.count)"
            layers.append(try TransformerLayer(reader, name, parts.names, width: width, epsilon: epsilon))
        }
        guard !layers.isEmpty else {
            throw reader.missing("\(root)\(parts.layers).0\(parts.names.attentionNorm).weight")
        }
        self.layers = layers
        finalNorm = try LayerNorm(reader, root + parts.finalNorm, width: width, epsilon: epsilon)
        head = try reader.head(layout, isTransformer: true, inputs: width)
        try reader.requireAllRead(under: root)
    }

    private static func squareRoot(_ count: Int) -> Int? {
        (1...64).first { $0 * $0 == count }
    }

    private static func patches(_ reader: WeightReader, _ root: String, _ parts: Parts) throws(ModelError)
        -> [Convolution]
    {
        var patches: [Convolution] = []
        if reader.has(root + parts.singlePatch + ".weight") {
            let name = root + parts.singlePatch
            patches.append(try reader.convolution(name, bias: reader.has(name + ".bias")))
        } else {
            while true {
                let name = root + parts.stem(patches.count)
                guard reader.has(name + ".conv.weight") else { break }
                patches.append(
                    reader.has(name + ".conv.bias")
                        ? try reader.convolution(name + ".conv")
                        : try reader.convolutionAndNorm(name, norm: parts.stemNorm)
                )
            }
        }
        guard !patches.isEmpty else { throw reader.missing(root + parts.stem(0) + ".conv.weight") }
        var inputs = 3
        for patch in patches {
            guard patch.inputsPerGroup == inputs, patch.height == patch.width, patch.outputs <= 4096 else {
                throw reader.problem(
                    "a convolution of shape \(patch.shape) in its stem does not fit the layer before it"
                )
            }
            inputs = patch.outputs
        }
        return patches
    }

    /// What a layout calls the parts of the tower.
    private struct Parts {
        let stem: (Int) -> String
        let stemNorm: String
        /// The stem where it is one convolution.
        let singlePatch: String
        let positions: String
        let firstNorm: String
        let layers: String
        let names: TransformerNames
        let finalNorm: String

        static var apple: Parts {
            Parts(
                stem: { "patch_emb.\($0).block" },
                stemNorm: ".norm",
                singlePatch: "patch_emb.proj",
                positions: "pos_embed.pos_embed.pos_embed",
                firstNorm: "pre_transformer_norm",
                layers: "transformer",
                names: .apple,
                finalNorm: "post_transformer_norm"
            )
        }

        static var timm: Parts {
            Parts(
                stem: { "patch_embed.backbone.\($0)" },
                stemNorm: ".bn",
                singlePatch: "patch_embed.proj",
                positions: "pos_embed",
                firstNorm: "norm_pre",
                layers: "blocks",
                names: .timm,
                finalNorm: "norm"
            )
        }
    }
}
