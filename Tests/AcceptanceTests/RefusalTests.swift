import Foundation
import TestSupport
import Testing

extension Acceptance {
    @Suite("Refusals")
    struct RefusalTests {
        private static let camera = "  - { name: door, file: reel.mjpeg, loop: true }"

        // MARK: Configuration

        struct Wrong: Sendable, CustomTestStringConvertible {
            let yaml: String
            let place: String
            let words: String
            var testDescription: String { words }
        }

        private static let long = String(repeating: "x", count: 107)

        static let wrong = [
            Wrong(yaml: "model: { use: m }\ncamreas: []\n", place: "2:1", words: "cameras"),
            Wrong(yaml: "cameras: [{ name: a, file: b }]\n", place: "1:1", words: "model"),
            Wrong(
                yaml: "model: { use: m }\ncameras:\n  - name: a\n    file: b\n    look: 4\n",
                place: "5:11",
                words: "look"
            ),
            Wrong(yaml: "model: { use: m }\ncameras: [{ name: a\n", place: "3:1", words: "expected"),
            Wrong(
                yaml: "model: { use: m }\ncameras: [{ name: a, file: b }]\nsocket: { path: /\(long) }\n",
                place: "3:17",
                words: "107"
            ),
        ]

        @Test("a configuration that is wrong: exit 78, with file, line and column", arguments: wrong)
        func configuration(wrong: Wrong) async throws {
            try await Workplace.with { place in
                try place.write(Data(wrong.yaml.utf8), as: "scenewatch.yaml")
                let checked = try await place.run(Programs.daemon, ["--config", place.configuration, "--check"])
                #expect(checked.status == 78)
                #expect(checked.errors.contains("\(place.configuration):\(wrong.place):"), "\(checked.errors)")
                #expect(checked.errors.contains(wrong.words), "\(checked.errors)")
                #expect(checked.output.isEmpty)
                let started = try await place.refusedDaemon()
                #expect(started.status == 78)
                #expect(started.errors == checked.errors)
                let client = try await place.client("check", place.configuration)
                #expect(client.status == 78)
                #expect(client.errors == checked.errors)
            }
        }

        @Test("a configuration that is right passes, and one that is not there is an error")
        func rightConfiguration() async throws {
            try await Workplace.with { place in
                try place.configure(Self.camera)
                let checked = try await place.run(Programs.daemon, ["--config", place.configuration, "--check"])
                #expect(checked.status == 0, "\(checked.errors)")
                #expect(checked.output.contains("valid"))
                #expect(try await place.client("check", place.configuration).status == 0)
                let missing = try await place.run(Programs.daemon, ["--config", place.path("none.yaml"), "--check"])
                #expect(missing.status == 78)
                #expect(missing.errors.contains("none.yaml"))
            }
        }

        // MARK: Models

