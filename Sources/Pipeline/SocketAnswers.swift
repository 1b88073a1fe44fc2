import Capture
import Configuration
import EventSocket
import Foundation
import Journal
import Synchronization

/// Answers the socket's requests from what the threads show on the board.
final class SocketAnswers: EventSocketBackend {
    private let inForce: InForce
    private let model: StatusReport.Model
    private let board: Board
    private let desk: SnapshotDesk
    private let journal: Journal
    private let past: Past
    private let questions: QuestionDesk
    private let boot: String
    private let started = monotonicNow()
    /// Nil while the daemon starts, and where it cannot be changed.
    private let changes = Mutex<ChangeDesk?>(nil)

    init(
        inForce: InForce,
        model: PreparedModel,
        board: Board,
        desk: SnapshotDesk,
        journal: Journal,
        boot: String
    ) {
        self.inForce = inForce
        self.model = StatusReport.Model(
            name: model.name,
            precision: "f32",
            id: model.identity,
            width: model.tower.embeddingWidth,
            side: model.tower.side
        )
        self.board = board
        self.desk = desk
        self.journal = journal
        past = Past(journal)
        questions = QuestionDesk(QuestionAnswers(inForce: inForce, modelID: model.identity))
        self.boot = boot
    }

    func hello() -> Hello {
        Hello(version: Release.version, boot: boot, seq: Int(journal.lastSequence))
    }

    func states() -> [TriggerState] {
        // Nobody is told of what is on trial; `status` shows it.
        board.states.filter { $0.dryRun != true }
    }

    func snapshot(
        _ request: SnapshotRequest,
        then answer: @escaping @Sendable (Result<Snapshot, RequestError>) -> Void
    ) -> RequestError? {
        desk.ask(request, then: answer)
    }

    func lines(
        after seq: Int,
        limit: Int,
        then answer: @escaping @Sendable (Result<[EventLine], RequestError>) -> Void
    ) {
        past.lines(after: seq, limit: limit, then: answer)
    }

    func sequence(before date: Date, then answer: @escaping @Sendable (Result<Int, RequestError>) -> Void) {
        past.sequence(before: date, then: answer)
    }

    func ask(
        _ question: Question,
        isWanted: @escaping @Sendable () -> Bool,
        then answer: @escaping @Sendable (Result<JSONValue, RequestError>) -> Void
    ) -> RequestError? {
        questions.ask(question, isWanted: isWanted, then: answer)
    }

    /// Answers no more questions about the past. Blocking, for two seconds at most.
    func stopAnswering() {
        questions.stop()
    }

    /// From now on changes are asked for there; nil where there are none.
    func setChangeDesk(_ desk: ChangeDesk?) {
        changes.withLock { $0 = desk }
    }

    func change(
        _ change: Change,
        then answer: @escaping @Sendable (Result<ChangeReport, RequestError>) -> Void
    ) -> RequestError? {
        guard let desk = changes.withLock({ $0 }) else {
            return RequestError(.notSupported, "the daemon can be changed only while it watches; ask again later")
        }
        desk.ask(change, then: answer)
        return nil
    }

    func prompts() -> [PromptReport] {
        let inForce = inForce.now
        return inForce.settings.triggers.map { trigger in
            PromptReport(
                trigger: trigger.name,
                prompt: trigger.prompt,
                against: trigger.against,
                image: trigger.image.isEmpty ? nil : trigger.image.map(\.path),
                againstImage: trigger.againstImage.isEmpty ? nil : trigger.againstImage.map(\.path),
                when: trigger.whenText,
                clear: trigger.clearText,
                cameras: trigger.cameras,
                regions: trigger.regions.isEmpty ? nil : trigger.regions,
                origin: inForce.added.contains(trigger.name) ? .added : .file
            )
        }
    }

    func status() -> StatusReport {
        let written = journal.statistics
        return StatusReport(
            version: Release.version,
            boot: boot,
            uptime: ((monotonicNow() - started) / .milliseconds(1)).rounded() / 1000,
            model: model,
            cameras: inForce.now.cameras.map(report),
            triggers: board.states,
            encoder: board.encoder,
            journal: StatusReport.JournalState(
                path: inForce.now.settings.journal.path,
                looks: written.looks,
                messages: written.messages,
                dropped: written.dropped,
                bytes: Int(written.fileBytes),
                writable: written.isWritable,
                retention: StatusReport.Retention(written, inForce.now.settings.journal)
            ),
            seq: Int(journal.lastSequence)
        )
    }

    /// One line for systemd.
    var summary: String {
        let entries = inForce.now.cameras.map { board.camera($0.settings.name) }
        let streaming = entries.count { $0.shownState == "streaming" || $0.shownState.hasPrefix("degraded") }
        let now = monotonicNow() / .seconds(1)
        let rate = entries.reduce(0) { $0 + $1.lookTimes.rate(at: now) }
        let active = board.states.count { $0.state == .active }
        let load = board.encoder.commonRate.map { String(format: ", at most %.2f looks/s a camera", $0) } ?? ""
        return
            "\(streaming) of \(entries.count) cameras, \(String(format: "%.1f", rate)) looks/s, \(active) triggers active\(load)"
    }

    private func report(_ camera: RunningCamera) -> StatusReport.Camera {
        let settings = camera.settings
        let entry = board.camera(settings.name)
        let counters = camera.camera.counters
        return StatusReport.Camera(
            name: settings.name,
            source: settings.source.words,
            state: entry.shownState,
            frames: Int(counters.frames),
            looks: entry.looks,
            replaced: Int(camera.mailbox.replacedCount),
            corrupt: Int(counters.corrupt) + entry.undecodable,
            sequenceGaps: Int(counters.sequenceGaps),
            reopened: Int(counters.reopened),
            reused: entry.reused,
            askedRate: settings.look.perSecond,
            lookRate: (entry.lookTimes.rate(at: monotonicNow() / .seconds(1)) * 100).rounded() / 100,
            lastLook: entry.lastLook
        )
    }
}

extension SourceSettings {
    /// The source as a person would name it.
    var words: String {
        switch self {
        case .device(let path): path
        case .match(let card, let bus, let serial): DeviceMatch(card: card, bus: bus, serial: serial).description
        case .file(let path, _): path
        case .folder(let path, _): path
        case .command(let arguments): arguments.joined(separator: " ")
        }
    }
}
