import COpenBLAS
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

    /// What similarities are multiplied by before a softmax: e to the checkpoint's own `logit_scale`.
    public let logitScale: Float

    /// Recognises the model and reads its scale. Weights are read, folded and packed by `makeImageTower` and
    /// `makeTextEncoder`.
    ///
    /// - Throws: `ModelError` where the checkpoint is of another architecture, or OpenBLAS cannot be had.
    public init(_ checkpoint: Checkpoint) throws(ModelError) {
        if let problem = openblas_load() {
            throw ModelError(path: checkpoint.path, problem: String(cString: problem))
        }
        self.checkpoint = checkpoint
        variant = try Variant(recognising: checkpoint)
        let reader = WeightReader(checkpoint: checkpoint)
        let scale = try reader.floats("logit_scale", [])[0]
        guard scale > 0, scale < 10 else {
            throw ModelError(path: checkpoint.path, problem: "its logit_scale is \(scale); published ones are near 4.2")
        }
        logitScale = Foundation.exp(scale)
        identity = ModelIdentity(digest: checkpoint.digest(), precision: "f32")
    }

    /// The length of its embeddings; 0 where the checkpoint has no text tower.
    public var embeddingWidth: Int { TextTower.embeddingWidth(checkpoint) ?? 0 }

    /// How many tokens of the vocabulary it has learned.
    public var learnedTokens: Int { TokenEmbedding.learnedCount(checkpoint) }

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

    /// The image tower folded, in the published layout.
    package func imageTower() throws(ModelError) -> ImageTower {
        try ImageTower(WeightReader(checkpoint: checkpoint))
    }

    /// The text tower folded, in the published layout.
    package func textTower() throws(ModelError) -> TextTower {
        try TextTower(WeightReader(checkpoint: checkpoint))
    }
}
