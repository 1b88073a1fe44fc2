/// Words that say what is not there. CLIP's text tower hardly hears them: "a street without cars" lies close to a street
/// with cars.
struct Negation {
    /// Such words, as written, each once.
    let words: [String]
    /// The phrase without them: what the model hears. Empty where nothing else is said.
    let affirmed: String

    /// All such words of a phrase; nil when there is none.
    init?(in phrase: String) {
        var negating: [String] = []
        var rest: [String] = []
        for word in phrase.split(whereSeparator: \.isWhitespace).map(String.init) {
            guard let affirmation = Self.affirmation(of: Self.plain(word)) else {
                rest.append(word)
                continue
            }
            if !negating.contains(word.trimmingPunctuation) { negating.append(word.trimmingPunctuation) }
            if !affirmation.isEmpty { rest.append(affirmation) }
        }
        guard !negating.isEmpty else { return nil }
        words = negating
        affirmed = rest.joined(separator: " ")
    }

    /// What is left of a negating word; nil for any other.
    private static func affirmation(of word: String) -> String? {
        switch word {
        case "without": "with"
        case "no", "not", "never", "neither": ""
        case "nor": "or"
        case "nobody": "somebody"
        case "nothing", "none": "something"
        case "cannot", "can't": "can"
        case "won't": "will"
        case _ where word.hasSuffix("n't"): String(word.dropLast(3))
        default: nil
        }
    }

    private static func plain(_ word: String) -> String {
        word.lowercased().replacing("’", with: "'").trimmingPunctuation
    }
}

extension String {
    fileprivate var trimmingPunctuation: String {
        var text = self[...]
        while let last = text.last, ",.;:!?".contains(last) { text.removeLast() }
        return String(text)
    }
}

extension TriggerSettings {
    /// What of its descriptions no such model understands, in words, with what to write instead.
    public var negationWarnings: [String] {
        (prompt + against).compactMap { phrase in
            guard let negation = Negation(in: phrase) else { return nil }
            let words = negation.words.map { quoted($0) }.joined(separator: " and ")
            let complaint = "\(quoted(phrase)): the model does not understand \(words), and hears "
            guard negation.affirmed.contains(where: { $0.isLetter || $0.isNumber }) else {
                return complaint + "nothing else; describe what is there instead"
            }
            let isRival = against.contains(phrase)
            let cure =
                isRival
                ? "describe what is there instead"
                : against.contains(negation.affirmed)
                    ? "describe what is there instead; that it has \(quoted(negation.affirmed)) as a rival is right"
                    : "describe what is there instead, and add \(quoted(negation.affirmed)) to `against`"
            return complaint + "much the same as in \(quoted(negation.affirmed)); \(cure)"
        }
    }
}
