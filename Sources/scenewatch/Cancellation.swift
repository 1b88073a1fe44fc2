import Foundation
import Synchronization

/// Whether somebody has had enough of work that blocks.
final class Cancellation: Sendable {
    private let state = Atomic(false)

    /// Whether it is so.
    var isCancelled: Bool { state.load(ordering: .relaxed) }

    /// Throws `CancellationError` where it is so.
    func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Waits, unless it is or becomes so.
    func wait(_ duration: Duration) throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            try check()
            usleep(20_000)
        }
        try check()
    }

    fileprivate func cancel() { state.store(true, ordering: .relaxed) }
}

/// Runs blocking work on a thread of its own, since tasks share few; signals cancel it, as `interruptible` says.
func interruptibleOnThread(_ work: @escaping @Sendable (Cancellation) throws -> Void) async throws {
    try await interruptible {
        let cancellation = Cancellation()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let thread = Thread { continuation.resume(with: Result { try work(cancellation) }) }
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
