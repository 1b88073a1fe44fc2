import EventSocket
import Foundation
import Synchronization

/// A daemon made of values.
final class FakeBackend: EventSocketBackend {
    struct Values {
        var hello = Hello(version: "0.1.0", boot: "7f7ce5a2-0f0b-4d1c-9f1e-5a8d1b1c3f60", seq: 0)
        var status = Sample.status
        var prompts = Sample.prompts
        var states = Sample.states
        var cameras: Set<String> = ["front-door"]
        /// What cameras show; those without never give a picture.
        var snapshots: [String: Snapshot] = [:]
        var asked: [SnapshotRequest] = []
        /// What becomes of changes; nil for a daemon that cannot be changed.
        var change: (@Sendable (Change) -> Result<ChangeReport, RequestError>?)?
        /// The changes that were asked for.
        var changes: [Change] = []
        /// What is said of the past; nil where nothing ever is.
        var say: @Sendable (Question) -> Result<JSONValue, RequestError>? = { _ in nil }
        /// The questions that were asked.
        var questions: [Question] = []
        /// The lines that can be read again, in order.
        var journal: [EventLine] = []
        /// Why they cannot.
        var journalFault: RequestError?
        /// Whether answers from the journal are kept back until ``FakeBackend/answerReaders()``.
        var keepsReadersWaiting = false
        var waitingReaders: [@Sendable () -> Void] = []
        /// After which numbers lines were read.
        var reads: [Int] = []
    }

    private let values: Mutex<Values>

    init(_ values: Values = Values()) {
        self.values = Mutex(values)
    }

    func update(_ change: (inout Values) -> Void) {
        values.withLock { change(&$0) }
    }

    func hello() -> Hello { values.withLock { $0.hello } }
    func status() -> StatusReport { values.withLock { $0.status } }
    func prompts() -> [PromptReport] { values.withLock { $0.prompts } }
    func snapshot(
        _ request: SnapshotRequest,
        then answer: @escaping @Sendable (Result<Snapshot, RequestError>) -> Void
    ) -> RequestError? {
        let (isKnown, snapshot) = values.withLock { values in
            values.asked.append(request)
            return (values.cameras.contains(request.camera), values.snapshots[request.camera])
        }
        guard isKnown else { return RequestError(.unknownCamera, "no camera is called “\(request.camera)”") }
        if let snapshot { Thread.detachNewThread { answer(.success(snapshot)) } }
        return nil
    }

    func change(
        _ change: Change,
        then answer: @escaping @Sendable (Result<ChangeReport, RequestError>) -> Void
    ) -> RequestError? {
        let make = values.withLock { values in
            values.changes.append(change)
            return values.change
        }
        guard let make else { return Unchangeable().change(change, then: answer) }
        if let result = make(change) { Thread.detachNewThread { answer(result) } }
        return nil
    }

    func ask(
        _ question: Question,
        isWanted: @escaping @Sendable () -> Bool,
        then answer: @escaping @Sendable (Result<JSONValue, RequestError>) -> Void
    ) -> RequestError? {
        let say = values.withLock { values in
            values.questions.append(question)
            return values.say
        }
        Thread.detachNewThread { if let result = say(question) { answer(result) } }
        return nil
    }

    var changes: [Change] { values.withLock { $0.changes } }

    var asked: [SnapshotRequest] { values.withLock { $0.asked } }

    func states() -> [TriggerState] { values.withLock { $0.states } }

    func lines(
        after seq: Int,
        limit: Int,
        then answer: @escaping @Sendable (Result<[EventLine], RequestError>) -> Void
    ) {
        read { values in
            values.reads.append(seq)
            let result: Result<[EventLine], RequestError> =
                values.journalFault.map { .failure($0) }
                ?? .success(Array(values.journal.drop { $0.seq <= seq }.prefix(limit)))
            return { answer(result) }
        }
    }

    func sequence(before date: Date, then answer: @escaping @Sendable (Result<Int, RequestError>) -> Void) {
        read { values in
            let first = values.journal.first { $0.at >= date }.map { $0.seq - 1 }
            let result: Result<Int, RequestError> =
                values.journalFault.map { .failure($0) } ?? .success(first ?? values.journal.last?.seq ?? 0)
            return { answer(result) }
        }
    }

