import Hooks
import Testing

@Suite struct HookErrorLinesTests {
    private func lines(_ pieces: [String]) -> (lines: [String], unshown: Int) {
        var errors = HookErrorLines()
        var said: [String] = []
        for piece in pieces {
            Array(piece.utf8).withUnsafeBytes { errors.feed($0) { said.append($0) } }
        }
        errors.finish { said.append($0) }
        return (said, errors.unshown)
    }

    @Test func linesAreSaidWhereverTheyAreCut() {
        #expect(lines(["a", "b\nc", "", "d\n", "\n  \n", "e"]).lines == ["ab", "cd", "e"])
        #expect(lines(["a\u{1B}[31m\tb\r\n"]).lines == ["a [31m b "])
    }

    @Test func theFirstTwentyAreSaid() {
        let result = lines((1...33).map { "line \($0)\n" } + ["and one"])
        #expect(result.lines == (1...20).map { "line \($0)" })
        #expect(result.unshown == 14)
    }

    @Test func longLinesAreCut() {
        #expect(lines([String(repeating: "x", count: 500)]).lines == [String(repeating: "x", count: 500)])
        #expect(lines([String(repeating: "x", count: 90_000)]).lines == [String(repeating: "x", count: 500) + "…"])
    }
}
