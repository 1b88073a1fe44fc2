/// Words that say what is not there. CLIP's text tower hardly hears them: "a street without cars" lies close to a street
/// with cars.
struct Negation {
    /// The word, as written.
    let word: String
    /// The phrase without it: what the model hears.
    let affirmed: String

    /// The first such word of a phrase; nil when there is none.
    init?(in phrase: String) {
        var words = phrase.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let index = words.firstIndex(where: { Self.affirmation(of: Self.plain($0)) != nil }) else { return nil }
        word = words[index].trimmingPunctuation
        let affirmation = Self.affirmation(of: Self.plain(words[index])) ?? ""
        if affirmation.isEmpty { words.remove(at: index) } else { words[index] = affirmation }
        affirmed = words.joined(separator: " ")
    }

    /// What is left of a negating word; nil for any other.
    private static func affirmation(of word: String) -> String? {
        switch word {
        case "without": "with"
        case "no", "not", "never", "neither", "nor": ""
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
            let isRival = against.contains(phrase)
            let cure =
                isRival
                ? "describe what is there instead"
                : against.contains(negation.affirmed)
                    ? "describe what is there instead; that it has \(quoted(negation.affirmed)) as a rival is right"
                    : "describe what is there instead, and add \(quoted(negation.affirmed)) to `against`"
            return
                "\(quoted(phrase)): the model does not understand \(quoted(negation.word)), and hears much the same as in "
                + "\(quoted(negation.affirmed)); \(cure)"
        }
    }
}
