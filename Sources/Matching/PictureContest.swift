import Foundation

/// A picture that is looked for, or that competes with it, ready to be compared with crops.
public struct PicturePrompt: Sendable, Equatable {
    /// What people call it: its path.
    public let name: String
    /// The unit vector of each of its squares.
    public let embeddings: [[Float]]

    /// - Parameter embeddings: one of each square, of equal lengths; they need not be unit vectors.
    public init(name: String, embeddings: [[Float]]) {
        self.name = name
        self.embeddings = embeddings.map(Prompt.normalized)
    }
}

/// Pictures that are looked for, among pictures that show the same without it.
///
/// A picture lies far nearer to any other than to a text, so pictures compete with pictures alone. The similarity is the
/// greatest cosine to a square of an example, the margin that less the greatest to a square of a rival, and the probability
/// 1 / (1 + exp(−``scale`` × margin)): the softmax of the best of both sides. More rivals of one kind so do not weigh more,
/// and squares that show the same on both sides, since the scene is elsewhere in the picture, have a probability of a half.
public struct PictureContest: Sendable, Equatable {
    /// What cosines are multiplied by. The checkpoint's logit scale was learned for words and pictures, whose cosines lie
    /// within a tenth; those of pictures spread several times as far. With this one a probability of 0.8 is a margin of
    /// 0.055, which Docs/Triggers.md measures.
    public static let scale = 25.0

    /// At least one.
    public let examples: [PicturePrompt]
    /// At least one.
    public let rivals: [PicturePrompt]

    /// Pictures of one model.
    public init(examples: [PicturePrompt], rivals: [PicturePrompt]) {
        precondition(!examples.isEmpty && !rivals.isEmpty, "pictures compete with pictures")
        self.examples = examples
        self.rivals = rivals
    }

    /// All that a crop is compared with: the squares of the examples, then those of the rivals.
    var embeddings: [[Float]] { (examples + rivals).flatMap(\.embeddings) }

    /// The score of a crop whose cosines are known.
    ///
    /// - Parameter cosine: that of each of ``embeddings``, by its place.
    func score(_ cosine: (Int) -> Double) -> Score {
        var place = 0
        var similarity = -Double.infinity
        for example in examples {
            for _ in example.embeddings {
                similarity = max(similarity, cosine(place))
                place += 1
            }
        }
        var best = -Double.infinity
        var name = ""
        for rival in rivals {
            for _ in rival.embeddings {
                let value = cosine(place)
                if value > best { (best, name) = (value, rival.name) }
                place += 1
            }
        }
        let margin = similarity - best
        return Score(
            similarity: similarity,
            probability: 1 / (1 + exp(-Self.scale * margin)),
            margin: margin,
            rival: name
        )
    }
}