    private func read(_ body: (inout Values) -> @Sendable () -> Void) {
        let answer = values.withLock { values -> (@Sendable () -> Void)? in
            let answer = body(&values)
            guard values.keepsReadersWaiting else { return answer }
            values.waitingReaders.append(answer)
            return nil
        }
        if let answer { Thread.detachNewThread(answer) }
    }

    /// Answers those who read and were kept waiting; what they get is as old as their question.
    func answerReaders() {
        let waiting = values.withLock { values in
            defer { values.waitingReaders = [] }
            return values.waitingReaders
        }
        for answer in waiting { answer() }
    }

    var waitingReaders: Int { values.withLock { $0.waitingReaders.count } }
    var reads: [Int] { values.withLock { $0.reads } }
}

/// What a backend is that says nothing of changes.
private struct Unchangeable: EventSocketBackend {
    func hello() -> Hello { Hello(version: "", boot: "", seq: 0) }
    func status() -> StatusReport { Sample.status }
    func prompts() -> [PromptReport] { [] }
    func states() -> [TriggerState] { [] }
    func snapshot(
        _ request: SnapshotRequest,
        then answer: @escaping @Sendable (Result<Snapshot, RequestError>) -> Void
    ) -> RequestError? { nil }
    func lines(
        after seq: Int,
        limit: Int,
        then answer: @escaping @Sendable (Result<[EventLine], RequestError>) -> Void
    ) {}
    func sequence(before date: Date, then answer: @escaping @Sendable (Result<Int, RequestError>) -> Void) {}
}

extension EventSocketServer {
    /// Publishes what the journal has by then, as the daemon does.
    func publish(_ line: EventLine, journaledBy backend: FakeBackend) {
        backend.update { $0.journal.append(line) }
        publish(line)
    }
}

enum Sample {
    static let time = Date(timeIntervalSince1970: 1_795_421_643.218)

    static let score = EventLine.Score(
        probability: 0.1 + 0.83,
        similarity: 0.271,
        margin: 0.043,
        rival: "an empty doorstep"
    )

    static func started(
        _ seq: Int,
        trigger: String = "parcel-left",
        camera: String = "front-door",
        event: String = "01J",
        score: EventLine.Score = score
    ) -> EventLine {
        .started(
            seq: seq,
            event: event,
            trigger: trigger,
            camera: camera,
            at: time,
            score: score,
            crop: 1,
            frame: 99_120
        )
    }

    static let states = [
        TriggerState(trigger: "parcel-left", camera: "front-door", state: .active, since: time, event: "01J"),
        TriggerState(trigger: "parcel-left", camera: "back-door", state: .inactive, since: time),
        TriggerState(trigger: "gate-open", camera: "garden", state: .unknown),
    ]

    static let prompts = [
        PromptReport(
            trigger: "parcel-left",
            prompt: ["a parcel on a doorstep"],
            against: ["an empty doorstep"],
            when: "probability >= 0.80",
            clear: "probability < 0.50",
            cameras: ["front-door", "back-door"]
        )
    ]

    static let status = StatusReport(
        version: "0.1.0",
        boot: "7f7ce5a2-0f0b-4d1c-9f1e-5a8d1b1c3f60",
        uptime: 12.5,
        model: .init(name: "mobileclip2-s0", precision: "int8", id: "9a1c", width: 512, side: 256),
        cameras: [
            .init(
                name: "front-door",
                source: "/dev/video0",
                state: "streaming",
                frames: 40,
                looks: 9,
                replaced: 1,
                corrupt: 0,
                lookRate: 3.9,
                lastLook: time
            )
        ],
        triggers: states,
        encoder: .init(batches: 9, crops: 18, medianMilliseconds: 61.5),
        journal: .init(path: "/tmp/journal.db", looks: 9, messages: 3, dropped: 0, bytes: 4_096, writable: true),
        seq: 3
    )
}
