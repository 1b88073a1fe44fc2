import Configuration
import Testing

/// Text that looks like YAML's structure and is none, or the other way round: it must neither be refused before the
/// parser sees it, nor shift the place of a double key that follows it.
@Suite struct OutlineTests {
    @Test(arguments: [
        "|\n      *a : ? [b\n\n      name: c\n    ",
        ">-\n      a dog's\n       \"tail: {\n    ",
        "|2\n        ? b\n    ",
        ">  # *a :\n      b\n    ",
        "a dog's\n      'tail *b [c\n    ",
        "a {dog] on, a *sofa* & !chair",
        "'a dog: ''here'' # and\n\n      *there : {'",
        "\"a \\\" dog: # [\\\n      b ]\"",
        "a#b  # name: \"c",
        "[a, 'b: c, ]', \"d}\", e:f, -g]",
        "[\n      # [ { \"\n      a dog,\n      b\n    ]",
        "-a",
        ":a",
    ])
    func proseIsNoStructure(_ prompt: String) {
        #expect(problemsOf(trigger(prompt, "")) == [])
        let line = trigger(prompt, "").split(separator: "\n", omittingEmptySubsequences: false).count + 1
        #expect(
            problemsOf(trigger(prompt, "    name: b"))
                == ["\(line):5: the key `name` is already given at line 4"]
        )
    }

    private func trigger(_ prompt: String, _ last: String) -> String {
        """
        model: {use: m}
        cameras: [{name: door, device: /dev/video0}]
        triggers:
          - name: a
            prompt: \(prompt)
            hold: 1s
        """ + (last.isEmpty ? "" : "\n" + last)
    }

    @Test func equalKeysOfDifferentMappings() {
        let yaml = """
            model: {use: m}
            cameras:
            - name: a
              file: a
            - name: b
              file: a
            -
              name: c
              file: a
            - {name: d, file: a}
            - {name: e, file: a}
            """
        #expect(problemsOf(yaml) == [])
        #expect(problemsOf(yaml + "\ncameras: []") == ["12:1: the key `cameras` is already given at line 2"])
    }
}
