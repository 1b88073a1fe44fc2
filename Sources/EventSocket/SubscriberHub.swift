import NIOCore
import Synchronization

/// All connections, and the one lock that orders published lines against subscriptions.
final class SubscriberHub: Sendable {
    enum Admission {
        case admitted, full, closed
    }

    private struct State {
        var seq = 0
        var connections: [ObjectIdentifier: Connection] = [:]
        /// Those that are not served and are being told why.
        var refused: Set<ObjectIdentifier> = []
        var notices: [String: RefusalNotice] = [:]
        var isOpen = true
    }

    private let state = Mutex(State())

    /// The sequence number from which live lines count, if none was published yet.
    func begin(at seq: Int) {
        state.withLock { $0.seq = max($0.seq, seq) }
    }

    func admit(_ connection: Connection) -> Admission {
        state.withLock { state in
            guard state.isOpen else { return .closed }
            guard state.connections.count < EventProtocol.connections else { return .full }
            state.connections[ObjectIdentifier(connection)] = connection
            return .admitted
        }
    }

    /// Whether a connection that is not served can be told why. It takes a place of those until it is removed.
    func admitToRefusal(_ connection: Connection) -> Bool {
        state.withLock { state in
            guard state.isOpen, state.refused.count < EventProtocol.refusals else { return false }
            state.refused.insert(ObjectIdentifier(connection))
            return true
        }
    }

    /// Counts a connection that is not served; gives how many of that code are to be logged, if it is time for that.
    func countRefusal(_ code: String, at now: NIODeadline) -> Int? {
        state.withLock { $0.notices[code, default: RefusalNotice()].count(at: now) }
    }

    func remove(_ connection: Connection) {
        state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = nil
            state.refused.remove(ObjectIdentifier(connection))
        }
    }

    /// Admits nobody and publishes nothing any more; gives the connections that are left.
    func close() -> [Connection] {
        state.withLock { state in
            state.isOpen = false
            return Array(state.connections.values)
        }
    }

    /// The number of the latest message.
    var seq: Int {
        state.withLock { $0.seq }
    }

    var subscribers: Int {
        state.withLock { $0.connections.values.count { $0.isSubscribed } }
    }

    /// Queues a line for everybody who wants it. All subscribers see all lines in the order of these calls.
    func publish(_ line: EventLine, bytes: ByteBuffer) {
        let woken = state.withLock { state -> [Connection] in
            guard state.isOpen else { return [] }
            state.seq = max(state.seq, line.seq)
            return state.connections.values.filter { $0.offer(line, bytes: bytes) }
        }
        for connection in woken { connection.signal(.drain) }
    }

    /// Subscribes a connection: everything up to the sequence number went before, everything after it will be queued.
    func subscribe(
        _ connection: Connection,
        _ filter: SubscriptionFilter
    ) -> (seq: Int, waiting: [SubscriberQueue<ByteBuffer>.Item]) {
        state.withLock { state in
            (state.seq, connection.subscribe(filter))
        }
    }
}
