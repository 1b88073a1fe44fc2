/// Which model a checkpoint holds, recognised from its tensors' names and shapes alone.
public struct Variant: Sendable, Equatable {
    /// The published name, `mobileclip_s0`, or nil for a model of the same building blocks in other sizes.
    public let publishedName: String?
    /// Blocks in every stage of the image tower.
    public let depths: [Int]
    /// Channels of every stage of the image tower.
    public let widths: [Int]
    /// Channels of the text tower.
    public let textWidth: Int
    /// Layers of the text tower.
    public let textLayers: Int
    /// The side of its pictures in pixels.
    public let side: Int
    /// Whether the train-time branches have been folded already.
    public let isFolded: Bool

    /// The published name, or a description such as `MCi 2-2-2 32-64-128`.
    public var name: String {
        if let publishedName { return publishedName }
        let dashed = { (numbers: [Int]) in numbers.map(String.init).joined(separator: "-") }
        return "MCi \(dashed(depths)) \(dashed(widths))"
    }

    private struct Published {
        let name: String
        let depths: [Int]
        let widths: [Int]
        let textWidth: Int
        let textLayers: Int
    }

    private static let published = [
        Published(
            name: "mobileclip_s0",
            depths: [2, 6, 10, 2],
            widths: [64, 128, 256, 512],
            textWidth: 512,
            textLayers: 6
        ),
        Published(
            name: "mobileclip_s1",
            depths: [4, 12, 20, 4],
            widths: [64, 128, 256, 512],
            textWidth: 512,
            textLayers: 12
        ),
        Published(
            name: "mobileclip_s2",
            depths: [4, 12, 24, 4],
            widths: [80, 160, 320, 640],
            textWidth: 512,
            textLayers: 12
        ),
    ]

    /// - Throws: `ModelError` where the tensors are not those of an MCi image tower beside a text tower, in Apple's layout.
    init(recognising checkpoint: Checkpoint) throws(ModelError) {
        let tensors = checkpoint.tensors
        let image = "image_encoder.model."
        guard tensors["\(image)network.0.0.layer_scale"] != nil, tensors["\(image)head.proj"] != nil else {
            throw ModelError(path: checkpoint.path, problem: Self.refusal(of: tensors))
        }
        guard let embedding = tensors["text_encoder.embedding_layer.weight"], embedding.shape.count == 2 else {
            throw ModelError(
                path: checkpoint.path,
                problem: "it has a MobileCLIP image tower but no text tower (text_encoder.embedding_layer.weight)"
            )
        }
        var depths: [Int] = []
        var widths: [Int] = []
        var step = 0
        while tensors.keys.contains(where: { $0.hasPrefix("\(image)network.\(step).") }) {
            var depth = 0
            while let weight = tensors["\(image)network.\(step).\(depth).convffn.fc2.weight"] {
                if depth == 0 { widths.append(weight.shape.first ?? 0) }
                depth += 1
            }
            if depth > 0 { depths.append(depth) }
            step += 1
        }
        var textLayers = 0
        while tensors.keys.contains(where: { $0.hasPrefix("text_encoder.transformer.\(textLayers).") }) {
            textLayers += 1
        }

        self.depths = depths
        self.widths = widths
        self.textLayers = textLayers
        textWidth = embedding.shape[1]
        side = 256
        isFolded = tensors["\(image)patch_embed.0.reparam_conv.weight"] != nil
        publishedName =
            Self.published.first { [textWidth, textLayers] in
                $0.depths == depths && $0.widths == widths && $0.textWidth == textWidth && $0.textLayers == textLayers
            }?.name
    }

    /// What else the checkpoint seems to be, in words.
    private static func refusal(of tensors: [String: Tensor]) -> String {
        let wanted = "this version runs MobileCLIP S0, S1 and S2 in Apple's layout (mobileclip_s0.pt, …)"
        let has = { (prefix: String) in tensors.keys.contains { $0.hasPrefix(prefix) } }
        if has("image_encoder.model.patch_emb.") || has("image_encoder.model.cls_token") {
            return "this is MobileCLIP-B; \(wanted)"
        }
        if has("visual.trunk.") { return "this is a MobileCLIP in open_clip's layout; \(wanted)" }
        if has("visual.transformer.") || has("visual.conv1.") { return "this is a CLIP of another family; \(wanted)" }
        if has("image_encoder.model.network.") {
            return "its MobileCLIP image tower is incomplete; copy or download the file again"
        }
        let example = tensors.keys.min() ?? ""
        return "this is no MobileCLIP checkpoint (its \(tensors.count) tensors start with \(example)); \(wanted)"
    }
}
