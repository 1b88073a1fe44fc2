import Capture
import Foundation

/// Wakes the thread that looks: when a frame was offered, or when it is to stop.
///
/// - Note: `@unchecked Sendable` is sound: every access to the two flags is made with `condition` locked.
final class Doorbell: @unchecked Sendable {
    private let condition = NSCondition()
    private var isRung = false
    private var isStopped = false

    /// A frame lies in some mailbox. Called by cameras' threads.
    func ring() {
        condition.withLock {
            isRung = true
            condition.signal()
        }
    }

    /// The thread is to end.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.signal()
        }
    }

    var hasStopped: Bool { condition.withLock { isStopped } }

    /// Waits until the given monotonic time, for a stop, and, if asked to, for a frame.
    func wait(until deadline: Duration, forFrames: Bool) {
        condition.withLock {
            if !forFrames { isRung = false }
            while !isStopped && !(forFrames && isRung) {
                let left = (deadline - monotonicNow()) / .seconds(1)
                guard left > 0 else { break }
                _ = condition.wait(until: Date(timeIntervalSinceNow: left))
            }
            isRung = false
        }
    }
}
