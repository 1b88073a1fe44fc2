import Foundation
import TestSupport

extension Workplace {
    /// The demonstration's configuration.
    static let demo = ReferenceData.configuration("demo.yaml")

    /// What makes a program go by it and by this folder's journal.
    var demoFiles: [String] { ["--config", Self.demo, "--journal", journal] }

    /// Plays the demonstration's clip once, as fast as it can be looked at; the daemon goes on running.
    func playDemo() async throws -> Program {
        let daemon = try start(Programs.daemon, demoFiles + ["--socket", socket, "--fastest"])
        try await eventually("the clip's end; the daemon said \(daemon.errors)") {
            daemon.errors.contains("camera doorstep has ended") && FileManager.default.fileExists(atPath: socket)
        }
        return daemon
    }
}
