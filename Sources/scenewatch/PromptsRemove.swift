import ArgumentParser
import EventSocket

/// `scenewatch prompts remove`: a trigger that was added is no more.
struct PromptsRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Watch no more for a prompt that was added.",
        discussion: "Its open events end. Triggers of the configuration's file are removed there."
    )

    @OptionGroup var daemon: SocketOptions

    @Argument(help: "The trigger's name.")
    var name: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = try await daemon.change(.removePrompts(trigger: name))
        try emit(json ? scenewatch.json(report) : report.message)
    }
}
