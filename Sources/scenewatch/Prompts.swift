import ArgumentParser
import EventSocket

/// `scenewatch prompts`: the prompts in force, and those that come and go while the daemon runs.
struct Prompts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show, add and remove the prompts that the daemon watches for.",
        subcommands: [List.self, PromptsAdd.self, PromptsRemove.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List triggers with their prompts and conditions.")

        @OptionGroup var daemon: SocketOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let prompts = try await daemon.withDaemon { try await $0.prompts() }
            guard !json else { return try emit(scenewatch.json(prompts)) }
            for prompt in prompts {
                try emit("\(prompt.trigger) on \(prompt.cameras.joined(separator: ", "))  (\(prompt.origin.rawValue))")
                try emit("  when \(prompt.when), clear \(prompt.clear)")
                if let regions = prompt.regions { try emit("  regions  \(regions.joined(separator: ", "))") }
                for phrasing in prompt.prompt { try emit("  prompt   \(phrasing)") }
                for rival in prompt.against { try emit("  against  \(rival)") }
                for picture in prompt.image ?? [] { try emit("  image    \(picture)") }
                for picture in prompt.againstImage ?? [] { try emit("  against  \(picture)") }
            }
        }
    }
}
