import Configuration
import Testing

@Suite struct SchemaTests {
    @Test func keysOfAMapping() {
        #expect(Schema.keys(at: "") == ["model", "cameras", "triggers", "describe", "socket", "journal", "batch"])
        #expect(Schema.keys(at: "socket") == ["path", "mode", "operators"])
        #expect(Schema.keys(at: "cameras[]").contains("look"))
        #expect(Schema.keys(at: "camera").isEmpty)
    }

    @Test func noneIsTwice() {
        #expect(Set(Schema.keyPaths).count == Schema.keyPaths.count)
    }

    /// A key that the reader knew and never read would let any value pass.
    @Test(arguments: Schema.keyPaths)
    func everyKeyIsRead(_ keyPath: String) {
        let wrong = "[[wrong]]"
        let yaml =
            switch keyPath.split(separator: ".").map(String.init) {
            case let path where path.count == 1:
                ["model: {use: m}", "cameras: [{name: a, file: a}]"].filter { !$0.hasPrefix(keyPath) }
                    .joined(separator: "\n") + "\n\(keyPath): \(wrong)"
            case let path where path.count == 4:
                "model: {use: m}\ncameras:\n  - \(path[1]): {regions: [{\(path[3]): \(wrong)}]}"
            case let path where path.count == 3 && path[0] == "triggers[]":
                topYAML("triggers:\n  - \(path[1]): {\(path[2]): \(wrong)}")
            case let path where path.count == 3:
                "model: {use: m}\ncameras:\n  - {name: a, file: a}\n  - \(path[1]): {\(path[2]): \(wrong)}"
            case let path where path[0] == "cameras[]":
                "model: {use: m}\ncameras:\n  - {name: a, file: a}\n  - \(path[1]): \(wrong)"
            case let path where path[0] == "triggers[]":
                topYAML("triggers:\n  - \(path[1]): \(wrong)")
            case let path where path[0] == "model":
                "cameras: [{name: a, file: a}]\nmodel: {\(path[1]): \(wrong)}"
            case let path:
                topYAML("\(path[0]): {\(path[1]): \(wrong)}")
            }
        let key = keyPath.split(separator: ".").last.map(String.init) ?? ""
        let names = ["`\(key)`", "a camera", "a region", "a trigger"]
        let blames = problemsOf(yaml).filter { problem in
            names.contains { problem.contains("\($0) must be") }
        }
        #expect(!blames.isEmpty, "\(yaml)")
    }
}
