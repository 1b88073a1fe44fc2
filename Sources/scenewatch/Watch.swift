import ArgumentParser
import EventSocket
import Foundation
import Showing

/// `scenewatch watch`: follows events as they happen.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Follow events as they happen.")

    @OptionGroup var daemon: SocketOptions

    @Option(help: "Only this trigger; may be repeated.")
    var trigger: [String] = []

    @Option(help: "Only this camera; may be repeated.")
    var camera: [String] = []

    @Option(
        help: """
            First what was missed: after the message of that number, or since a time such as 2026-11-23T08:14:03, or so \
            long ago, such as 90m.
            """
    )
    var since: String?

    @Flag(help: "Print the lines of the socket as they come, one JSON object each.")
    var json = false

    @Flag(help: "Show the triggers, what the camera shows and the events on the whole terminal.")
    var live = false

    func validate() throws {
        _ = try beginning()
        guard live else { return }
        guard !json else { throw ValidationError("--live and --json do not go together") }
        guard isatty(STDOUT_FILENO) != 0 else { throw ValidationError("--live needs a terminal") }
    }

    func run() async throws {
        if live { return try await interruptible { try await watchLive() } }
        let since = try beginning()
        try await daemon.withDaemon { client in
            let start = try await client.subscribe(filter, since: since)
            // Where the past is told, it tells that too.
            if !json, since == nil {
                for state in start.states where state.state == .active {
                    try emit("\(time(state.since))  \(state.camera)  \(state.trigger)  is active")
                }
            }
            try await follow(client) { try emit($0) }
        }
    }

    private var filter: SubscriptionFilter {
        SubscriptionFilter(
            triggers: trigger.isEmpty ? nil : Set(trigger),
            cameras: camera.isEmpty ? nil : Set(camera)
        )
    }

    private func beginning() throws -> Since? {
        guard let since else { return nil }
        return try Since(parsing: since) ?? .time(moment(parsing: since))
    }

    private func watchLive() async throws {
        let (filter, since, path) = (filter, try beginning(), daemon.path)
        try await daemon.withDaemon { client in
            let prompts = try await client.prompts()
            guard let view = LiveView.onStandardOutput(title: "scenewatch: \(path)", prompts: prompts) else {
                say("this terminal (TERM) cannot show a live view")
                throw ExitCode.failure
            }
            defer { view.close() }
            let jobControl = JobControl(view)
            defer { jobControl.end() }
            _ = try await client.subscribe(filter, since: since)
            let seen = try await client.status().cameras.map(\.name).first { filter.cameras?.contains($0) ?? true }
            let following = Task {
                await view.follow(path, camera: seen, triggers: filter.admits) { _ in
                    Date().formatted(date: .omitted, time: .standard)
                }
            }
            defer { following.cancel() }
            try await follow(client) { view.tell($0) }
        }
    }

    /// Hands on lines until the daemon is gone, or the task is cancelled.
    private func follow(_ client: EventSocketClient, _ tell: (String) throws -> Void) async throws {
        while let line = try await client.next() {
            if json {
                try tell(line.text)
            } else if let words = words(for: line) {
                try tell(words)
            }
        }
        try Task.checkCancellation()
        throw EventSocketError.connectionClosed
    }

    private func words(for line: ServerLine) -> String? {
        switch line.content {
        case .unknown, .heartbeat: nil
        case .lagged(let lag): "(too slow: the lines \(lag.from) to \(lag.to) were lost)"
        case .event(let event): event.words(time: time(event.at))
        }
    }

    /// The time of day; of another day, with its date.
    private func time(_ date: Date?) -> String {
        guard let date else { return "--:--:--" }
        let time = date.formatted(
            .dateTime.hour(.twoDigits(amPM: .omitted)).minute(.twoDigits).second(.twoDigits)
                .locale(Locale(identifier: "en_GB"))
        )
        guard since != nil, !Calendar.current.isDateInToday(date) else { return time }
        return date.formatted(.iso8601.timeZone(separator: .omitted).year().month().day()) + " " + time
    }
}
