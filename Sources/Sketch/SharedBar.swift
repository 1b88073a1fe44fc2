import Synchronization

/// How good a candidate must be, as far as any of several threads knows. It only rises.
final class SharedBar: Sendable {
    private let state = Mutex(-Double.infinity)

    var level: Double { state.withLock { $0 } }

    func raise(to level: Double) {
        state.withLock { $0 = max($0, level) }
    }
}
