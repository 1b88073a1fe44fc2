/// Which model a checkpoint holds, recognised from its tensors' names and shapes alone.
public struct Variant: Sendable, Equatable {
    /// The published name, `mobileclip_s0`; both where two published models have the same tensors, and timm's where the file
    /// is an image tower alone. Nil for a model of the same building blocks in other sizes.
    public let publishedName: String?
    /// Whether the train-time branches have been folded already.
    public let isFolded: Bool
    let image: ImageArchitecture
    /// Nil where the file is an image tower alone.
    let text: TextArchitecture?
    let layout: Layout

    /// Blocks in every stage of the image tower.
    public var depths: [Int] { image.stages.map(\.depth) }
    /// Channels of every stage of the image tower.
    public var widths: [Int] { image.stages.map(\.width) }
    /// The length of embeddings.
    public var embeddingWidth: Int { image.embeddingWidth }
    /// Channels of the text tower; 0 where there is none.
    public var textWidth: Int { text?.width ?? 0 }
    /// Layers of the text tower; 0 where there is none.
    public var textLayers: Int { text?.layers.count ?? 0 }
    /// Whether it can embed texts; an image tower alone cannot.
    public var hasTextTower: Bool { text != nil }
    /// The side of its pictures in pixels.
    public var side: Int { image.side }

    /// The published name, or a description such as `MCi 2-2-2 32-64-128`.
    public var name: String {
        if let publishedName { return publishedName }
        let dashed = { (numbers: [Int]) in numbers.map(String.init).joined(separator: "-") }
        let kind = image.pooling == .mean ? "MCi" : "ViT"
        return "\(kind) \(dashed(depths)) \(dashed(widths))"
    }

    /// Whether a token of its texts attends only to those before it. No tensor tells; the published models that do so are
    /// those beside a vision transformer with a convolutional stem.
    var isCausal: Bool {
        guard case .convolutions(let windows) = image.stem else { return false }
        return windows.count > 1
    }

    /// - Throws: `ModelError` where the tensors are not those of a MobileCLIP, in Apple's or open_clip's layout.
    init(recognising checkpoint: Checkpoint) throws(ModelError) {
        let tensors = checkpoint.tensors
        guard let layout = Layout(of: tensors) else {
            throw ModelError(path: checkpoint.path, problem: Self.refusal(of: tensors))
        }
        guard let image = ImageArchitecture(tensors, layout) else {
            throw ModelError(path: checkpoint.path, problem: Self.incomplete)
        }
        let text = TextArchitecture(tensors, layout)
        self.layout = layout
        self.image = image
        self.text = text
        publishedName = Self.publishedName(layout, image, text)
        isFolded = tensors.keys.contains { $0.hasSuffix(".reparam_conv.weight") }
        guard text != nil || publishedName != nil else {
            throw ModelError(
                path: checkpoint.path,
                problem: layout.names == .apple
                    ? "it has a MobileCLIP image tower but no text tower (text_encoder.embedding_layer.weight)"
                    : "it has an image tower of no published MobileCLIP, and no text tower"
            )
        }
    }

    private static let incomplete = "its MobileCLIP image tower is incomplete; copy or download the file again"

    /// What else the checkpoint seems to be, in words.
    private static func refusal(of tensors: [String: Tensor]) -> String {
        let wanted = "this program runs Apple's MobileCLIP and MobileCLIP2, in Apple's layout, open_clip's or timm's"
        let has = { (prefix: String) in tensors.keys.contains { $0.hasPrefix(prefix) } }
        if has("image_encoder.model.") { return incomplete }
        if has("visual.trunk.") { return "this is an open_clip model of another family; \(wanted)" }
        if has("visual.transformer.") || has("visual.conv1.") { return "this is a CLIP of another family; \(wanted)" }
        let example = tensors.keys.min() ?? ""
        return "this is no MobileCLIP checkpoint (its \(tensors.count) tensors start with \(example)); \(wanted)"
    }
}
