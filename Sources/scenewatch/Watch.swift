import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch watch`: follows events as they happen.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Follow events as they happen.")

    @OptionGroup var daemon: SocketOptions

    @Option(help: "Only this trigger; may be repeated.")
    var trigger: [String] = []

    @Option(help: "Only this camera; may be repeated.")
    var camera: [String] = []

    @Flag(help: "Print the lines of the socket as they come, one JSON object each.")
    var json = false

    func run() async throws {
        let filter = SubscriptionFilter(
            triggers: trigger.isEmpty ? nil : Set(trigger),
            cameras: camera.isEmpty ? nil : Set(camera)
        )
        try await daemon.withDaemon { client in
            let start = try await client.subscribe(filter)
            if !json {
                for state in start.states where state.state == .active {
                    try emit("\(time(state.since))  \(state.camera)  \(state.trigger)  is active")
                }
            }
            while let line = try await client.next() {
                if json {
                    try emit(line.text)
                } else if let words = words(for: line) {
                    try emit(words)
                }
            }
            say("the daemon closed the connection")
            throw ExitCode(EX_UNAVAILABLE)
        }
    }

    private func words(for line: ServerLine) -> String? {
        switch line.content {
        case .unknown: return nil
        case .lagged(let lag):
            return "(too slow: the lines \(lag.from) to \(lag.to) were lost)"
        case .event(let event):
            let what = [event.camera, event.trigger].compactMap { $0 }.joined(separator: "  ")
            var text = "\(time(event.at))  \(what)  \(verb(event))"
            if let score = event.score {
                text += String(
                    format: "  probability %.2f, similarity %.3f, margin %+.3f",
                    score.probability,
                    score.similarity,
                    score.margin
                )
                if let rival = score.rival { text += " over “\(rival)”" }
            }
            if !event.journaled { text += "  (not journalled)" }
            return text
        }
    }

    private func verb(_ event: EventLine) -> String {
        let reason = event.reason.map { " (\($0))" } ?? ""
        return switch event.kind {
        case .eventStarted: "started"
        case .eventEnded: "ended" + reason
        case .cameraLost: "is lost" + reason
        case .cameraFound: "is found" + reason
        case .promptChanged: "has other prompts" + reason
        case .daemonReloaded: "configuration reloaded" + reason
        }
    }

    private func time(_ date: Date?) -> String {
        guard let date else { return "--:--:--" }
        return date.formatted(
            .dateTime.hour(.twoDigits(amPM: .omitted)).minute(.twoDigits).second(.twoDigits)
                .locale(Locale(identifier: "en_GB"))
        )
    }
}
