/// The module `Evaluation` says how well a model tells pictures: what belongs to what is read from folders and files, and
/// counted from embeddings.
///
/// - `LabelledPictures`: pictures and the classes that they belong to, from folders or a list.
/// - `CaptionedPictures`: pictures and what is said of them, from a list.
/// - `Classification`, `Retrieval`: the counts.
///
/// It encodes nothing: embeddings are for whoever has the model. All of it is plain values; only the readers touch files.
///
/// How it is counted: Radford et al., *Learning Transferable Visual Models From Natural Language Supervision*, §3.1; Karpathy
/// and Fei-Fei, *Deep Visual-Semantic Alignments*, §4.1, for recall.
public enum Evaluation {
    /// Whether a file's name is that of a picture that can be read.
    package static func isPicture(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".jpg", ".jpeg", ".png"].contains(where: lower.hasSuffix) && !name.hasPrefix(".")
    }
}

/// What is wrong with the folder or list that pictures are read from, in words for a person.
public struct EvaluationProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file with its line, or the folder, and what is wrong there.
    public let description: String

    /// A problem in words.
    public init(_ description: String) {
        self.description = description
    }
}
