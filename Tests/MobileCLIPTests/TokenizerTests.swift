import MobileCLIP
import TestSupport
import Testing

@Suite("Tokenizer")
struct TokenizerTests {
    @Test("every reference text has the published tokens")
    func referenceTexts() throws {
        let cases = try ReferenceData.tokenCases()
        #expect(cases.count == 50)
        for item in cases { #expect(Tokenizer().tokens(of: item.text) == item.tokens, "\(item.text)") }
    }

    @Test("other scripts, sigmas, forms, quotes, entities and damage have the published tokens")
    func moreTexts() {
        for (text, tokens) in MoreTokens.cases {
            #expect(Tokenizer().tokens(of: text) == [Tokenizer.start] + tokens + [Tokenizer.end], "\(text)")
        }
    }

    @Test("a text is cut to the context with its end kept", arguments: [2, 3, 10, 77])
    func context(size: Int) {
        let tokens = Tokenizer(context: size).tokens(of: String(repeating: "overlength ", count: 100))
        #expect(tokens.count == size)
        #expect(tokens.first == Tokenizer.start)
        #expect(tokens.last == Tokenizer.end)
    }

    @Test("what a model does not hear of a text is told")
    func complaints() {
        let tokenizer = Tokenizer()
        #expect(tokenizer.complaint(about: "a red balloon") == nil)
        #expect(tokenizer.complaint(about: String(repeating: "cat ", count: 75)) == nil)
        #expect(tokenizer.complaint(about: String(repeating: "cat ", count: 76))?.contains("75 tokens") == true)
        for empty in ["", "  ", "\u{7}", "<|endoftext|>"] {
            #expect(tokenizer.complaint(about: empty)?.contains("nothing") == true, "\(empty)")
        }
    }

    @Test("hostile texts end quickly")
    func hostile() {
        let texts = [
            String(repeating: "a", count: 1_000_000), String(repeating: "&", count: 100_000),
            String(repeating: "e\u{301}", count: 100_000), "\0\u{FFFF}", String(repeating: "👨‍👩‍👧‍👦", count: 10_000),
        ]
        for text in texts { #expect(Tokenizer().tokens(of: text).count <= 77) }
    }
}
