import ArgumentParser
import Configuration
import EventSocket
import Foundation
import MobileCLIP
import Showing

/// `scenewatch demo`: plays a recording to a daemon of its own, shows what it sees, and holds its events against the
/// recording's script.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a recording once, show what is found in it, and compare that with its script.",
        discussion: """
            Exit status 0 when every scripted scene was found and nothing else, 1 when one was missed or something \
            false was told, or the recording could not be played to its end, 69 when the daemon is not there, 78 when \
            the configuration or the script is wrong, 141 when nobody reads the output.
            """
    )

    @Option(help: "The configuration; its cameras are files or folders. Default: the one that came with this program.")
    var config: String?

    @Option(help: "The script. Default: demo/script.json beside the configuration.")
    var script: String?

    @Flag(help: "Only a line for each event, and the table; no live view.")
    var plain = false

    @Flag(help: "Print the comparison as JSON, and nothing else.")
    var json = false

    @Flag(help: "Play as fast as the pictures can be looked at.")
    var fast = false

    @Option(help: "Where the daemon listens, for others to follow it. Default: in a temporary folder.")
    var socket: String?

    func run() async throws {
        let config = try self.config ?? Self.bundledConfiguration()
        let settings: Settings
        do throws(InvalidConfiguration) {
            settings = try Settings.load(path: config)
        } catch {
            sayAsIs(error.description)
            throw ExitCode(EX_CONFIG)
        }
        let script = try readScript(for: settings, config)
        try await interruptible { try await perform(config, settings, script) }
    }

    /// Beside the models that came with this program.
    private static func bundledConfiguration() throws -> String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = ModelFiles.besideProgram(own).map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("demo.yaml").path
        }
        if let path = places.first(where: FileManager.default.fileExists) { return path }
        let searched = places.isEmpty ? "" : ": there is no \(places.joined(separator: ", "))"
        say("the demonstration is not installed with this program\(searched); name another with --config")
        throw ExitCode(EX_CONFIG)
    }

    private func readScript(for settings: Settings, _ config: String) throws -> DemoScript {
        let path =
            script
            ?? URL(fileURLWithPath: config).deletingLastPathComponent().appendingPathComponent("demo/script.json").path
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let script = try DemoScript(json: data, triggers: Set(settings.triggers.map(\.name)))
            try check(settings, config, script)
            return script
        } catch let error as DemoScript.Invalid {
            say("\(path): \(error)")
        } catch let error as CocoaError {
            say("\(path) cannot be read: \(error.localizedDescription)")
        }
        throw ExitCode(EX_CONFIG)
    }

    /// A demonstration must come to an end, and its frames must tell the time.
    private func check(_ settings: Settings, _ config: String, _ script: DemoScript) throws {
        for camera in settings.cameras {
            let isEndless =
                switch camera.source {
                case .device, .match, .command: true
                case .file(_, let loop), .folder(_, let loop): loop && !fast
                }
            if isEndless {
                say(
                    "\(config): camera \(camera.name) has no end; a demonstration plays a file or folder without `loop`"
                )
                throw ExitCode(EX_CONFIG)
            }
            if camera.playedRate != script.rate {
                say(
                    "\(config): camera \(camera.name) plays \(camera.playedRate) frames a second, "
                        + "and the script is of \(script.rate)"
                )
                throw ExitCode(EX_CONFIG)
            }
        }
    }

    private func perform(_ config: String, _ settings: Settings, _ script: DemoScript) async throws {
        do {
            let daemon = try DemoDaemon(config: config, socket: socket, isFast: fast)
            let outcome: Result<[ScriptComparison.Start], any Error>
            do {
                outcome = .success(try await play(config, settings, script, daemon))
            } catch {
                outcome = .failure(error)
            }
            await daemon.dispose()
            // Where the live view stood, they could not be seen.
            for warning in daemon.warnings { say(warning) }
            let comparison = ScriptComparison(
                script: script.events,
                events: try outcome.get(),
                holds: Dictionary(uniqueKeysWithValues: settings.triggers.map { ($0.name, $0.hold / .seconds(1)) })
            )
            try tell(comparison)
            if !comparison.isRight { throw ExitCode.failure }
        } catch let failure as DemoDaemon.Failure {
            say(failure.reason)
            throw ExitCode(failure.status)
        } catch let error as EventSocketError {
            say("\(error)")
            throw ExitCode(EX_UNAVAILABLE)
        } catch let code as ExitCode where code == .success {
            // The reader had enough before all was found.
            throw ExitCode(128 + SIGPIPE)
        }
    }

    // MARK: Playing

    /// Plays the recording once; gives the events that began.
    private func play(
        _ config: String,
        _ settings: Settings,
        _ script: DemoScript,
        _ daemon: DemoDaemon
    ) async throws -> [ScriptComparison.Start] {
        try await daemon.awaitSocket()
        return try await EventSocketClient.withConnection(to: daemon.socket) { client in
            // Before it subscribes nothing is played.
            let prompts = try await client.prompts()
            let view = plain || json ? nil : LiveView.onStandardOutput(title: "scenewatch: \(config)", prompts: prompts)
            defer { view?.close() }
            let jobControl = view.map(JobControl.init)
            defer { jobControl?.end() }
            let start = try await client.subscribe()
            guard start.seq == 0, start.states.allSatisfy({ $0.at == nil }) else {
                let reason =
                    "the recording began before this program listened: another has subscribed on \(daemon.socket)"
                throw DemoDaemon.Failure(reason: reason, status: 1)
            }
            let camera = settings.cameras.first?.name
            let following = view.map { view in
                Task { [socket = daemon.socket] in
                    await view.follow(socket, camera: camera) { Self.clock($0, script) }
                }
            }
            defer { following?.cancel() }
            return try await follow(client, settings, daemon, script) { line in
                if let view {
                    view.tell(line)
                } else if !json {
                    try emit(line)
                }
            } atEnd: {
                following?.cancel()
                daemon.terminate()
            }
        }
    }

    private static func clock(_ status: StatusReport, _ script: DemoScript) -> String {
        let frames = status.cameras.first?.frames ?? 0
        let now = min(Double(max(frames - 1, 0)) / script.rate, script.length)
        return String(format: "%.1f of %.1f s", now, script.length)
    }

    private func follow(
        _ client: EventSocketClient,
        _ settings: Settings,
        _ daemon: DemoDaemon,
        _ script: DemoScript,
        _ tell: (String) throws -> Void,
        atEnd end: () -> Void
    ) async throws -> [ScriptComparison.Start] {
        var playing = Set(settings.cameras.map(\.name))
        var starts: [ScriptComparison.Start] = []
        var begun: [String: (offset: Double, at: Date)] = [:]
        while let line = try await client.next() {
            let event: EventLine
            switch line.content {
            case .event(let line): event = line
            case .lagged(let lag):
                let reason = "the lines \(lag.from) to \(lag.to) were lost: this terminal is too slow; try --plain"
                throw DemoDaemon.Failure(reason: reason, status: 1)
            case .unknown, .heartbeat: continue
            }
            switch event.kind {
            case .eventStarted:
                // Frames are counted from the recording's first.
                let offset = Double(event.frame ?? 0) / script.rate
                starts.append(ScriptComparison.Start(trigger: event.trigger ?? "", at: offset))
                begun[event.event ?? ""] = (offset, event.at)
                try tell(event.words(time: Self.time(offset)))
            case .eventEnded:
                guard let start = begun[event.event ?? ""] else { continue }
                try tell(event.words(time: Self.time(start.offset + event.at.timeIntervalSince(start.at))))
            case .cameraLost:
                let camera = try await client.status().cameras.first { $0.name == event.camera }
                // It goes on, and shows nothing: a recording may be dark for a while.
                if camera?.state.hasPrefix("blind") == true { continue }
                guard let camera, camera.state == "ended" else {
                    let reason = "camera \(event.camera ?? "") is lost: \(event.reason ?? "")\n\(daemon.log)"
                    throw DemoDaemon.Failure(reason: reason, status: 1)
                }
                try check(camera, script)
                playing.remove(event.camera ?? "")
                // What it still has to say it says before it closes the connection.
                if playing.isEmpty { end() }
            case .cameraFound, .promptChanged, .daemonReloaded: break
            }
        }
        try Task.checkCancellation()
        guard playing.isEmpty else {
            throw DemoDaemon.Failure(reason: "scenewatchd has gone:\n\(daemon.log)", status: EX_UNAVAILABLE)
        }
        return starts
    }

    /// Pictures tell the time: of a recording that lacks some, it cannot be said when anything was found.
    private func check(_ camera: StatusReport.Camera, _ script: DemoScript) throws {
        let due = script.length * script.rate
        guard camera.corrupt > 0 || abs(Double(camera.frames) - due) > 1 else { return }
        let damaged = camera.corrupt > 0 ? ", and \(camera.corrupt) damaged ones" : ""
        let reason =
            "camera \(camera.name) gave \(camera.frames) pictures\(damaged); the script is of \(Int(due.rounded())) "
            + "(\(script.length) s at \(script.rate) a second), and does not fit this recording"
        throw DemoDaemon.Failure(reason: reason, status: 1)
    }

    private static func time(_ seconds: Double) -> String {
        String(format: "%7.1f s", seconds)
    }

    // MARK: The outcome

    private struct Report: Encodable {
        let found: Int
        let missed: Int
        let `false`: Int
        let rows: [ScriptComparison.Row]
    }

    private func tell(_ comparison: ScriptComparison) throws {
        let counts = [ScriptComparison.Verdict.found, .missed, .false].map(comparison.count)
        guard !json else {
            let report = Report(found: counts[0], missed: counts[1], false: counts[2], rows: comparison.rows)
            return try emit(scenewatch.json(report))
        }
        let seconds = { (value: Double?) in value.map { String(format: "%.1f", $0) } ?? "-" }
        let rows = comparison.rows.map { row in
            [
                row.trigger, seconds(row.start), seconds(row.end), seconds(row.foundAt),
                row.delay.map { String(format: "%+.1f", $0) } ?? "-", row.verdict.rawValue, row.what ?? "",
            ]
        }
        try emit("")
        try emit(table(["TRIGGER", "FROM", "TO", "FOUND AT", "DELAY", "VERDICT", "SCENE"], rows))
        try emit("")
        try emit("\(counts[0]) found, \(counts[1]) missed, \(counts[2]) false")
    }
}
