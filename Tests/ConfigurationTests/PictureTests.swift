import Configuration
import Foundation
import Testing

/// `image` and `against-image`.
@Suite struct PictureTests {
    private static let scene = picturePath("published/rocket.jpg")
    private static let rival = picturePath("jpeg/baseline-444.jpg")

    private func problems(_ lines: String, prompt: Bool = false) -> [String] {
        problemsOf(
            """
            model: {use: m}
            cameras: [{name: door, device: /dev/video0}]
            triggers:
              - name: bin
                \(prompt ? "prompt: a bin" : "hold: 1s")
                \(lines)
            """
        )
    }

    @Test func areReadBesideAPromptAndInItsPlace() throws {
        for prompt in [true, false] {
            let settings = try parse(
                """
                model: {use: m}
                cameras: [{name: door, device: /dev/video0}]
                triggers:
                  - name: bin
                    \(prompt ? "prompt: a bin" : "hold: 1s")
                    image: [\(Self.scene)]
                    against-image: \(Self.rival)
                """
            )
            let trigger = try #require(settings.triggers.first)
            #expect(trigger.prompt == (prompt ? ["a bin"] : []))
            #expect(trigger.image.map(\.path) == [Self.scene])
            #expect(trigger.image[0].bytes == [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.scene))))
            #expect(trigger.againstImage.map(\.path) == [Self.rival])
        }
    }

    @Test func pathsBeginAtTheFileAndContentsCount() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let picture = folder.appendingPathComponent("bin.jpg")
        try FileManager.default.copyItem(at: URL(fileURLWithPath: Self.scene), to: picture)
        let file = folder.appendingPathComponent("scenewatch.yaml")
        let yaml = """
            model: {use: m}
            cameras: [{name: door, device: /dev/video0}]
            triggers: [{name: bin, image: ./bin.jpg, against-image: \(Self.rival)}]
            """
        try Data(yaml.utf8).write(to: file)
        let before = try Settings.load(path: file.path)
        #expect(before.triggers[0].image.map(\.path) == [picture.path])
        #expect(try Settings.load(path: file.path) == before)
        try Data(contentsOf: URL(fileURLWithPath: picturePath("jpeg/baseline-420.jpg"))).write(to: picture)
        #expect(try Settings.load(path: file.path) != before)
    }

    @Test func whatCannotBeUsedIsToldWithItsPlace() {
        let hint = "; give a JPEG or PNG, such as `scenewatch snapshot` writes"
        #expect(
            problems("image: [\(Self.scene), none.jpg]\n    against-image: \(#filePath)") == [
                "6:\(15 + Self.scene.count): the picture /etc/scenewatch/none.jpg cannot be used: "
                    + "No such file or directory\(hint)",
                "7:20: the picture \(#filePath) cannot be used: the file is neither a JPEG nor a PNG\(hint)",
            ]
        )
        #expect(
            problems("image: \"http://camera/1.jpg\"\n    against-image: \(Self.rival)") == [
                "6:12: `image` must be a path; download the picture, and name the file"
            ]
        )
        #expect(problems("image: []\n    against-image: \(Self.rival)") == ["6:12: `image` is empty"])
    }

    @Test func wrongCombinationsAreToldWithWhatToDo() {
        #expect(
            problems("image: \(Self.scene)") == [
                "6:5: `image` needs `against-image`: at least one picture of the same view without the scene; "
                    + "`scenewatch snapshot` takes one"
            ]
        )
        #expect(
            problems("against-image: \(Self.rival)", prompt: true) == [
                "6:5: `against-image` goes with `image`, which is missing"
            ]
        )
        let both = "image: \(Self.scene)\n    against-image: \(Self.rival)\n    "
        #expect(
            problems(both + "against: an empty drive") == [
                "8:5: `against` goes with a `prompt`, which is missing; what pictures compete with is `against-image`"
            ]
        )
        let measure =
            " is not the same of words and of pictures: with both `prompt` and `image` use `probability`, "
            + "or make two triggers of it"
        #expect(problems(both + "when: margin >= 0.1", prompt: true) == ["8:11: `margin`" + measure])
        #expect(
            problems(both + "night: {when: similarity >= 0.9}", prompt: true) == ["8:12: `similarity`" + measure]
        )
        #expect(problems(both + "when: margin >= 0.1").isEmpty)
        #expect(
            problems("image: [\(Self.scene), \(Self.scene)]\n    against-image: \(Self.scene)") == [
                "6:\(15 + Self.scene.count): the picture \(Self.scene) is twice in `image`",
                "7:20: the picture \(Self.scene) is also in `image`, which cannot compete with itself",
            ]
        )
        #expect(
            problems("when: {not: other}\n    image: \(Self.scene)").contains {
                $0.hasPrefix("7:5: `image` does not go with a `when` of other triggers")
            }
        )
    }

    @Test func areForTheFileOnly() {
        let json = #"{"name":"bin","image":"/etc/shadow","against-image":"/etc/passwd"}"#
        do {
            _ = try Settings.trigger(parsing: json, file: "t", cameras: [])
            Issue.record("it was read")
        } catch {
            #expect(
                error.problems.map(\.message) == [
                    "`image` is for triggers in the configuration's file only",
                    "`against-image` is for triggers in the configuration's file only",
                ]
            )
        }
    }
}
