import Foundation
import NIOCore
import NIOPosix

/// A connection to the daemon, for programs in Swift.
///
/// It belongs to one task: requests are made one after the other, and lines are read in between or afterwards. Lines
/// that arrive while an answer is waited for are kept for ``next()``. A cancelled task sees the connection's end.
public final class EventSocketClient {
    /// What the daemon said first.
    public let hello: Hello

    private var input: InputLines
    private let output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var waiting = CircularBuffer<ServerLine>()
    private var requests = 0

    private init(hello: Hello, input: InputLines, output: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.hello = hello
        self.input = input
        self.output = output
    }

    /// Connects, calls `body` with the connection, and closes it.
    ///
    /// - Throws: ``EventSocketError/notReachable(_:why:)`` when there is no daemon at the path, a ``RequestError`` when
    ///   it refuses the connection, and what `body` throws.
    public static func withConnection<Result: Sendable>(
        to path: String,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        _ body: (EventSocketClient) async throws -> Result
    ) async throws -> Result {
        let connection = try await connect(to: path, group: group)
        return try await connection.executeThenClose { inbound, outbound in
            var input = InputLines(bytes: inbound.makeAsyncIterator())
            guard let first = try await input.next() else {
                throw EventSocketError.notReachable(path, why: "it was closed, or said nothing for ten seconds")
            }
            if let refusal = try? Wire.message(Refusal.self, from: first) { throw refusal.error }
            guard let greeting = try? Wire.message(Greeting.self, from: first) else {
                throw EventSocketError.notUnderstood("its first line is no hello")
            }
            return try await body(EventSocketClient(hello: greeting.hello, input: input, output: outbound))
        }
    }

    /// What the daemon says of itself.
    public func status() async throws -> StatusReport {
        try await ask(.status)
    }

    /// A sign of life.
    public func ping() async throws -> Pulse {
        try await ask(.ping)
    }

    /// The triggers in force.
    public func prompts() async throws -> [PromptReport] {
        try await ask(.promptsList, answeredBy: PromptList.self).prompts
    }

    /// The current states of triggers, of those and on those cameras that the filter names.
    public func triggers(_ filter: SubscriptionFilter = SubscriptionFilter()) async throws -> SubscriptionStart {
        try await ask(.triggers, subscription: Subscription(filter: filter))
    }

    /// Asks for a change, and waits until it is made.
    public func change(_ change: Change) async throws -> ChangeReport {
        switch change {
        case .reload:
            return try await ask(.reload)
        case .addPrompts(let settings):
            let value = try Wire.message(JSONValue.self, from: ByteBuffer(string: settings))
            return try await ask(.promptsAdd, trigger: value)
        case .removePrompts(let name):
            return try await ask(.promptsRemove, trigger: .string(name))
        }
    }

    /// What a camera shows at its next look.
    public func snapshot(_ request: SnapshotRequest) async throws -> Snapshot {
        try await ask(.snapshot, picture: request)
    }

    /// Subscribes; the lines after the answer come from ``next()``. Asking again replaces the filter.
    ///
    /// - Parameters:
    ///   - since: from where what was missed is told first.
    ///   - heartbeat: after how long without any line the daemon says that it is there, 1 second to 1 hour.
    public func subscribe(
        _ filter: SubscriptionFilter = SubscriptionFilter(),
        since: Since? = nil,
        heartbeat: Duration? = nil
    ) async throws -> SubscriptionStart {
        try await ask(.subscribe, subscription: Subscription(filter: filter, since: since, heartbeat: heartbeat))
    }

    /// The next line, nil when the connection has ended.
    public func next() async throws -> ServerLine? {
        if let line = waiting.popFirst() { return line }
        guard let line = try await input.next() else { return nil }
        return Self.classified(line)
    }

