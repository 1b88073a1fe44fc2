import Configuration
import Testing

/// Files that are meant to exhaust their reader: each must be refused in words, and at once.
@Suite struct HostileInputTests {
    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
    func endlessNesting(_ opening: String) {
        let problems = problemsOf("a:\n  " + String(repeating: opening, count: 100_000))
        #expect(problems.count == 1)
    }

    @Test func nestingIsBounded() {
        let deepest = 99
        let allowed = "a: " + String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)
        let refused = "a: [" + String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest) + "]"
        #expect(problemsOf(allowed).first?.hasPrefix("1:1: unknown key `a`") == true)
        #expect(problemsOf(refused) == ["1:103: this is nested more than 100 levels deep"])
    }

    @Test func indentedNestingIsBounded() {
        let yaml = (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(problemsOf(yaml) == ["101:101: this is nested more than 100 levels deep"])
    }

    @Test func aliasBomb() {
        var yaml = "l0: &l0 [a, a, a, a, a, a, a, a, a, a]\n"
        for level in 1...30 {
            let uses = (0..<10).map { _ in "*l\(level - 1)" }.joined(separator: ", ")
            yaml += "l\(level): &l\(level) [\(uses)]\n"
        }
        let problems = problemsOf(yaml)
        #expect(problems.count == 1)
        #expect(problems[0].hasSuffix(": there are more than 100000 values, counting each use of an alias"))
    }

    @Test func aliasBombInAKey() {
        var yaml = "l0: &l0 [a, a]\n"
        for level in 1...60 { yaml += "l\(level): &l\(level) [*l\(level - 1), *l\(level - 1)]\n" }
        #expect(problemsOf(yaml + "[*l60]: a\n") == ["62:1: a key must be text"])
        #expect(problemsOf(yaml + "*l60 : a\n") == ["62:1: an alias cannot be a key"])
    }

    @Test func aliasWithinItself() {
        #expect(problemsOf("a: &a [*a]") == ["1:8: an alias without its anchor; quote the text if it begins with `*`"])
    }

    @Test func tooLarge() {
        let line = "# " + String(repeating: "x", count: 1021) + "\n"
        let largest = topYAML("") + String(repeating: line, count: 1023)
        #expect(largest.utf8.count <= 1 << 20)
        #expect(problemsOf(largest) == [])
        #expect(
            problemsOf(largest + line) == ["1:1: the file is larger than 1 MiB, the most that a configuration may have"]
        )
    }

    @Test func hundredsOfProblemsAreCounted() {
        let keys = (0..<250).map { "unknown-key-\($0): 1\n" }.joined()
        let problems = problemsOf(topYAML(keys))
        #expect(problems.count == 101)
        #expect(problems.first?.hasPrefix("3:1: unknown key `unknown-key-0`") == true)
        #expect(problems.last == "103:1: 150 more from here on")
    }

    @Test func thousandsOfNames() {
        let cameras = (0..<10_000).map { "  - {name: camera-\($0), file: a}\n" }.joined()
        let names = (0..<10_000).map { "kamera-\($0)" }.joined(separator: ", ")
        let yaml = "model: {use: m}\ncameras:\n\(cameras)triggers: [{name: a, prompt: b, cameras: [\(names)]}]\n"
        let problems = problemsOf(yaml)
        #expect(problems.count == 101)
        #expect(problems.first == "10003:43: there is no camera `kamera-0`")
    }
}
