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

/// One prompt among its rivals.
public struct Matcher: Sendable {
    /// What is looked for.
    public let prompt: Prompt
    /// What it competes with.
    public let rivals: [Prompt]
    /// What cosines are multiplied by before the softmax.
    package let logitScale: Double

    /// - Parameters:
    ///   - rivals: one that says the same as the prompt is left out, since a prompt cannot lose against itself, and so is
    ///     one that says the same as another: it would count twice. Case and spacing say nothing.
    ///   - logitScale: what the model multiplies cosines by before a softmax; about 67 to 100.
    public init(prompt: Prompt, rivals: [Prompt], logitScale: Double) {
        self.prompt = prompt
        var said = Set(prompt.phrasings.map(Self.spoken))
        self.rivals = rivals.filter { rival in
            let phrasings = rival.phrasings.map(Self.spoken)
            guard said.isDisjoint(with: phrasings) else { return false }
            said.formUnion(phrasings)
            return true
        }
        self.logitScale = logitScale
    }

    /// The score of a crop.
    ///
    /// - Parameter embedding: a unit vector of the prompts' length.
    public func score(_ embedding: [Float]) -> Score {
        score(similarity: Self.cosine(prompt.embedding, embedding)) { Self.cosine($0.embedding, embedding) }
    }

    /// The score of a crop whose cosines are known.
    ///
    /// - Parameter cosine: that of each rival, asked for once each and in their order.
    func score(similarity: Double, _ cosine: (Prompt) -> Double) -> Score {
        var best = -Double.infinity
        var rival: String?
        var others = 0.0
        for candidate in rivals {
            let value = cosine(candidate)
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
