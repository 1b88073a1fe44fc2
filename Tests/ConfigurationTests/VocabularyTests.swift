import Configuration
import Foundation
import Testing

@Suite struct VocabularyTests {
    /// The settings of a configuration that names a vocabulary of this text, and the problems, without the folder.
    private func read(_ text: String, options: String = "") throws -> (DescribeSettings?, problems: [String]) {
        try read(Data(text.utf8), options: options)
    }

    private func read(_ data: Data, options: String = "") throws -> (DescribeSettings?, problems: [String]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vocabulary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try data.write(to: folder.appendingPathComponent("words.txt"))
        let yaml = topYAML("describe: {vocabulary: words.txt\(options)}")
        do {
            return (try Settings.parse(yaml, file: "s.yaml", folder: folder.path).describe, [])
        } catch {
            return (nil, error.problems.map { $0.description.replacingOccurrences(of: folder.path, with: "") })
        }
    }

    @Test func absentIsOffAndEmptyIsBuiltIn() throws {
        #expect(try parse(topYAML("")).describe == nil)
        #expect(try parse(topYAML("describe: {}")).describe == DescribeSettings())
        #expect(try parse(topYAML("describe:")).describe == DescribeSettings(vocabulary: .builtin, top: 3))
        #expect(try parse(topYAML("describe: {vocabulary: builtin, top: 7}")).describe?.top == 7)
    }

    @Test func builtinIsWhole() {
        let names = [
            "place", "light", "weather", "doors", "lamps", "people", "activity", "vehicles", "animals", "objects",
            "nothing",
        ]
        #expect(Vocabulary.builtin.groups.map(\.name) == names)
        #expect((300...400).contains(Vocabulary.builtin.labelCount))
        #expect(Vocabulary.builtin.groups.filter(\.isOne).map(\.name) == names.prefix(5) + ["activity"])
        #expect(Vocabulary.builtin.texts.count == Set(Vocabulary.builtin.texts).count)
        // Negations are what a model does not understand.
        for text in Vocabulary.builtin.texts {
            #expect(text == text.trimmingCharacters(in: .whitespaces) && !text.isEmpty && !text.contains("a photo of"))
        }
    }

    @Test func aFileHasGroupsLabelsAndPhrasings() throws {
        let text = """
            # words of a farm
            a milk churn
            [weather] one   # the sky
            - dry weather | a clear sky
            rain = it is raining | rainy weather\r
            hail

            [animals] else an animal
            a cow = a cow
            - an empty meadow
            """
        let (settings, problems) = try read(text, options: ", top: 1")
        #expect(problems.isEmpty)
        let vocabulary = try #require(settings?.vocabulary)
        #expect(settings?.top == 1)
        #expect(vocabulary.groups.map(\.name) == ["things", "weather", "animals"])
        #expect(vocabulary.groups.map(\.isOne) == [false, true, false])
        #expect(vocabulary.groups.map(\.general) == [nil, nil, "an animal"])
        #expect(vocabulary.groups[0].descriptions.map(\.label) == ["a milk churn"])
        #expect(vocabulary.groups[0].descriptions[0].phrasings == ["a milk churn"])
        #expect(vocabulary.groups[1].descriptions.map(\.label) == [nil, "rain", "hail"])
        #expect(vocabulary.groups[1].descriptions[0].phrasings == ["dry weather", "a clear sky"])
        #expect(vocabulary.groups[1].descriptions[1].phrasings == ["it is raining", "rainy weather"])
        #expect(vocabulary.labelCount == 4)
        #expect(
            vocabulary.texts == [
                "a milk churn", "dry weather", "a clear sky", "it is raining", "rainy weather", "hail", "a cow",
                "an empty meadow",
            ]
        )
    }

    @Test func oneDescriptionALineIsEnough() throws {
        let vocabulary = try #require(try read("a red van\na blue van\n").0?.vocabulary)
        #expect(vocabulary.groups.map(\.name) == ["things", "nothing"])
        #expect(vocabulary.groups[1].descriptions.allSatisfy { $0.label == nil })
        #expect(vocabulary.groups[1].descriptions.contains { $0.phrasings == ["an empty street"] })
        #expect(vocabulary.labelCount == 2)
    }

    @Test(arguments: [
        ("[weather\nrain", "1:1: a heading ends with `]`"),
        ("\n  [ ]\na dog", "2:3: a heading has a name, as in `[weather]`"),
        ("[a] two\na dog", "1:1: after a heading there can be `one` or `else` and a label, not `two`"),
        ("[a]\na dog\n[a]\na cat", "3:1: there is a group `a` already"),
        ("[a]\n[b]\na dog", "1:1: the group `a` has no description"),
        (
            "[a] one\nrain",
            "1:1: of the group `a` its only description would always be told: add what is there when it is not, "
                + "as a line that begins with `- `"
        ), ("a dog\na cat\n a dog = hound", "3:2: the label `a dog` is in line 1 already"),
        ("a dog, a cat", "1:1: the label `a dog, a cat` has a comma or a `|` in it"),
        ("= a dog", "1:1: a label is empty"), ("a dog = ", "1:1: a phrasing is empty"),
        ("-", "1:1: a phrasing is empty"),
        ("a dog = a | | b", "1:1: a phrasing is empty"), ("# nothing\n\n", "1:1: there is no description in it"),
        ("- an empty room", "1:1: there is no description in it"),
    ])
    func mistakesAreTold(_ text: String, _ problem: String) throws {
        #expect(try read(text).problems == ["s.yaml:3:24: `vocabulary`: /words.txt:\(problem)"])
    }

    @Test func severalMistakesAreToldInTheirOrder() throws {
        #expect(try read("[x\n= a\n[y] three\na").problems.count == 3)
    }

    @Test func filesThatAreNone() throws {
        let problems = problemsOf(topYAML("describe: {vocabulary: none/words.txt}"))
        #expect(problems.count == 1)
        #expect(problems.first?.contains("words.txt:1:1: cannot be read: No such file") == true, "\(problems)")
        #expect(try read(Data([0xFF, 0xFE, 0x61])).problems.first?.contains("it is not UTF-8") == true)
        let folder = problemsOf(topYAML("describe: {vocabulary: /}"))
        #expect(folder.first?.contains("Not a regular file") == true, "\(folder)")
        let large = Data(repeating: UInt8(ascii: "a"), count: 1 << 21)
        #expect(try read(large).problems.first?.contains("more than 1048576 bytes") == true)
        let many = (0..<2001).map { "thing \($0)" }.joined(separator: "\n")
        #expect(try read(many).problems.first?.contains("at most 2000") == true)
        #expect(problemsOf(topYAML("describe: {top: 0}")).count == 1)
        let unknown = problemsOf(topYAML("describe: {vocabulry: builtin}"))
        #expect(unknown.first?.contains("did you mean `vocabulary`") == true)
    }
}
