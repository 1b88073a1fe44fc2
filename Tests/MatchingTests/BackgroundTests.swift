import Foundation
import Matching
import Testing

/// What Docs/Triggers.md promises.
@Suite("The background")
struct BackgroundTests {
    @Test("the document lists it, all of it and in order")
    func documented() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let url = tests.appending(path: "../../Docs/Triggers.md").standardizedFileURL
        let document = try String(contentsOf: url, encoding: .utf8)
        let quote = document.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("> ") }
        let listed = quote.map { $0.dropFirst(2) }.joined(separator: " ")
        #expect(listed == Matching.background.joined(separator: " · "))
    }
}
