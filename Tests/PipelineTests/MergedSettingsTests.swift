import Configuration
import Foundation
import Journal
import Pipeline
import Testing

@Suite("Added triggers")
struct MergedSettingsTests {
    private let file = Settings(
        model: ModelSettings(use: "m"),
        cameras: ["door", "yard"].map { CameraSettings(name: $0, source: .command([$0])) },
        triggers: [TriggerSettings(name: "dog", prompt: ["a dog"], cameras: ["door"])]
    )

    private func addition(_ name: String, _ more: String = "") -> Addition {
        Addition(name: name, definition: #"{"name":"\#(name)","prompt":"a cat"\#(more)}"#, added: Date())
    }

    @Test("they stand behind the file's, in their order, on all cameras that there are")
    func order() {
        let merged = MergedSettings(file: file, additions: [addition("z"), addition("a", #","cameras":["yard"]"#)])
        #expect(merged.settings.triggers.map(\.name) == ["dog", "z", "a"])
        #expect(merged.settings.triggers[0] == file.triggers[0])
        #expect(
            merged.settings.triggers[1] == TriggerSettings(name: "z", prompt: ["a cat"], cameras: ["door", "yard"])
        )
        #expect(merged.settings.triggers[2].cameras == ["yard"])
        #expect(merged.added == ["z", "a"])
        #expect(merged.warnings.isEmpty)
    }

    @Test("the file's is in force where both have a name, and that is said")
    func nameOfTheFile() {
        let merged = MergedSettings(file: file, additions: [addition("dog")])
        #expect(merged.settings == file)
        #expect(merged.added.isEmpty)
        #expect(
            merged.warnings
                == ["the trigger dog that was added is not in force: the configuration has one of that name"]
        )
    }

    @Test("one that makes no sense any more is left out, and that is said")
    func lostCamera() {
        let merged = MergedSettings(
            file: file,
            additions: [
                addition("cat", #","cameras":["gate"]"#), addition("bird"),
                Addition(name: "x", definition: "{", added: Date()),
            ]
        )
        #expect(merged.added == ["bird"])
        #expect(merged.warnings.count == 2)
        #expect(
            merged.warnings.first
                == "the trigger cat that was added is not in force: there is no camera `gate`; there are `door` and `yard`"
        )
    }
}
