import ArgumentParser
import Configuration

/// The client's command line. Each command is in a file of its own; data goes to standard output, talk to standard error.
@main
struct Scenewatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenewatch",
        abstract: "Asks a running scenewatchd, and works with its models and configuration.",
        discussion: """
            Exit status: 0 success, 1 failure, 64 usage, 69 the daemon cannot be reached, 78 configuration.
            """,
        version: Release.version,
        subcommands: [
            Watch.self, Status.self, Cameras.self, SnapshotCommand.self, Prompts.self, Triggers.self, Reload.self,
            Check.self, Embed.self, ModelCommand.self, LogCommand.self, SearchCommand.self, BacktestCommand.self,
            ExplainCommand.self, TryCommand.self, ExportCommand.self, Bench.self, EvalCommand.self, Demo.self,
        ]
    )
}
