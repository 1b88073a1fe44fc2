import Foundation

/// What an embedding was made with. Embeddings may be compared only where it is equal.
public struct ModelIdentity: Sendable, Hashable, CustomStringConvertible {
    /// `digest-precision-pN`: the first 16 digits of the checkpoint's SHA-256, the precision, the preprocessing version.
    public let description: String

    init(digest: String, precision: String) {
        description = "\(digest.prefix(16))-\(precision)-p\(MobileCLIP.preprocessingVersion)"
    }
}

/// A model recognised from a checkpoint, ready to make encoders.
public struct Model: Sendable {
    /// The file it was found in.
    public let checkpoint: Checkpoint
    /// What it is.
    public let variant: Variant
    /// What marks its embeddings.
    public let identity: ModelIdentity

    /// What similarities are multiplied by before a softmax: e to the checkpoint's own `logit_scale`; 1 for an image tower
    /// alone, which has none.
    public let logitScale: Float

    /// Recognises the model and reads its scale. Weights are read, folded and packed by `makeImageTower` and
    /// `makeTextEncoder`.
    ///
    /// - Throws: `ModelError` where the checkpoint is of another architecture.
    public init(_ checkpoint: Checkpoint) throws(ModelError) {
        self.checkpoint = checkpoint
        variant = try Variant(recognising: checkpoint)
        logitScale = variant.hasTextTower ? try Self.logitScale(checkpoint) : 1
        identity = ModelIdentity(digest: checkpoint.digest(), precision: "f32")
    }

    private static func logitScale(_ checkpoint: Checkpoint) throws(ModelError) -> Float {
        let scale = try WeightReader(checkpoint: checkpoint).floats("logit_scale", [])[0]
        guard scale > 0, scale < 10 else {
            throw ModelError(path: checkpoint.path, problem: "its logit_scale is \(scale); published ones are near 4.2")
        }
        return Foundation.exp(scale)
    }

    /// The length of its embeddings.
    public var embeddingWidth: Int { variant.embeddingWidth }

    /// How many tokens of the vocabulary it has learned; 0 for an image tower alone.
    public var learnedTokens: Int {
        variant.layout.tokens.map { TokenEmbedding.learnedCount(checkpoint, $0) } ?? 0
    }

    /// How many numbers of each tower training has set, running statistics left out.
    public var parameters: (image: Int, text: Int) {
        var (image, text) = (0, 0)
        for (name, tensor) in checkpoint.tensors where name != "logit_scale" {
            guard !["running_mean", "running_var", "num_batches_tracked"].contains(where: name.hasSuffix) else {
                continue
            }
            if name.hasPrefix(variant.layout.image) { image += tensor.count } else { text += tensor.count }
        }
        return (image, text)
    }

    /// Reads, folds and packs the image tower. It is then independent of the checkpoint's file.
    public func makeImageTower() throws(ModelError) -> PackedImageTower {
        PackedImageTower(try imageTower(), side: variant.side)
    }

    /// Reads, folds and packs the text tower. The encoder keeps the file mapped, for its token embeddings.
    public func makeTextEncoder() throws(ModelError) -> TextEncoder {
        TextEncoder(tower: try textTower())
    }

    /// The tokenizer of its text tower, which knows what of a text the model hears.
    public func makeTokenizer() throws(ModelError) -> Tokenizer {
        try textTower().tokenizer
    }

    /// The image tower folded.
    package func imageTower() throws(ModelError) -> ImageTower {
        let layout = variant.layout
        let reader = WeightReader(checkpoint: checkpoint, names: layout.blocks)
        return variant.image.pooling == .mean
            ? .convolutional(try ConvolutionalTower(reader, layout))
            : .transformer(try VisionTransformer(reader, layout))
    }

    /// The text tower folded.
    package func textTower() throws(ModelError) -> TextTower {
        let reader = WeightReader(checkpoint: checkpoint, names: variant.layout.blocks)
        return try TextTower(reader, variant.layout, isCausal: variant.isCausal)
    }
}
