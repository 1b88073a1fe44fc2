import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Serves the protocol on a Unix socket.
///
/// It is started once and stopped once. The group is the caller's, and must live until ``stop()`` has returned.
public final class EventSocketServer: Sendable {
    private enum Phase {
        case new
        case starting
        case listening(ListeningSocket, any Channel)
        case stopped
    }

    private let path: String
    private let mode: UInt16
    private let backend: any EventSocketBackend
    private let logger: Logger
    private let group: any EventLoopGroup
    private let operators: OperatorList
    private let now: @Sendable () -> Date
    private let hub = SubscriberHub()
    private let phase = Mutex(Phase.new)

    /// Creates a server that does not listen yet.
    ///
    /// - Parameters:
    ///   - path: Where the socket will be, at most 107 bytes.
    ///   - mode: The permissions of the socket, such as `0o660`.
    ///   - backend: Answers for the daemon.
    ///   - logger: Is told of refused connections and of lines that cannot be sent.
    ///   - group: Whose event loops serve the connections.
    ///   - operators: The ids of users who may change something, as root and the daemon's own user may. Members of the
    ///     socket's group may read; others are refused, whatever the mode.
    ///   - now: What time it is.
    public init(
        path: String,
        mode: UInt16,
        backend: some EventSocketBackend,
        logger: Logger,
        group: any EventLoopGroup,
        operators: Set<uid_t> = [],
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.path = path
        self.mode = mode
        self.backend = backend
        self.logger = logger
        self.group = group
        self.operators = OperatorList(operators)
        self.now = now
    }

    /// How many connections are subscribed.
    public var subscribers: Int { hub.subscribers }

    /// From now on these users may change something; those who may no longer are refused on open connections, too.
    public func setOperators(_ users: Set<uid_t>) {
        operators.set(users)
    }

    /// Takes over the path and listens on it. When it returns, clients can connect.
    ///
    /// A socket that nobody listens on is replaced. Whatever else is at the path stays, and is an error.
    public func start() async throws(EventSocketError) {
        let isFirst = phase.withLock { phase in
            guard case .new = phase else { return false }
            phase = .starting
            return true
        }
        guard isFirst else { throw .startedTwice }
        let socket: ListeningSocket
        do {
            socket = try ListeningSocket(bindingTo: path, mode: mode)
        } catch {
            phase.withLock { $0 = .stopped }
            throw error
        }
        hub.begin(at: backend.hello().seq)
        do {
            let listener = try await listen(on: socket)
            phase.withLock { $0 = .listening(socket, listener) }
        } catch {
            phase.withLock { $0 = .stopped }
            socket.unlinkIfOurs()
            throw .system(path, doing: "listen on", why: "\(error)")
        }
    }

    private func listen(on socket: ListeningSocket) async throws -> any Channel {
        let (hub, backend, logger, operators, now) = (hub, backend, logger, operators, now)
        return try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                // Out of descriptors, accept(2) fails again at once: wait instead of spinning.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ConnectionHandler(
                        connection: Connection(channel: channel),
                        hub: hub,
                        backend: backend,
                        rule: { PeerRule(owner: geteuid(), group: socket.group, operators: operators.users) },
                        now: now,
                        logger: logger
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withBoundSocket(socket.descriptor)
            .get()
    }

    /// Sends a line to every subscriber that wants it.
    ///
    /// May be called from any thread; it waits for nobody. All subscribers see the lines in the order of the calls.
    public func publish(_ line: EventLine) {
        do {
            hub.publish(line, bytes: try Wire.line(line))
        } catch {
            logger.error("event socket: message \(line.seq) could not be encoded: \(error)")
        }
    }

    /// Stops listening, sends what is queued, closes every connection, and removes the socket if it is still this
    /// server's.
    ///
    /// - Parameter patience: For how long it sends to peers that are slow to read, or on a machine that is busy.
    public func stop(patience: TimeAmount = .seconds(3)) async {
        let listening = phase.withLock { phase -> (socket: ListeningSocket, listener: any Channel)? in
            guard case .listening(let socket, let listener) = phase else { return nil }
            phase = .stopped
            return (socket, listener)
        }
        guard let listening else { return }
        listening.socket.unlinkIfOurs()
        try? await listening.listener.close()
        let connections = hub.close()
        for connection in connections { connection.signal(.finish) }
        let deadline = group.next().scheduleTask(in: patience) {
            for connection in connections { connection.channel.close(promise: nil) }
        }
        for connection in connections { try? await connection.channel.closeFuture.get() }
        deadline.cancel()
    }
}

/// The users who may change something, for all connections.
private final class OperatorList: Sendable {
    private let stored: Mutex<Set<uid_t>>

    init(_ users: Set<uid_t>) {
        stored = Mutex(users)
    }

    var users: Set<uid_t> { stored.withLock { $0 } }

    func set(_ users: Set<uid_t>) {
        stored.withLock { $0 = users }
    }
}
