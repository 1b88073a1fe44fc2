import Configuration
import Foundation
import Testing

/// A text, and the problems it must have, each as `line:column: message`.
struct Wrong: Sendable, CustomTestStringConvertible {
    let yaml: String
    let problems: [String]

    init(_ yaml: String, _ problems: String...) {
        self.yaml = yaml
        self.problems = problems
    }

    /// `line` as line 5, column 5 of a camera that is a device.
    static func device(_ line: String, _ problems: String...) -> Wrong {
        Wrong(yaml: cameraYAML(source: "device: /dev/video0", line), problems: problems)
    }

    /// `line` as line 5, column 5 of a camera that is a file.
    static func file(_ line: String, _ problems: String...) -> Wrong {
        Wrong(yaml: cameraYAML(source: "file: clip.mjpeg", line), problems: problems)
    }

    /// `line` as line 5, column 5 of a camera that is a command.
    static func command(_ line: String, _ problems: String...) -> Wrong {
        Wrong(yaml: cameraYAML(source: "command: [grab]", line), problems: problems)
    }

    /// `lines` as line 4, column 5 and following of a camera that has only a name.
    static func source(_ lines: String, _ problems: String...) -> Wrong {
        Wrong(yaml: cameraYAML(source: lines, ""), problems: problems)
    }

    /// `lines` as line 6, column 5 and following of a trigger with a name and a prompt, beside `door` and `yard`.
    static func trigger(_ lines: String, _ problems: String...) -> Wrong {
        Wrong(yaml: triggerYAML(lines), problems: problems)
    }

    /// `lines` as line 3, column 1 and following of a file that has what it needs.
    static func top(_ lines: String, _ problems: String...) -> Wrong {
        Wrong(yaml: topYAML(lines), problems: problems)
    }

    private init(yaml: String, problems: [String]) {
        self.yaml = yaml
        self.problems = problems
    }

    var testDescription: String { problems.first ?? "no problem" }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(problemsOf(yaml) == problems, sourceLocation: sourceLocation)
    }
}

func cameraYAML(source: String, _ line: String) -> String {
    """
    model: {use: m}
    cameras:
      - name: door
        \(source)
        \(line)
    """
}

func triggerYAML(_ lines: String) -> String {
    """
    model: {use: m}
    cameras: [{name: door, device: /dev/video0}, {name: yard, file: yard.mjpeg}]
    triggers:
      - name: dog
        prompt: a dog
        \(lines)
    """
}

func topYAML(_ lines: String) -> String {
    """
    model: {use: m}
    cameras: [{name: door, device: /dev/video0}]
    \(lines)
    """
}

func parse(_ yaml: String) throws -> Settings {
    try Settings.parse(yaml, file: "test.yaml", folder: "/etc/scenewatch")
}

/// The problems of a text, without the file's name; empty when it is a good one.
func problemsOf(_ yaml: String) -> [String] {
    do {
        _ = try Settings.parse(yaml, file: "test.yaml", folder: "/etc/scenewatch")
        return []
    } catch {
        return error.problems.map { "\($0.line):\($0.column): \($0.message)" }
    }
}

/// The path of a picture among the fixtures of Imaging's tests.
func picturePath(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("ImagingTests/Fixtures/" + name).path
}
