import Capture
import Dispatch
import Synchronization

/// Wakes the thread that looks: when a frame was offered, when a camera has news, or when it is to stop.
///
/// Waiting is by the monotonic clock, so that setting the wall clock back does not put the thread to sleep.
final class Doorbell: Sendable {
    private struct State {
        var hasFrame = false
        var hasNews = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)

    /// A frame lies in some mailbox. Called by cameras' threads; of rings that nobody waits for only the first costs
    /// anything.
    func ring() {
        let isFirst = state.withLock { state in
            defer { state.hasFrame = true }
            return !state.hasFrame
        }
        if isFirst { semaphore.signal() }
    }

    /// A camera was lost or found.
    func announce() {
        state.withLock { $0.hasNews = true }
        semaphore.signal()
    }

    /// The thread is to end.
    func stop() {
        state.withLock { $0.isStopped = true }
        semaphore.signal()
    }

    var hasStopped: Bool { state.withLock { $0.isStopped } }

    /// Waits until the given monotonic time, for a stop, for news and, if asked to, for a frame.
    func wait(until deadline: Duration, forFrames: Bool) {
        while true {
            let isOver = state.withLock { state in
                if state.isStopped { return true }
                if state.hasNews {
                    state.hasNews = false
                    return true
                }
                guard forFrames, state.hasFrame else { return false }
                state.hasFrame = false
                return true
            }
            let left = deadline - monotonicNow()
            guard !isOver, left > .zero else { return }
            _ = semaphore.wait(timeout: .now() + left / .seconds(1))
        }
    }
}
