import Synchronization

/// Why a thread ended by itself, if one did: the first reason stays.
final class FirstFailure: Sendable {
    private let stored = Mutex<String?>(nil)

    var reason: String? { stored.withLock { $0 } }

    func set(_ reason: String) {
        stored.withLock { $0 = $0 ?? reason }
    }
}
