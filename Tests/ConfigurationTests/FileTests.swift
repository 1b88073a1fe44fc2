import Configuration
import Foundation
import Testing

@Suite struct FileTests {
    /// Calls `body` with a folder that is gone afterwards.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func problems(path: String) -> [String] {
        do {
            _ = try Settings.load(path: path)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private func problems(bytes: [UInt8], in folder: String) throws -> [String] {
        let path = folder + "/bytes.yaml"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return problems(path: path).map { String($0.dropFirst(path.count + 1)) }
    }

    @Test func pathsBeginAtTheFile() throws {
        try withFolder { folder in
            let path = folder + "/scenewatch.yaml"
            let yaml = "model: {use: a.pt}\ncameras: [{name: a, file: sub/clip.mjpeg}]\n"
            try Data(yaml.utf8).write(to: URL(fileURLWithPath: path))
            let settings = try Settings.load(path: path)
            #expect(settings.model.use == folder + "/a.pt")
            #expect(settings.cameras[0].source == .file(path: folder + "/sub/clip.mjpeg", loop: false))
        }
    }

    @Test func aRelativePathGivesAbsoluteOnes() throws {
        try withFolder { folder in
            try Data(topYAML("journal: {path: j.db}").utf8).write(to: URL(fileURLWithPath: folder + "/s.yaml"))
            let current = FileManager.default.currentDirectoryPath
            let up = current.split(separator: "/").map { _ in ".." }.joined(separator: "/")
            let settings = try Settings.load(path: "\(up)\(folder)/s.yaml")
            #expect(settings.journal.path == "\(current)/\(up)\(folder)/j.db")
        }
    }

    @Test func problemsNameTheFileAsItWasNamed() throws {
        try withFolder { folder in
            let path = folder + "/scenewatch.yaml"
            try Data(topYAML("baths: 1").utf8).write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: InvalidConfiguration.self) { try Settings.load(path: path) }
            #expect(error.description == "\(path):3:1: unknown key `baths`; did you mean `batch`?")
            #expect(error.problems.map(\.file) == [path])
        }
    }

    @Test func filesThatCannotBeRead() throws {
        try withFolder { folder in
            let start = "1:1: the configuration cannot be read: "
            #expect(problems(path: folder) == ["\(folder):\(start)Is a directory"])
            #expect(problems(path: folder + "/none") == ["\(folder)/none:\(start)No such file or directory"])
            #expect(problems(path: "") == [":\(start)No such file or directory"])
            #expect(problems(path: "/dev/null") == ["/dev/null:\(start)Not a regular file"])

            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(problems(path: pipe) == ["\(pipe):\(start)Not a regular file"])

            let secret = folder + "/secret"
            try Data().write(to: URL(fileURLWithPath: secret))
            #expect(chmod(secret, 0) == 0)
            // Root may read what it may not.
            if geteuid() != 0 { #expect(problems(path: secret) == ["\(secret):\(start)Permission denied"]) }
        }
    }

    @Test func bytesThatAreNotUTF8() throws {
        try withFolder { folder in
            let message = "is not UTF-8; save the file as UTF-8"
            func check(_ bytes: [UInt8], _ expected: String) throws {
                #expect(try problems(bytes: bytes, in: folder) == [expected])
            }
            try check([0xff], "1:1: the byte 0xFF \(message)")
            try check(Array("a: é\nbü: ".utf8) + [0xe9, 0x0a], "2:5: the byte 0xE9 \(message)")
            try check(Array("a: ".utf8) + [0xe2, 0x82], "1:4: the byte 0xE2 \(message)")
            try check([0xff, 0xfe, 0x61, 0x00], "1:1: the file is UTF-16; save it as UTF-8")
            try check(Array("a: b".utf8) + [0], "1:5: a NUL byte is not allowed in a configuration")
        }
    }

    @Test func filesThatAreTooLarge() throws {
        try withFolder { folder throws in
            let bytes = [UInt8](repeating: 0x0a, count: 3 << 20)
            #expect(
                try problems(bytes: bytes, in: folder) == [
                    "1:1: the file is larger than 1 MiB, the most that a configuration may have"
                ]
            )
        }
    }
}
