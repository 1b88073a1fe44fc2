import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Cameras")
    struct CameraTests {
        @Test("a folder with pictures that cannot be used: each cause is told once, the others are looked at")
        func folder() async throws {
            try await Workplace.with { place in
                let good = try Pictures.data(Pictures.pair.0)
                try FileManager.default.createDirectory(
                    atPath: place.path("frames"),
                    withIntermediateDirectories: false
                )
                let files = [
                    "1.jpg": good, "2.jpg": Data(), "3.jpg": good.prefix(good.count / 2),
                    "4.jpg": try Pictures.enormous(),
                    "5.jpg": try Pictures.data(Pictures.pair.1), "6.jpg": good.prefix(good.count / 2) + [0xFF, 0xD9],
                ]
                for (name, data) in files { try place.write(Data(data), as: "frames/" + name) }
                try place.configure("  - { name: box, folder: frames, loop: true, rate: 10, look: 10/s, view: center }")
                let daemon = try await place.startWatching()
                try await eventually("the picture of 20000 pixels is refused") { daemon.errors.contains("20000") }
                let looks = try await place.status().camera("box").looks
                try await eventually("the camera goes on") { try await place.status().camera("box").looks > looks + 20 }
                let status = try await place.status().camera("box")
                #expect(status.state == "streaming")
                #expect(status.corrupt >= 3)
                for words in ["2.jpg is empty", "3.jpg holds no whole JPEG picture", "20000×", "ends early"] {
                    #expect(daemon.errors.components(separatedBy: words).count == 2, "\(words): \(daemon.errors)")
                }
                // The picture alone would need 1.2 GB.
                #expect(try peakMemory(of: daemon) < 900 << 20)
                try await place.stop(daemon)
            }
        }

        @Test("a command that exits is started again, and the log says how it ended")
        func restarts() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "picture.jpg")
                try place.configure(
                    """
                      - { name: short, command: [sh, -c, "cat \(place.path("picture.jpg")); echo tired >&2; exit 3"], look: 10/s }
                    """
                )
                let daemon = try await place.startWatching()
                let socket = try RawSocket(place.socket)
                _ = try await socket.next()
                try await socket.send(#"{"do":"subscribe","cameras":["short"]}"#)
                _ = try await socket.next()
                var lines: [SocketLine] = []
                while lines.count < 4 { lines.append(try await socket.next()) }
                try await eventually("three lives, each with a look") {
                    try await place.status().camera("short").looks >= 3
                }
                #expect(daemon.errors.contains("exited with status 3: tired"))
                try await place.stop(daemon)
                for (one, other) in zip(lines, lines.dropFirst()) {
                    #expect(Set([one.kind, other.kind]) == ["camera.lost", "camera.found"])
                }
                let lost = lines.filter { $0.kind == "camera.lost" }
                #expect(lost.allSatisfy { $0.reason?.contains("exited with status 3: tired") == true })
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let journalled = try reader.messages(after: 0, limit: .max).map(\.seq)
                #expect(Set(lines.compactMap(\.seq)).isSubset(of: journalled.map(Int.init)))
            }
        }

        @Test("what is active on a camera that is over ends as camera-lost, and is then unknown")
        func givenUp() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 5), as: "reel.mjpeg")
                try place.configure(
                    "  - { name: reel, file: reel.mjpeg, rate: 10, look: 10/s }",
                    triggers: "[{ name: anything, prompt: anything, when: similarity >= -1 }]"
                )
                let daemon = try await place.startWatching()
                let socket = try RawSocket(place.socket)
                _ = try await socket.next()
                try await socket.send(#"{"do":"subscribe","kinds":["event.ended","camera.lost"]}"#)
                _ = try await socket.next()
                #expect(try await socket.next().kind == "camera.lost")
                let end = try await socket.next()
                #expect(end.kind == "event.ended")
                #expect(end.reason == "camera-lost")
                let status = try await place.client("status", "--socket", place.socket)
                #expect(status.output.contains("unknown"))
                #expect(try await place.status().camera("reel").state == "ended")
                try await place.stop(daemon)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                #expect(try reader.events(limit: 10).map(\.end?.reason) == [.cameraLost])
            }
        }

        @Test("a command and its children are gone after a stop, also those that ignore SIGTERM")
        func group() async throws {
            try await Workplace.with { place in
                // A number that no other process has among its arguments.
                let marks = (0..<3).map { _ in "86400.\(Int.random(in: 100_000_000...999_999_999))" }
                try place.write(Pictures.data(Pictures.pair.0), as: "picture.jpg")
                let cat = "cat \(place.path("picture.jpg"))"
                try place.configure(
                    """
                      - { name: child, command: [sh, -c, "sleep \(marks[0]) & \(cat); wait"] }
                      - { name: deaf, command: [sh, -c, "trap '' TERM; \(cat); sleep \(marks[1])"] }
                      - { name: orphan, command: [sh, -c, "(sleep \(marks[2]) &) ; \(cat); exec sleep \(marks[2])"] }
                    """
                )
                let daemon = try await place.startWatching()
                try await eventually("three cameras that stream") {
                    try await place.status().cameras.allSatisfy { $0.looks > 0 }
                }
                #expect(marks.allSatisfy { !processes(with: $0).isEmpty })
                try await place.stop(daemon)
                #expect(marks.flatMap(processes) == [])
            }
        }

        @Test("commands that print no JPEG: words in log and status, and the daemon goes on")
        func talkers() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 1), as: "reel.mjpeg")
                try place.configure(
                    """
                      - { name: talker, command: [sh, -c, "head -c 2000000 /dev/zero | tr '\\\\0' x; exec sleep 1000"] }
                      - { name: greeter, command: [echo, hello] }
                      - { name: missing, command: [/nowhere/grab] }
                      - { name: good, file: reel.mjpeg, loop: true, rate: 10, look: 10/s }
                    """
                )
                let daemon = try await place.startWatching()
                try await eventually("the talker is told of") { daemon.errors.contains("prints no JPEG") }
                try await eventually("the greeter is told of") { daemon.errors.contains("\"echo\" exited") }
                try await eventually("the missing one is told of") { daemon.errors.contains("/nowhere/grab") }
                let looks = try await place.status().camera("good").looks
                try await eventually("the good one goes on") {
                    try await place.status().camera("good").looks > looks + 5
                }
                let status = try await place.status()
                #expect(try status.camera("talker").state.contains("prints no JPEG"))
                #expect(try status.camera("greeter").state.hasPrefix("lost: \"echo\" exited"))
                #expect(try status.camera("missing").state.contains("No such file"))
                #expect(try status.camera("good").state == "streaming")
                try await place.stop(daemon)
            }
        }

        @Test("a file that is over ends its camera, not the daemon")
        func over() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 3), as: "reel.mjpeg")
                try place.configure("  - { name: once, file: reel.mjpeg, rate: 10, look: 10/s }")
                let daemon = try await place.startWatching()
                try await eventually("the end of the file") { try await place.status().camera("once").state == "ended" }
                #expect(try await place.status().camera("once").frames == 3)
                #expect(daemon.ending == nil)
                try await place.stop(daemon)
            }
        }

        /// The processes that have `mark` among their arguments.
        private func processes(with mark: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
                guard Int(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                    return false
                }
                return data.split(separator: 0).contains(Data(mark.utf8)[...])
            }
        }
    }
}

/// The most memory that a process has had resident, in bytes.
func peakMemory(of program: Program) throws -> Int { try memory("VmHWM", of: program) }

/// A line of a process's status in /proc, proc_pid_status(5), in bytes.
func memory(_ key: String, of program: Program) throws -> Int {
    let status = FileManager.default.contents(atPath: "/proc/\(program.identifier)/status")
    let text = String(decoding: status ?? Data(), as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(key + ":") })
    let number = try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    return number * 1024
}
