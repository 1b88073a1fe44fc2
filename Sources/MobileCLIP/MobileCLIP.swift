/// MobileCLIP: published checkpoints in, embeddings out.
///
/// - `Checkpoint/` reads `.safetensors` and PyTorch `.pt` files into named tensors; nothing in a file is ever executed.
/// - `Layers/` folds the train-time branches and holds each tower as a tree of plain layers in the published layout.
/// - `Reference/` runs those layers with plain loops: slow, obvious, and what the tests hold everything against.
/// - `Encoder/` is the fast path: weights packed once, one arena, vector kernels.
/// - `Text/` is the tokenizer.
///
/// It is not a tensor library: it can run the models it describes and nothing else. It knows nothing of cameras, prompts
/// or thresholds; similarity is the business of `Matching`.
///
/// Model facts: Vasu et al., *MobileCLIP*, arXiv 2311.17049; *MobileOne*, 2206.04040; *FastViT*, 2303.14189.
public enum MobileCLIP {
    /// The version of the published preprocessing that embeddings are made with; part of every `ModelIdentity`.
    public static let preprocessingVersion = 1
}

/// Why a model cannot be used, in words for the person who chose the file.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    public let path: String
    /// What is wrong with it and, where there is something to do, what to do.
    public let problem: String

    /// An error about `path`.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// `path: problem`.
    public var description: String { "\(path): \(problem)" }
}
