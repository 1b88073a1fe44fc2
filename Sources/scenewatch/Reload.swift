import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch reload`: has the daemon read its configuration again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the daemon read its configuration again, while it watches.",
        discussion: """
            All of it is taken over, or nothing: exit status 78, with every problem, where something is wrong, and where \
            something is different that takes a restart (the model, the socket, the journal). What is not different goes \
            on; events of triggers and cameras that are end with the reason `config-changed`.
            """
    )

    @OptionGroup var daemon: SocketOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = try await daemon.change(.reload)
        try emit(json ? scenewatch.json(report) : report.message)
    }
}

extension SocketOptions {
    /// Asks the daemon for a change; with exit status 78 and every problem where what it is to take over is wrong.
    func change(_ change: Change) async throws -> ChangeReport {
        try await withDaemon { client in
            do {
                let report = try await client.change(change)
                for warning in report.warnings ?? [] { say("warning: \(warning)") }
                return report
            } catch let error as RequestError where error.code == RequestError.Code.invalidConfiguration.rawValue {
                sayAsIs(error.message)
                throw ExitCode(EX_CONFIG)
            }
        }
    }
}
