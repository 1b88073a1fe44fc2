import Dispatch
import Synchronization

/// The one place where a camera leaves its newest frame: the latest wins, and frames that nobody took are counted.
///
/// Both sides swap their frame with the one that lies in the mailbox, so the same three buffers go round for ever and
/// nothing is allocated once they have grown to the size of the pictures.
public final class FrameMailbox: Sendable {
    private struct State {
        var frame = Frame()
        var isFull = false
        var replacedCount: UInt64 = 0
        var isAwaited = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let taken = DispatchSemaphore(value: 0)
    private let onOffer: @Sendable () -> Void

    /// A mailbox that is empty.
    ///
    /// - Parameter onOffer: Called after each offer, on the camera's thread and outside of any lock. It must be brief.
    public init(onOffer: @escaping @Sendable () -> Void) {
        self.onOffer = onOffer
    }

    /// Leaves a frame, replacing the one that was not taken, if any.
    ///
    /// - Parameter frame: On return some older frame, whose storage can be used again.
    public func offer(_ frame: inout Frame) {
        state.withLock { state in
            swap(&state.frame, &frame)
            if state.isFull { state.replacedCount += 1 }
            state.isFull = true
        }
        onOffer()
    }

    /// Takes the newest frame, if one was offered since the last time.
    ///
    /// - Parameter frame: The frame, when the result is true; otherwise untouched. What it held before is recycled.
    public func take(into frame: inout Frame) -> Bool {
        let (isTaken, isAwaited) = state.withLock { state in
            guard state.isFull else { return (false, false) }
            swap(&state.frame, &frame)
            state.isFull = false
            defer { state.isAwaited = false }
            return (true, state.isAwaited)
        }
        if isAwaited { taken.signal() }
        return isTaken
    }

    /// Waits, on the thread that offers, until there is no frame that was not taken, the mailbox is closed, or the
    /// deadline by ``monotonicNow()`` has passed; nil waits for ever.
    func waitUntilTaken(until deadline: Duration? = nil) {
        let mustWait = state.withLock { state in
            state.isAwaited = state.isFull && !state.isClosed
            return state.isAwaited
        }
        guard mustWait else { return }
        guard let deadline else { return taken.wait() }
        let left = max(deadline - monotonicNow(), .zero)
        guard taken.wait(timeout: .now() + left / .seconds(1)) == .timedOut else { return }
        // Who has taken it just now signals, and that must not end another wait.
        let isSignalled = state.withLock { state in
            defer { state.isAwaited = false }
            return !state.isAwaited
        }
        if isSignalled { taken.wait() }
    }

    /// Ends the waiting: nobody takes frames any more.
    func close() {
        let isAwaited = state.withLock { state in
            state.isClosed = true
            defer { state.isAwaited = false }
            return state.isAwaited
        }
        if isAwaited { taken.signal() }
    }

    /// How many frames were replaced by a newer one before anybody took them.
    public var replacedCount: UInt64 {
        state.withLock { $0.replacedCount }
    }
}
