import CSpawn
import Dispatch
import Foundation
import Logging
import Synchronization

/// Where offers and the thread that runs hooks meet.
final class HookDesk: Sendable {
    private struct State {
        var queue: HookQueue
        /// What the thread has not done yet. Bounded, as few are started at once, and a burst is told once.
        var actions: [HookQueue.Action] = []
        var isStopping = false
        var hasThread = false
    }

    private let state: Mutex<State>
    private let logger: Logger
    private let clock = SuspendingClock()
    private let origin: SuspendingClock.Instant
    // Without a descriptor (-1: the process has run out of them) the thread looks by itself, every `blindWait`.
    private let wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    private let end = DispatchSemaphore(value: 0)
    private static let blindWait = Duration.milliseconds(100)

    init(queue: HookQueue, logger: Logger) {
        state = Mutex(State(queue: queue))
        self.logger = logger
        origin = clock.now
    }

    deinit {
        if wake >= 0 { close(wake) }
    }

    private var now: Duration { clock.now - origin }

    var statistics: HookStatistics { state.withLock { $0.queue.statistics } }

    func offer(_ job: HookJob) {
        let isFirst = state.withLock { state in
            state.actions += state.queue.offer(job, at: now)
            guard !state.hasThread, !state.isStopping else { return false }
            state.hasThread = true
            return true
        }
        if isFirst {
            let loop = HookLoop(desk: self, logger: logger)
            let thread = Thread { loop.run() }
            thread.name = "hooks"
            thread.start()
        }
        _ = eventfd_write(wake, 1)
    }

    func stop(within limit: Duration) {
        state.withLock { state in
            state.isStopping = true
            state.actions += state.queue.stop(within: limit, at: now)
        }
        _ = eventfd_write(wake, 1)
    }

    /// Waits for the thread to end, if there is one.
    func waitForEnd(atMost limit: Duration) {
        guard state.withLock({ $0.hasThread }) else { return }
        if end.wait(timeout: .now() + limit / .seconds(1)) == .timedOut {
            logger.warning("a hook cannot be ended; it is left alone")
        } else {
            // For whoever stops a second time.
            end.signal()
        }
    }

    // MARK: For the thread

    /// What is to be done now, and for how long there is then nothing; nil when all is over.
    func next() -> (actions: [HookQueue.Action], pause: Duration?)? {
        state.withLock { state in
            let now = now
            let actions = state.actions + state.queue.advance(to: now)
            state.actions = []
            if actions.isEmpty, state.isStopping, state.queue.isIdle { return nil }
            let pause = state.queue.nextDeadline.map { max($0 - now, .zero) }
            return (actions, wake >= 0 ? pause : min(pause ?? Self.blindWait, Self.blindWait))
        }
    }

    func ended(_ run: HookQueue.Run, succeeded: Bool) {
        state.withLock { $0.actions += $0.queue.ended(run, succeeded: succeeded, at: now) }
    }

    /// Whether something is to be done at once.
    var hasActions: Bool { state.withLock { !$0.actions.isEmpty } }

    /// Readable when somebody has come.
    var descriptor: Int32 { wake }

    func takeWakes() {
        var count = eventfd_t()
        _ = eventfd_read(wake, &count)
    }

    func threadEnds() {
        end.signal()
    }
}