    private func ask<Answer: Codable & Sendable>(
        _ name: Request.Name,
        subscription: Subscription = Subscription(),
        picture: SnapshotRequest? = nil,
        trigger: JSONValue? = nil,
        answeredBy: Answer.Type = Answer.self
    ) async throws -> Answer {
        requests += 1
        let id = JSONValue.number(Decimal(requests))
        let request = OutgoingRequest(
            id: id,
            name: name.rawValue,
            subscription: subscription,
            picture: picture,
            trigger: trigger
        )
        let bytes = try Wire.line(request)
        do {
            try await output.write(bytes)
        } catch let error as CancellationError {
            throw error
        } catch {
            // It has several words for that, by how far the end has got.
            throw EventSocketError.connectionClosed
        }
        while let line = try await input.next() {
            let head = try? Wire.message(AnswerHead.self, from: line)
            guard let head, head.isAnswer else {
                waiting.append(Self.classified(line))
                continue
            }
            if let error = head.error, head.id == id || head.id == nil { throw error }
            guard head.id == id else { continue }
            do {
                return try Wire.message(Reply<Answer>.self, from: line).ok
            } catch {
                throw EventSocketError.notUnderstood("its answer to \(name.rawValue) is not as expected: \(error)")
            }
        }
        throw EventSocketError.connectionClosed
    }

    private static func classified(_ line: ByteBuffer) -> ServerLine {
        let text = String(buffer: line)
        if let event = try? Wire.message(EventLine.self, from: line) {
            return ServerLine(text: text, content: .event(event))
        }
        if let notice = try? Wire.message(LagNotice.self, from: line) {
            return ServerLine(text: text, content: .lagged(notice.lagged))
        }
        if let notice = try? Wire.message(HeartbeatNotice.self, from: line) {
            return ServerLine(text: text, content: .heartbeat(notice.heartbeat))
        }
        return ServerLine(text: text, content: .unknown)
    }

    private static func connect(
        to path: String,
        group: any EventLoopGroup
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try ListeningSocket.check(path)
        do {
            return try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Impatience(.seconds(10)))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        } catch let error as IOError {
            let why =
                switch error.errnoCode {
                case ENOENT: "there is no socket; is scenewatchd running, and is this its socket's path?"
                case ECONNREFUSED: "nobody listens on the socket; is scenewatchd running?"
                case EACCES, EPERM: "no permission; are you in the socket's group?"
                case let code: String(cString: strerror(code))
                }
            throw EventSocketError.notReachable(path, why: why)
        }
    }
}

/// The lines of a connection.
private struct InputLines {
    var bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    var framer = LineFramer()

    init(bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) {
        self.bytes = bytes
    }

    mutating func next() async throws -> ByteBuffer? {
        while true {
            switch framer.next() {
            case .line(let line): return line
            case .tooLong:
                throw EventSocketError.notUnderstood("a line is longer than \(EventProtocol.longestLine) bytes")
            case nil: break
            }
            do {
                guard var read = try await bytes.next() else { return nil }
                framer.append(&read)
            } catch is IOError {
                // A peer that was killed resets what it had not read.
                return nil
            }
        }
    }
}

/// A request as it is sent.
private struct OutgoingRequest: Encodable {
    var id: JSONValue
    var name: String
    var subscription: Subscription
    var picture: SnapshotRequest?
    var trigger: JSONValue?

    private enum CodingKeys: String, CodingKey {
        case id, name = "do", since, heartbeat, triggers, cameras, kinds, camera, width, trigger
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        let filter = subscription.filter
        try container.encodeIfPresent(subscription.since, forKey: .since)
        if let heartbeat = subscription.heartbeat {
            try container.encode("\(Int64(heartbeat / .milliseconds(1)))ms", forKey: .heartbeat)
        }
        try container.encodeIfPresent(filter.triggers?.sorted(), forKey: .triggers)
        try container.encodeIfPresent(filter.cameras?.sorted(), forKey: .cameras)
        try container.encodeIfPresent(filter.kinds?.map(\.rawValue).sorted(), forKey: .kinds)
        try container.encodeIfPresent(picture?.camera, forKey: .camera)
        try container.encodeIfPresent(picture?.width, forKey: .width)
        try container.encodeIfPresent(trigger, forKey: .trigger)
    }
}

/// Enough of a line to tell whether it answers a request.
private struct AnswerHead: Decodable {
    var id: JSONValue?
    var error: RequestError?
    var isAnswer: Bool

    private enum CodingKeys: String, CodingKey {
        case id, ok, error
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decodeIfPresent(JSONValue.self, forKey: .id)
        error = try container.decodeIfPresent(RequestError.self, forKey: .error)
        isAnswer = error != nil || container.contains(.ok)
    }
}
