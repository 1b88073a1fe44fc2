extension ImageArchitecture {
    /// Reads the sizes of a tower off its tensors; whether all of them are there and fit is for the reading of the tower
    /// itself. Nil where not even the head is there.
    init?(_ tensors: [String: Tensor], _ layout: Layout) {
        let extents = { (name: String) in tensors[layout.image + name]?.shape }
        let isTransformer = extents("cls_token") != nil
        let (head, isTransposed) = layout.head(isTransformer: isTransformer)
        let matrix = tensors[isTransposed ? head : head + ".weight"]?.shape
        guard let matrix, matrix.count == 2 else { return nil }
        embeddingWidth = isTransposed ? matrix[1] : matrix[0]
        guard isTransformer else {
            stem = .mobileOne
            stages = Self.stages(extents, layout)
            pooling = .mean
            side = 256
            return
        }
        let isApple = layout.names == .apple
        let windows =
            isApple ? Self.windows(extents, "patch_emb", ".block") : Self.windows(extents, "patch_embed.backbone")
        stem = .convolutions(windows.isEmpty ? [extents("patch_embed.proj.weight")?.last ?? 0] : windows)
        let norms = isApple ? TransformerNames.apple : .timm
        let blocks = isApple ? "transformer" : "blocks"
        var depth = 0
        while extents("\(blocks).\(depth)\(norms.attentionNorm).weight") != nil { depth += 1 }
        let width = max(matrix[isTransposed ? 0 : 1], 1)
        let inner = extents("\(blocks).0\(norms.expand).weight")?.first ?? 0
        stages = [Stage(depth, width, ratio: inner / width, .transformer)]
        pooling = .classToken
        let positions = extents(isApple ? "pos_embed.pos_embed.pos_embed" : "pos_embed")?.dropLast().last ?? 0
        guard case .convolutions(let used) = stem else { return nil }
        let patch = used.prefix(8).reduce(1) { $0 * min($1, 64) }
        side = ((1...64).last { $0 * $0 <= positions } ?? 0) * min(patch, 64)
    }

    private static func windows(_ extents: (String) -> [Int]?, _ name: String, _ part: String = "") -> [Int] {
        var windows: [Int] = []
        while let shape = extents("\(name).\(windows.count)\(part).conv.weight") { windows.append(shape.last ?? 0) }
        return windows
    }

    private static func stages(_ extents: (String) -> [Int]?, _ layout: Layout) -> [Stage] {
        let names = layout.blocks
        var stages: [Stage] = []
        var isGated = false
        /// A step of Apple's single row, or a stage of timm's: what its blocks' names begin with.
        func add(_ name: String) {
            let first = "\(name).0.\(names.feedForward)"
            guard let widened = extents("\(first).fc1.weight"), let width = widened.dropFirst().first, width > 0 else {
                return
            }
            var depth = 1
            while extents("\(name).\(depth).\(names.feedForward).fc1.weight") != nil { depth += 1 }
            let mixer: Mixer =
                if extents("\(name).0.token_mixer.qkv.weight") == nil {
                    .convolution
                } else {
                    extents("\(name).0.norm.running_mean") != nil ? .attention : .layerNormAttention
                }
            stages.append(Stage(depth, width, ratio: widened[0] / width, mixer, isGated: isGated))
            isGated = false
        }
        // No tower has so many steps; a file may leave some out.
        for step in 0..<20 {
            let name = layout.names == .apple ? "network.\(step)" : "stages.\(step)"
            let merging = layout.names == .apple ? name : name + ".downsample"
            if extents(merging + ".proj.0.se.fc1.weight") != nil { isGated = true }
            add(layout.names == .apple ? name : name + ".blocks")
        }
        return stages
    }
}

extension TextArchitecture {
    /// Reads the sizes of a tower off its tensors; nil where there is none.
    init?(_ tensors: [String: Tensor], _ layout: Layout) {
        guard let root = layout.text, let rows = tensors[(layout.tokens ?? "") + "weight"], rows.shape.count == 2 else {
            return nil
        }
        let isApple = layout.names == .apple
        let names = isApple ? TransformerNames.apple : .openCLIP
        let start = root + (isApple ? "transformer" : "transformer.resblocks")
        var layers: [Layer] = []
        while true {
            let name = "\(start).\(layers.count)"
            if tensors[name + names.attentionNorm + ".weight"] != nil {
                layers.append(.transformer)
            } else if tensors[name + ".layer_scale"] != nil {
                layers.append(.mixer)
            } else {
                break
            }
        }
        self.layers = layers
        width = rows.shape[1]
        embeddingWidth = layout.textProjection.flatMap { tensors[$0]?.shape.last } ?? 0
    }
}
