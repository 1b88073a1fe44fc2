import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch prompts add`: a trigger while the daemon runs.
struct PromptsAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Watch for another prompt from now on, also after a restart.",
        discussion: """
            The trigger is kept in the journal until it is removed. One that was added before is replaced; one of the \
            configuration's file is changed there. Exit status 78, with every problem, where something is wrong with it.
            """
    )

    @OptionGroup var daemon: SocketOptions

    @Argument(help: "The trigger's name.")
    var name: String

    @Option(help: "The scene; may be repeated, for other phrasings.")
    var prompt: [String]

    @Option(help: "What it competes with; may be repeated.")
    var against: [String] = []

    @Option(help: "A camera; may be repeated. Default: all.")
    var camera: [String] = []

    @Option(help: "A region on whose crops alone it is judged; may be repeated. Default: all crops.")
    var region: [String] = []

    @Option(help: "What starts an event, such as \"probability >= 0.8\".")
    var when: String?

    @Option(help: "What ends it.")
    var clear: String?

    @Option(help: "How long `when` must be true, such as 2s.")
    var hold: String?

    @Option(help: "How long `clear` must be true.")
    var release: String?

    @Option(help: "For how long after an event's start no other starts.")
    var cooldown: String?

    @Flag(help: "On trial: its events are journalled, and nobody is told.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = try await daemon.change(.addPrompts(trigger: scenewatch.json(settings, pretty: false)))
        try emit(json ? scenewatch.json(report) : report.message)
    }

    /// As the configuration would have them. Whether they make sense is for the daemon to say.
    private var settings: [String: JSONValue] {
        let texts = { (texts: [String]) -> JSONValue? in texts.isEmpty ? nil : .array(texts.map(JSONValue.string)) }
        var settings: [String: JSONValue] = ["name": .string(name)]
        settings["prompt"] = texts(prompt)
        settings["against"] = texts(against)
        settings["cameras"] = texts(camera)
        settings["regions"] = texts(region)
        settings["when"] = when.map(JSONValue.string)
        settings["clear"] = clear.map(JSONValue.string)
        settings["hold"] = hold.map(JSONValue.string)
        settings["release"] = release.map(JSONValue.string)
        settings["cooldown"] = cooldown.map(JSONValue.string)
        settings["dry-run"] = dryRun ? .bool(true) : nil
        return settings
    }
}
