import ArgumentParser
import EventSocket
import Foundation
import Showing

extension LiveView {
    /// A view on standard output.
    ///
    /// - Returns: nil where that is no terminal on which lines could be drawn anew.
    static func onStandardOutput(title: String, prompts: [PromptReport]) -> LiveView? {
        let terminal = Terminal(
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(STDOUT_FILENO) != 0
        )
        guard terminal.isAddressable else { return nil }
        return LiveView(terminal: terminal, descriptor: STDOUT_FILENO, title: title, conditions: prompts.conditions)
    }

    /// Shows the state of the triggers and what the camera shows, on a connection of its own, until that ends or the task
    /// is cancelled.
    ///
    /// - Parameters:
    ///   - camera: whose pictures are shown.
    ///   - clock: what time it is, of a status.
    func follow(
        _ socket: String,
        camera: String?,
        triggers: @escaping @Sendable (TriggerState) -> Bool = { _ in true },
        clock: @escaping @Sendable (StatusReport) -> String
    ) async throws {
        try await EventSocketClient.withConnection(to: socket) { client in
            while !Task.isCancelled {
                let status = try await client.status()
                show(status.triggers.filter(triggers), clock: clock(status))
                let pause = ContinuousClock.now + .milliseconds(100)
                let isStreaming = status.cameras.contains { $0.name == camera && $0.state == "streaming" }
                if isStreaming, let camera, let width = pictureWidth {
                    do {
                        show(try await client.snapshot(SnapshotRequest(camera: camera, width: width)))
                    } catch is RequestError {
                        // No picture just now; the bars go on.
                    }
                }
                try await Task.sleep(until: pause, clock: .continuous)
            }
        }
    }
}
