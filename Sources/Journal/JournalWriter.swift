import Dispatch
import Foundation
import GRDB
import Logging
import Synchronization

/// What the writer's thread shares with those who record.
final class JournalWriter: Sendable {
    typealias Publish = @Sendable (JournaledMessage) -> Void

    /// What is written at once.
    enum Urgent: Sendable {
        case message(JournalMessage, Publish)
        /// Signalled when all that was offered before it has been tried.
        case flush(DispatchSemaphore)
    }

    struct State: Sendable {
        var queue: PendingQueue<LookRecord, Urgent>
        /// Each is written after its look, in one transaction with it or later.
        var thumbnails: [ThumbnailRecord] = []
        var statistics = JournalStatistics()
        var lastSequence: Int64
        /// The writer's thread while it runs.
        var thread: ObjectIdentifier?
    }

    let state: Mutex<State>
    let database: DatabaseQueue
    let reader: JournalReader
    let checkpointer: Checkpointer
    let lock: JournalLock
    let logger: Logger
    let settings: JournalSettings
    var retryAfter: Duration { settings.retryAfter }
    /// The number of the daemon's run.
    let run: Int64
    private let wake = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)

    init(
        database: DatabaseQueue,
        reader: JournalReader,
        checkpointer: Checkpointer,
        lock: JournalLock,
        lastSequence: Int64,
        run: Int64,
        recovered: Int,
        settings: JournalSettings,
        logger: Logger
    ) {
        self.database = database
        self.reader = reader
        self.checkpointer = checkpointer
        self.lock = lock
        self.logger = logger
        self.settings = settings
        self.run = run
        var state = State(
            queue: PendingQueue(capacity: settings.capacity, gathering: settings.gathering),
            lastSequence: lastSequence
        )
        state.statistics.messages = recovered
        self.state = Mutex(state)
        let thread = Thread { [self] in
            self.state.withLock { $0.thread = ObjectIdentifier(Thread.current) }
            var loop = WriterLoop(self)
            loop.run()
            self.state.withLock { $0.thread = nil }
            finished.signal()
        }
        thread.name = "journal"
        thread.start()
    }

    func record(_ look: LookRecord) {
        let wakes = state.withLock { state in
            let (dropped, wakes) = state.queue.offer(look: look, at: .now)
            state.statistics.dropped += dropped
            return wakes
        }
        if wakes { wake.signal() }
    }

    func record(_ thumbnail: ThumbnailRecord) {
        state.withLock { state in
            state.thumbnails.append(thumbnail)
            state.thumbnails.removeFirst(max(0, state.thumbnails.count - Self.mostThumbnails))
        }
    }

    static let mostThumbnails = 512

    /// False when the journal is closed.
    func offer(_ urgent: Urgent) -> Bool {
        guard let wakes = state.withLock({ $0.queue.offer(urgent: urgent) }) else { return false }
        if wakes { wake.signal() }
        return true
    }

    func flush() {
        guard !isWritersThread else { return }
        let done = DispatchSemaphore(value: 0)
        if offer(.flush(done)) { done.wait() } else { waitUntilFinished() }
    }

    func close() {
        if state.withLock({ $0.queue.close() }) { wake.signal() }
        if !isWritersThread { waitUntilFinished() }
    }

    /// What the writer's thread does next.
    enum Turn {
        case write([PendingQueue<LookRecord, Urgent>.Item], [ThumbnailRecord])
        /// Nothing is to be written at this moment.
        case keepHouse
        /// There will be nothing more.
        case finish
    }

    /// What to do next. Sleeps until there is something to do, or it is time to keep house.
    func nextTurn(houseDue: ContinuousClock.Instant) -> Turn {
        while true {
            let now = ContinuousClock.now
            let (step, thumbnails) = state.withLock { state in
                let step = state.queue.next(at: now)
                guard case .write = step else { return (step, [ThumbnailRecord]()) }
                defer { state.thumbnails.removeAll() }
                return (step, state.thumbnails)
            }
            switch step {
            case .write(let items): return .write(items, thumbnails)
            case .finish: return .finish
            case .wait(let due):
                if houseDue <= now { return .keepHouse }
                let (seconds, attoseconds) = (min(due ?? houseDue, houseDue) - now).components
                let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000) + 1
                _ = wake.wait(timeout: .now() + .nanoseconds(nanoseconds))
            }
        }
    }

    private var isWritersThread: Bool {
        let current = ObjectIdentifier(Thread.current)
        return state.withLock { $0.thread == current }
    }

    private func waitUntilFinished() {
        finished.wait()
        finished.signal()
    }
}

/// How the writer deals with time and too much work; tests make it small.
package struct JournalSettings: Sendable {
    /// How many looks may wait. A look of two crops takes about 5 KiB of memory.
    package var capacity = 1024
    /// How long the first look waits for others.
    package var gathering = Duration.milliseconds(50)
    /// How long after a refusal to try again when no message comes.
    package var retryAfter = Duration.seconds(1)
    /// For how long the journal keeps what it holds.
    package var retention = RetentionSettings()
    /// How long it rests when nothing is too old or too much.
    package var housekeepingPause = Duration.seconds(5)
    /// How much faster than the monotonic clock the time may go by which things are too old.
    package var clockHaste = 24.0
    /// Called on the writer's thread when all looks up to one are gone.
    package var looksDeleted: @Sendable (_ upTo: Int64) -> Void = { _ in }

    /// What the daemon uses.
    package init() {}
}
