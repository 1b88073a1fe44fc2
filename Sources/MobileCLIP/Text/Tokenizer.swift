import CVocabulary

/// CLIP's byte-pair tokenizer: text in, token ids out, as OpenAI's `simple_tokenizer.py` gives them.
///
/// Radford et al., *Learning Transferable Visual Models From Natural Language Supervision*, §2.4; byte-pair encoding:
/// Sennrich et al., arXiv 1508.07909.
public struct Tokenizer: Sendable {
    /// 256 bytes, 256 bytes at the end of a word, 48,894 merges, start and end.
    public static let vocabularySize = 49_408
    /// The token before every text.
    public static let start = 49_406
    /// The token after every text; the highest id there is.
    public static let end = 49_407

    /// Only so much of a text is looked at: 77 tokens of ordinary words are a tenth of it, and merging a word takes time
    /// that grows with the square of its length.
    private static let mostScalars = 4096

    /// The most tokens of a text, start and end included.
    public let context: Int
    /// The tokens that the model has learned, ascending; nil when it has learned all.
    private let learned: [Int]?

    /// - Parameters:
    ///   - context: the most tokens of a text; 77 in every published model.
    ///   - learned: the tokens that the model has learned, ascending; nil for all, as in every published model.
    public init(context: Int = 77, learned: [Int]? = nil) {
        self.context = context
        self.learned = learned
    }

    /// The ids of `text` between start and end; cut to the context, the end kept, where it is longer. Not padded.
    public func tokens(of text: String) -> [Int] {
        [Self.start] + inner(text).prefix(max(context - 2, 0)) + [Self.end]
    }

    /// What of a prompt's phrases the model does not hear: a line for each phrase that is not heard whole.
    public func complaints(about phrases: [String]) -> [String] {
        phrases.compactMap { phrase in complaint(about: phrase).map { "“\(phrase.prefix(60))”: \($0)" } }
    }

    /// What of a text the model does not hear, in words; nil when it hears all of it.
    package func complaint(about text: String) -> String? {
        let words = words(of: text)
        let tokens = words.flatMap(\.tokens)
        if tokens.isEmpty || tokens.contains(where: { $0 >= Self.start }) {
            return "it says nothing that a model can hear"
        }
        var complaints: [String] = []
        if tokens.count > context - 2 {
            complaints.append("it is longer than \(context - 2) tokens, and its end is not heard")
        }
        if let complaint = complaint(aboutUnknown: words) { complaints.append(complaint) }
        return complaints.isEmpty ? nil : complaints.joined(separator: "; ")
    }

    /// Names the words that the model has not learned: to it they all sound the same. Marks between words mean little,
    /// and what is beyond the context is not heard anyway.
    private func complaint(aboutUnknown words: [(text: String, tokens: [Int])]) -> String? {
        guard let learned else { return nil }
        var unknown: [String] = []
        var room = context - 2
        for word in words {
            let heard = word.tokens.prefix(max(room, 0))
            room -= word.tokens.count
            let isKnown = heard.allSatisfy { TokenEmbedding.index(of: $0, in: learned) != nil }
            guard !isKnown, !unknown.contains(word.text) else { continue }
            if word.text.contains(where: { $0.isLetter || $0.isNumber }) { unknown.append(word.text) }
        }
        guard !unknown.isEmpty else { return nil }
        let named = unknown.prefix(5).map { "“\($0.prefix(40))”" }.joined(separator: ", ")
        let more = unknown.count > 5 ? " and \(unknown.count - 5) more" : ""
        return "the model never learned the \(unknown.count == 1 ? "word" : "words") \(named)\(more); "
            + "say it in other words, or use a model that knows more"
    }

    /// The tokens between start and end: all of them, or some more than the context has room for.
    private func inner(_ text: String) -> [Int] {
        words(of: text).flatMap(\.tokens)
    }

    /// The words of a text with their tokens, as `inner` has them.
    private func words(of text: String) -> [(text: String, tokens: [Int])] {
        var words: [(text: String, tokens: [Int])] = []
        var count = 0
        let cleaned = String(String.UnicodeScalarView(TextCleaning.clean(text).unicodeScalars.prefix(Self.mostScalars)))
        for word in WordSplitter.words(of: cleaned) {
            let tokens =
                switch word {
                case "<|startoftext|>": [Self.start]
                case "<|endoftext|>": [Self.end]
                default: Self.merge(word)
                }
            words.append((word, tokens))
            count += tokens.count
            guard count < context else { break }
        }
        return words
    }

    private struct Pair: Hashable {
        let first: Int32
        let second: Int32
    }

    private struct Merge {
        let rank: Int32
        let merged: Int32
    }

    /// Joins the neighbours that were merged earliest in training, until no pair of neighbours was merged.
    private static func merge(_ word: String) -> [Int] {
        var symbols = word.utf8.map { byteSymbols[Int($0)] }
        guard let last = symbols.indices.last else { return [] }
        symbols[last] += 256  // a byte that ends a word is a symbol of its own
        while symbols.count > 1 {
            var best: (pair: Pair, merge: Merge)?
            for (first, second) in zip(symbols, symbols.dropFirst()) {
                let pair = Pair(first: first, second: second)
                if let merge = merges[pair], merge.rank < best?.merge.rank ?? .max { best = (pair, merge) }
            }
            guard let best else { break }
            var joined: [Int32] = []
            var i = 0
            while i < symbols.count {
                if i + 1 < symbols.count, symbols[i] == best.pair.first, symbols[i + 1] == best.pair.second {
                    joined.append(best.merge.merged)
                    i += 2
                } else {
                    joined.append(symbols[i])
                    i += 1
                }
            }
            symbols = joined
        }
        return symbols.map(Int.init)
    }

    /// The printable stand-in of every byte, as GPT-2's byte-level vocabulary has it: printable bytes stand for
    /// themselves, the others for the code points from 256 up.
    private static let byteCharacters: [(byte: Int, scalar: Unicode.Scalar)] = {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        let others = (0...255).filter { !printable.contains($0) }
        return (printable.map { ($0, $0) } + others.enumerated().map { ($1, 256 + $0) }).compactMap { byte, code in
            Unicode.Scalar(UInt32(code)).map { (byte, $0) }
        }
    }()

    /// The symbol of every byte within a word.
    private static let byteSymbols: [Int32] = {
        var symbols = [Int32](repeating: 0, count: 256)
        for (index, entry) in byteCharacters.enumerated() { symbols[entry.byte] = Int32(index) }
        return symbols
    }()

    private static let merges: [Pair: Merge] = {
        var symbols: [String: Int32] = [:]
        for (index, entry) in byteCharacters.enumerated() {
            symbols[String(entry.scalar)] = Int32(index)
            symbols[String(entry.scalar) + "</w>"] = Int32(index + 256)
        }
        let text = String(
            decoding: UnsafeBufferPointer(start: clip_merges(), count: clip_merges_count()),
            as: UTF8.self
        )
        let lines = text.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
        for (rank, line) in lines.enumerated() where line.count == 2 {
            symbols[String(line[0] + line[1])] = Int32(512 + rank)
        }
        var merges: [Pair: Merge] = [:]
        merges.reserveCapacity(lines.count)
        for (rank, line) in lines.enumerated() where line.count == 2 {
            guard let first = symbols[String(line[0])], let second = symbols[String(line[1])],
                let merged = symbols[String(line[0] + line[1])]
            else { continue }
            merges[Pair(first: first, second: second)] = Merge(rank: Int32(rank), merged: merged)
        }
        return merges
    }()
}
