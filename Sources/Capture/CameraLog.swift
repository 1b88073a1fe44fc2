import Synchronization

/// What a camera tells and counts. A complaint is said once for good.
package final class CameraLog: Sendable {
    private struct State {
        var counters = CameraCounters()
        var causesSaid: Set<String> = []
    }

    // A source can think up new causes for ever (a command's standard error); past these it is not listened to.
    private static let limit = 100
    private let state = Mutex(State())
    private let onNotice: @Sendable (CameraNotice) -> Void

    package init(onNotice: @escaping @Sendable (CameraNotice) -> Void) {
        self.onNotice = onNotice
    }

    package var counters: CameraCounters { state.withLock { $0.counters } }

    package func count(_ change: (inout CameraCounters) -> Void) {
        state.withLock { change(&$0.counters) }
    }

    func notice(_ notice: CameraNotice) {
        onNotice(notice)
    }

    /// Says `text` unless something was said about the same cause before.
    package func complain(_ text: String, cause: String) {
        let isNew = state.withLock { state in
            guard state.causesSaid.count < Self.limit else { return false }
            return state.causesSaid.insert(cause).inserted
        }
        if isNew { onNotice(.complaint(text)) }
    }
}
