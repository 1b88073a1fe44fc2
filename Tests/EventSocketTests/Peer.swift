import EventSocket
import Foundation
import NIOCore
import NIOPosix
import Testing

/// The other end of a connection, which can say anything.
final class Peer {
    private var bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var framer = LineFramer()

    private init(
        bytes: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.bytes = bytes
        self.output = output
    }

    /// Connects and calls; the hello is read already unless told otherwise. One that is clinging stays when the server has
    /// said its last.
    static func connect<Result: Sendable>(
        _ path: String,
        readingHello: Bool = true,
        clinging: Bool = false,
        _ body: (Peer) async throws -> Result
    ) async throws -> Result {
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: clinging)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            let peer = Peer(bytes: inbound.makeAsyncIterator(), output: outbound)
            if readingHello {
                let hello = try #require(try await peer.line())
                try #require(hello.hasPrefix("{\"hello\":"))
            }
            return try await body(peer)
        }
    }

    func send(_ text: String) async throws {
        try await output.write(ByteBuffer(string: text + "\n"))
    }

    func send(bytes: some Sequence<UInt8> & Sendable) async throws {
        try await output.write(ByteBuffer(bytes: bytes))
    }

    /// Closes the sending side.
    func finish() {
        output.finish()
    }

    /// The next line, nil at the end.
    func line() async throws -> String? {
        while true {
            if case .line(let line) = framer.next() { return String(buffer: line) }
            guard var read = try await bytes.next() else { return nil }
            framer.append(&read)
        }
    }

    /// Sends a request and reads a line.
    func ask(_ text: String) async throws -> String {
        try await send(text)
        return try #require(try await line())
    }

    /// The next line, which must be an event.
    func event() async throws -> EventLine {
        let line = try #require(try await line())
        return try Wire.message(EventLine.self, from: ByteBuffer(string: line))
    }
}

/// A line as JSON.
func json(_ line: String) throws -> JSONValue {
    try Wire.message(JSONValue.self, from: ByteBuffer(string: line))
}

/// The code of a line that is a refusal.
func code(_ line: String) throws -> String {
    try Wire.message(Refusal.self, from: ByteBuffer(string: line)).error.code
}
