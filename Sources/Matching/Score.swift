import Foundation

/// What matching says of one prompt and one crop.
public struct Score: Sendable, Equatable {
    /// The cosine of the angle between prompt and crop, −1…1.
    public var similarity: Double
    /// The prompt's share, 0…1, of the softmax of logit scale × cosine over itself and its rivals.
    public var probability: Double
    /// The similarity less that of the best rival, −2…2.
    public var margin: Double
    /// The rival that came closest, in its own words.
    public var rival: String?

    /// A score of the given parts.
    public init(similarity: Double, probability: Double, margin: Double, rival: String?) {
        self.similarity = similarity
        self.probability = probability
        self.margin = margin
        self.rival = rival
    }
}

/// What a trigger looks for, among its rivals: a described scene, pictures, or both.
///
/// Words compete with words and pictures with pictures. Where there are both, a crop has the score of the side on which the
/// probability is the greater, of words where they are the same.
public struct Matcher: Sendable {
    /// What is looked for in words.
    public let prompt: Prompt?
    /// What that competes with.
    public let rivals: [Prompt]
    /// What is looked for in pictures.
    public let pictures: PictureContest?
    /// What cosines are multiplied by before the softmax.
    package let logitScale: Double
    /// All that a crop is compared with: prompt and rivals, then pictures.
    let embeddings: [[Float]]

    /// - Parameters:
    ///   - prompt: nil where only pictures are looked for.
    ///   - rivals: one that says the same as the prompt is left out, since a prompt cannot lose against itself, and so is
    ///     one that says the same as another: it would count twice. Case and spacing say nothing.
    ///   - logitScale: what the model multiplies cosines by before a softmax; about 67 to 100.
    public init(prompt: Prompt?, rivals: [Prompt], pictures: PictureContest? = nil, logitScale: Double) {
        precondition(prompt != nil || pictures != nil, "something is looked for")
        self.prompt = prompt
        var said = Set(prompt?.phrasings.map(Self.spoken) ?? [])
        let competing = rivals.filter { rival in
            let phrasings = rival.phrasings.map(Self.spoken)
            guard said.isDisjoint(with: phrasings) else { return false }
            said.formUnion(phrasings)
            return true
        }
        self.rivals = competing
        self.pictures = pictures
        self.logitScale = logitScale
        let words = prompt.map { [$0] + competing } ?? []
        embeddings = words.map(\.embedding) + (pictures?.embeddings ?? [])
    }

    /// The score of a crop.
    ///
    /// - Parameter embedding: a unit vector of the prompts' length.
    public func score(_ embedding: [Float]) -> Score {
        score { Self.cosine(embeddings[$0], embedding) }
    }

    /// The score of a crop whose cosines are known.
    ///
    /// - Parameter cosine: that of each of ``embeddings``, by its place.
    func score(_ cosine: (Int) -> Double) -> Score {
        let words = prompt == nil ? nil : scoreOfWords(cosine)
        let first = prompt == nil ? 0 : 1 + rivals.count
        guard let seen = pictures?.score({ cosine(first + $0) }) else {
            return words ?? Score(similarity: -1, probability: 0, margin: -2, rival: nil)
        }
        guard let words, words.probability >= seen.probability else { return seen }
        return words
    }

    private func scoreOfWords(_ cosine: (Int) -> Double) -> Score {
        let similarity = cosine(0)
        var best = -Double.infinity
        var rival: String?
        var others = 0.0
        for (place, candidate) in rivals.enumerated() {
            let value = cosine(place + 1)
            // Relative to the prompt's own logit, so that the exponent of a sure winner does not overflow.
            others += exp(logitScale * (value - similarity))
            if value > best { (best, rival) = (value, candidate.phrasings.first) }
        }
        return Score(
            similarity: similarity,
            probability: 1 / (1 + others),
            margin: rival == nil ? similarity : similarity - best,
            rival: rival
        )
    }

    /// The phrase as the tokenizer hears it.
    private static func spoken(_ phrase: String) -> String {
        phrase.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// In double precision and in order: the sum does not depend on how wide the machine's vectors are.
    private static func cosine(_ one: [Float], _ other: [Float]) -> Double {
        var sum = 0.0
        for index in 0..<min(one.count, other.count) { sum += Double(one[index]) * Double(other[index]) }
        return sum
    }
}
