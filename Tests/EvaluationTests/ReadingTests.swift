import Evaluation
import Foundation
import Testing

@Suite("Reading folders and lists of pictures")
struct ReadingTests {
    /// A folder with files in it, removed at the end.
    private func with(_ files: [String], _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "evaluation-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in files {
            let url = URL(fileURLWithPath: "\(folder)/\(file)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: url)
        }
        try body(folder)
    }

    private static let tree = [
        "n02/b.JPEG", "n02/a.png", "n01/c.jpg", "n01/notes.txt", "n01/.hidden.jpg", ".git/d.jpg",
    ]

    private func list(_ text: String, in folder: String) throws -> String {
        let path = folder + "/list.txt"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func problem(_ folder: String, _ text: String) throws -> String {
        let path = try list(text, in: folder)
        let problem = #expect(throws: EvaluationProblem.self) { try LabelledPictures(folder: folder, list: path) }
        return problem?.description ?? ""
    }

    @Test("folders are classes, in the order of names, and only pictures count")
    func folders() throws {
        try with(["red_van/x.jpg"] + Self.tree) { folder throws in
            let labelled = try LabelledPictures(folder: folder, list: nil)
            #expect(labelled.classes == ["n01", "n02", "red van"])
            let relative = labelled.pictures.map { $0.path.replacing(folder + "/", with: "") }
            #expect(relative == ["n01/c.jpg", "n02/a.png", "n02/b.JPEG", "red_van/x.jpg"])
            #expect(labelled.pictures.map(\.label) == [0, 1, 1, 2])
        }
    }

    @Test(
        "a list names folders: by tabs, by their names before a space, or in their order",
        arguments: ["n02\ta cat\nn01\tan old dog\n", "n01 an old dog\r\nn02 a cat", "an old dog\n\na cat\n"]
    )
    func names(text: String) throws {
        try with(Self.tree) { folder throws in
            let labelled = try LabelledPictures(folder: folder, list: list(text, in: folder))
            #expect(Set(labelled.classes) == ["an old dog", "a cat"])
            let cats = labelled.pictures.filter { labelled.classes[$0.label] == "a cat" }
            #expect(cats.map { $0.path.suffix(6) } == ["/a.png", "b.JPEG"])
        }
    }

    @Test("a list may name pictures, classes without pictures, and one class twice")
    func pictures() throws {
        try with(["a.jpg", "sub/b.jpg"]) { folder throws in
            let text = "a.jpg\tcat\nsub/b.jpg\tdog\n/elsewhere/c.png\tcat\nnobody\thorse\n"
            let labelled = try LabelledPictures(folder: folder, list: list(text, in: folder))
            #expect(labelled.classes == ["cat", "dog", "horse"])
            #expect(labelled.pictures.map(\.label) == [0, 1, 0])
            #expect(labelled.pictures[2].path == "/elsewhere/c.png")
        }
    }

    @Test("what does not fit is said, with its line")
    func misfits() throws {
        try with(Self.tree) { folder throws in
            #expect(try problem(folder, "n01\tdog\nn02").contains("list.txt:2: a line is KEY<tab>NAME"))
            #expect(try problem(folder, "n01\tdog\nn03\tcat").contains("the folder n02 has no name"))
            #expect(try problem(folder, "n01\tdog\nn01\tcat").contains("list.txt:2: the folder n01 has a name already"))
            #expect(try problem(folder, "one\ntwo\nthree").contains("3 names"))
            #expect(try problem(folder, "n01\tdog\nn02\tdog").contains("two classes"))
            for missing in [folder + "/none", folder + "/n01/notes.txt"] {
                #expect(throws: EvaluationProblem.self) { try LabelledPictures(folder: missing, list: nil) }
            }
            #expect(throws: EvaluationProblem.self) { try LabelledPictures(folder: folder, list: folder + "/none") }
        }
        try with(["a.jpg"]) { folder throws in
            let problem = #expect(throws: EvaluationProblem.self) { try LabelledPictures(folder: folder, list: nil) }
            #expect(problem?.description.contains("--labels") == true)
        }
        try with(["a/readme.txt", "b/readme.txt"]) { folder throws in
            #expect(throws: EvaluationProblem.self) { try LabelledPictures(folder: folder, list: nil) }
        }
    }

    @Test("captions in columns and in JSON, several of one picture")
    func captions() throws {
        try with(["x/y.jpg"]) { folder throws in
            let text = """
                a.jpg\ta cat\tcat on a mat
                {"image": "b.jpg", "captions": ["a dog", "", "dog"]}
                {"picture": "/c.jpg", "caption": "a horse"}
                a.jpg\ta third one
                """
            let captioned = try CaptionedPictures(list: list(text, in: folder), folder: folder)
            #expect(captioned.pictures == [folder + "/a.jpg", folder + "/b.jpg", "/c.jpg"])
            #expect(captioned.captions == ["a cat", "cat on a mat", "a dog", "dog", "a horse", "a third one"])
            #expect(captioned.owners == [0, 0, 1, 1, 2, 0])

            let seen = captioned.filtered([false, true, true])
            #expect(seen.pictures == [folder + "/b.jpg", "/c.jpg"])
            #expect(seen.captions == ["a dog", "dog", "a horse"] && seen.owners == [0, 0, 1])
        }
    }

    @Test(
        "a line that is no caption is named",
        arguments: ["a.jpg\tok\nb.jpg", "a.jpg\tok\n{\"image\": 3}", "a.jpg\tok\n{\"image\": \"b.jpg\"}"]
    )
    func noCaption(text: String) throws {
        try with(["x.jpg"]) { folder throws in
            let path = try list(text, in: folder)
            let problem = #expect(throws: EvaluationProblem.self) { try CaptionedPictures(list: path, folder: folder) }
            #expect(problem?.description.contains("list.txt:2: ") == true)
            let alone = try list("a.jpg\tok", in: folder)
            #expect(throws: EvaluationProblem.self) { try CaptionedPictures(list: alone, folder: folder) }
        }
    }
}
