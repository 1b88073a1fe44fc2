import Foundation
import Testing

extension Acceptance {
    @Suite("Command lines")
    struct CommandLineTests {
        static let commands: [[String]] = [
            [], ["watch"], ["status"], ["prompts"], ["prompts", "list"], ["check"], ["embed"], ["embed", "image"],
            ["embed", "text"], ["model"], ["model", "inspect"], ["model", "list"], ["model", "install"],
            ["model", "remove"], ["model", "verify"], ["bench"], ["eval"],
            ["snapshot"], ["demo"], ["backtest"],
            ["prompts", "add"], ["prompts", "remove"], ["triggers"], ["reload"],
            ["log"], ["search", "a dog"], ["explain"], ["try", "a dog"], ["export"],
        ]

        @Test("every command has help and refuses options that it does not have", arguments: commands)
        func client(command: [String]) async throws {
            try await Workplace.with { place in
                let help = try await place.run(Programs.client, command + ["--help"])
                #expect(help.status == 0)
                #expect(help.output.contains("USAGE: scenewatch"))
                let wrong = try await place.run(Programs.client, command + ["--frobnicate"])
                #expect(wrong.status == 64, "\(wrong.errors)")
                #expect(wrong.output.isEmpty)
                // What is missing comes before what is too much.
                #expect(wrong.errors.contains("frobnicate") || wrong.errors.contains("Missing expected argument"))
            }
        }

        @Test("so does the daemon")
        func daemon() async throws {
            try await Workplace.with { place in
                let help = try await place.run(Programs.daemon, ["--help"])
                #expect(help.status == 0)
                #expect(help.output.contains("--check"))
                #expect(try await place.run(Programs.daemon, ["--frobnicate"]).status == 64)
                #expect(try await place.run(Programs.daemon, ["--log-level", "loud"]).status == 64)
                let version = try await place.run(Programs.daemon, ["--version"])
                #expect(version.status == 0)
                #expect(try await place.client("--version").output == version.output)
            }
        }

        @Test(
            "without a daemon, what asks it exits with 69 and says where it looked",
            arguments: [["status"], ["watch"], ["prompts", "list"], ["snapshot", "door"]]
        )
        func noDaemon(command: [String]) async throws {
            try await Workplace.with { place in
                let outcome = try await place.run(Programs.client, command + ["--socket", place.socket])
                #expect(outcome.status == 69)
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.contains(place.socket))
            }
        }

        @Test(
            "watch --since takes a number, a time or how long ago",
            arguments: [
                ("1841", 69), ("2026-11-23T08:14:03.218Z", 69), ("2026-11-23T08:14", 69), ("90m", 69),
                ("yesterday", 64), ("18446744073709551616", 64), ("400d", 64), ("", 64),
            ] as [(String, Int32)]
        )
        func since(text: String, status: Int32) async throws {
            try await Workplace.with { place in
                let watch = ["watch", "--since", text, "--socket", place.socket]
                let outcome = try await place.run(Programs.client, watch)
                #expect(outcome.status == status, "\(outcome.errors)")
            }
        }

        @Test("an answer that cannot be written is a failure, said in words")
        func output() async throws {
            try await Workplace.with { place in
                try place.configure("  - { name: none, folder: nowhere }")
                let check = "\(Programs.client) check \(place.configuration)"
                let right = try await place.run("/bin/sh", ["-c", check])
                #expect(right.status == 0 && right.output.contains("mobileclip_s0"))
                let full = try await place.run("/bin/sh", ["-c", check + " > /dev/full"])
                #expect(full.status == 1)
                #expect(full.errors.contains("cannot write to standard output: No space left on device"))
            }
        }

        @Test("status prints times as the socket does, to the millisecond")
        func times() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 5), as: "reel.mjpeg")
                try place.configure("  - { name: reel, file: reel.mjpeg, rate: 10, look: 10/s }")
                let daemon = try await place.startWatching()
                // The file is over: the last look stays what it is.
                try await eventually("the end") { try await place.status().camera("reel").state == "ended" }
                let socket = try RawSocket(place.socket)
                _ = try await socket.next()
                try await socket.send(#"{"do":"status"}"#)
                let answer = try #require(try await socket.line())
                let printed = try await place.client("status", "--json", "--socket", place.socket).output
                let told = try #require(answer.firstMatch(of: /"lastLook":"([^"]+)"/)?.output.1)
                #expect(told.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
                #expect(printed.contains("\"lastLook\" : \"\(told)\""))
                try await place.stop(daemon)
            }
        }
    }
}
