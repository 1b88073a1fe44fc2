/// Cuts cleaned text into the words that byte-pair encoding works on, as the published pattern does:
/// `<|startoftext|>`, `<|endoftext|>`, `'s 't 're 've 'm 'll 'd`, a run of letters, a single digit, or a run of anything
/// else that is not white space.
enum WordSplitter {
    private static let literals = ["<|startoftext|>", "<|endoftext|>", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]
        .map { Array($0.unicodeScalars) }

    private enum Kind {
        case letter
        case number
        case space
        case other
    }

    static func words(of text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        let kinds = scalars.map(kind)
        var words: [String] = []
        var at = 0
        while at < scalars.count {
            var end = at + 1
            if let literal = literals.first(where: { scalars[at...].starts(with: $0) }) {
                end = at + literal.count
            } else {
                switch kinds[at] {
                case .space:
                    at += 1
                    continue
                case .number: break
                case .letter, .other: while end < scalars.count, kinds[end] == kinds[at] { end += 1 }
                }
            }
            words.append(String(String.UnicodeScalarView(scalars[at..<end])))
            at = end
        }
        return words
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: scalar.properties.isWhitespace ? .space : .other
        }
    }
}
