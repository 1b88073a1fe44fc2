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

    /// Shows the state of the triggers and what the camera shows, until the task is cancelled. Each has a connection of
    /// its own, since a picture may be long in coming; that one has failed is told in the view.
    ///
    /// - Parameters:
    ///   - camera: whose pictures are shown.
    ///   - clock: what time it is, of a status.
    func follow(
        _ socket: String,
        camera: String?,
        triggers: @escaping @Sendable (TriggerState) -> Bool = { _ in true },
        clock: @escaping @Sendable (StatusReport) -> String
    ) async {
        async let bars: Void = again(on: socket, orTell: "the bars stand still") { client in
            let status = try await client.status()
            self.show(status.triggers.filter(triggers), clock: clock(status))
        }
        async let pictures: Void = again(on: socket, orTell: "the picture stands still") { client in
            guard let camera, let width = self.pictureWidth else { return }
            do {
                self.show(try await client.snapshot(SnapshotRequest(camera: camera, width: width)))
            } catch is RequestError {
                // None just now.
            }
        }
        _ = await (bars, pictures)
    }

    /// Does something up to ten times a second, until it fails or the task is cancelled.
    private func again(
        on socket: String,
        orTell complaint: String,
        _ body: @Sendable (EventSocketClient) async throws -> Void
    ) async {
        do {
            try await EventSocketClient.withConnection(to: socket) { client in
                while true {
                    let next = ContinuousClock.now + .milliseconds(100)
                    try await body(client)
                    try await Task.sleep(until: next, clock: .continuous)
                }
            }
        } catch {
            if !Task.isCancelled { tell("\(complaint): \(error)") }
        }
    }
}
