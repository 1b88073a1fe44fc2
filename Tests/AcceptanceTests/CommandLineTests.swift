import Foundation
import Testing

extension Acceptance {
    @Suite("Command lines")
    struct CommandLineTests {
        static let commands: [[String]] = [
            [], ["watch"], ["status"], ["prompts"], ["prompts", "list"], ["check"], ["embed"], ["embed", "image"],
            ["embed", "text"], ["model"], ["model", "inspect"], ["bench"],
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
            arguments: [["status"], ["watch"], ["prompts", "list"]]
        )
        func noDaemon(command: [String]) async throws {
            try await Workplace.with { place in
                let outcome = try await place.run(Programs.client, command + ["--socket", place.socket])
                #expect(outcome.status == 69)
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.contains(place.socket))
            }
        }
    }
}