        @Test("models that cannot be used: exit 78 from the daemon, 1 from embed, with file and cause")
        func models() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.write(try beginning(of: StandInModel.torch.get()), as: "cut.pt")
                try place.write(try beginning(of: StandInModel.safetensors.get()), as: "cut.safetensors")
                try place.write(evilPickle, as: "evil.pt")
                try place.write(Data(), as: "empty.pt")
                let causes = [
                    "missing.safetensors": "no such file", "cut.pt": "ends early", "cut.safetensors": "ends early",
                    "evil.pt": "os.system", "empty.pt": "empty",
                ]
                for (name, cause) in causes.sorted(by: { $0.key < $1.key }) {
                    try place.configure(Self.camera, model: place.path(name))
                    let daemon = try await place.refusedDaemon()
                    let text = try await place.client("embed", "text", "--model", place.path(name), "a cat")
                    let inspected = try await place.client("model", "inspect", place.path(name))
                    #expect(daemon.status == 78, "\(name)")
                    #expect(text.status == 1, "\(name)")
                    #expect(inspected.status == 1, "\(name)")
                    #expect(try await place.client("check", place.configuration).status == 78, "\(name)")
                    for outcome in [daemon, text, inspected] {
                        #expect(outcome.output.isEmpty)
                        #expect(outcome.errors.contains(name))
                        #expect(outcome.errors.contains(cause), "\(outcome.errors)")
                    }
                }
                #expect(!FileManager.default.fileExists(atPath: place.path("pwned")))
            }
        }

        private func beginning(of path: String) throws -> Data {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return try #require(try file.read(upToCount: 20 << 20))
        }

        /// What `torch.load` of old would have run: a pickle that calls `os.system("touch pwned")`, in a zip archive.
        private var evilPickle: Data {
            let pickle = Data("\u{2}cos\nsystem\n(X".utf8) + little(UInt32(11)) + Data("touch pwnedtR.".utf8)
            let content = Data([0x80]) + pickle
            let name = Data("archive/data.pkl".utf8)
            let entry =
                Data([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]) + little(UInt32(0)) + little(UInt32(content.count))
                + little(UInt32(content.count)) + little(UInt16(name.count)) + little(UInt16(0))
            let local = little(UInt32(0x0403_4B50)) + entry + name + content
            let central = little(UInt32(0x0201_4B50)) + little(UInt16(20)) + entry + Data(count: 14) + name
            return local + central + little(UInt32(0x0605_4B50)) + Data(count: 4) + little(UInt16(1))
                + little(UInt16(1)) + little(UInt32(central.count)) + little(UInt32(local.count)) + little(UInt16(0))
        }

        // MARK: Logs

        @Test(
            "a log that cannot be written, or was closed, stops nobody",
            arguments: ["2>/dev/full", "2>&-", "<&- >&- 2>&-"]
        )
        func log(redirection: String) async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure(Self.camera)
                let shell = ["-c", "exec \"$0\" \"$@\" \(redirection)"]
                let daemon = try place.start("/bin/sh", shell + [Programs.daemon, "--config", place.configuration])
                try await eventually("a daemon that listens") {
                    if let ending = daemon.ending { throw Timeout(description: "the daemon \(ending)") }
                    return try await place.client("status", "--socket", place.socket).status == 0
                }
                for file in try FileManager.default.contentsOfDirectory(atPath: place.folder) {
                    guard file != "s.sock", file != "journal.db.sketch" else { continue }
                    let content = try #require(FileManager.default.contents(atPath: place.path(file)))
                    #expect(content.range(of: Data("watching 1 cameras".utf8)) == nil, "the log went into \(file)")
                }
                try await place.stop(daemon)
                let client = ["status", "--socket", place.socket]
                #expect(try await place.run("/bin/sh", shell + [Programs.client] + client).status == 69)
                let missing = try await place.run("/bin/sh", shell + [Programs.daemon, "--config", place.path("none")])
                #expect(missing.status == 78)
            }
        }

        // MARK: Sockets and journals

        @Test("a file in the socket's place is refused and left alone")
        func fileAsSocket() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure(Self.camera)
                try place.write(Data("mine".utf8), as: "s.sock")
                let daemon = try await place.refusedDaemon()
                #expect(daemon.status == 1)
                #expect(daemon.errors.contains(place.socket) && daemon.errors.contains("a file"), "\(daemon.errors)")
                #expect(FileManager.default.contents(atPath: place.socket) == Data("mine".utf8))
            }
        }

        @Test("a second daemon on the socket or the journal of another is refused; the first goes on")
        func second() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure(Self.camera)
                let first = try await place.startWatching()
                let yaml = try String(contentsOfFile: place.configuration, encoding: .utf8)
                let others = [
                    ("another.db", yaml.replacingOccurrences(of: "journal.db", with: "another.db"), place.socket),
                    ("t.sock", yaml.replacingOccurrences(of: "s.sock", with: "t.sock"), place.journal),
                    ("same", yaml, place.journal),
                ]
                for (name, text, contested) in others {
                    try place.write(Data(text.utf8), as: name + ".yaml")
                    let second = try await place.run(Programs.daemon, ["--config", place.path(name + ".yaml")])
                    #expect(second.status == 1, "\(name): \(second.errors)")
                    #expect(second.errors.contains(contested), "\(name): \(second.errors)")
                }
                let looks = try await place.status().journal.looks
                try await eventually("the first goes on") { try await place.status().journal.looks > looks }
                try await place.stop(first)
            }
        }

        @Test("what is no journal, or one of a newer version, is refused and left as it is")
        func journals() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure(Self.camera)
                try await place.stop(place.startWatching())
                let journal = try #require(FileManager.default.contents(atPath: place.journal))
                let newer = replace("v1", with: "v9", in: journal)
                #expect(newer != journal)
                // Another program's database: the number at byte 68 says whose it is.
                var foreign = journal
                foreign.replaceSubrange(68..<72, with: [0, 0, 0, 1])
                let refused = [
                    (newer, "v9"), (foreign, "not a Scenewatch journal"),
                    (Data("not a database".utf8), "not an SQLite database"),
                    (Data(count: 8192), "not an SQLite database"),
                ]
                for (content, words) in refused {
                    try place.write(content, as: "journal.db")
                    let daemon = try await place.refusedDaemon()
                    #expect(daemon.status == 1)
                    #expect(daemon.errors.contains("journal.db") && daemon.errors.contains(words), "\(daemon.errors)")
                    #expect(FileManager.default.contents(atPath: place.journal) == content)
                    #expect(!FileManager.default.fileExists(atPath: place.journal + "-wal"))
                    #expect(!FileManager.default.fileExists(atPath: place.socket))
                }
            }
        }

        private func replace(_ one: String, with other: String, in data: Data) -> Data {
            var data = data
            while let range = data.range(of: Data(one.utf8)) { data.replaceSubrange(range, with: Data(other.utf8)) }
            return data
        }

        @Test("garbage on the socket is answered with an error, and the daemon lives")
        func garbage() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure(Self.camera)
                let daemon = try await place.startWatching()
                let socket = try RawSocket(place.socket)
                _ = try await socket.next()
                let lines: [(Data, String)] = [
                    (Data([0x22, 0xC3, 0x28, 0x22]), "not-utf8"), (Data("garbage".utf8), "bad-json"),
                    (Data([0, 1, 2, 3]), "bad-json"), (Data("[]".utf8), "bad-request"),
                    (Data(#"{"do":"frobnicate"}"#.utf8), "unknown-request"),
                    (Data(String(repeating: "[", count: 100_000).utf8), "bad-request"),
                ]
                for (line, code) in lines {
                    try await socket.send(line + [0x0A])
                    let answer = try await socket.next()
                    #expect(answer.error?.code == code, "\(String(decoding: line.prefix(40), as: UTF8.self))")
                }
                try await socket.send(Data(repeating: UInt8(ascii: "x"), count: 2 << 20) + [0x0A])
                #expect(try await socket.next().error?.code == "too-long")
                #expect(try await socket.line() == nil)
                #expect(try await place.status().camera("door").state == "streaming")
                try await place.stop(daemon)
            }
        }
    }
}
