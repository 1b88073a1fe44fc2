import EventSocket
import Foundation
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(2))) struct ClientTests {
    @Test func askingAndFollowing() async throws {
        try await withServer { server, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(client.hello == Hello(version: "0.1.0", boot: Sample.status.boot, seq: 0))
                #expect(try await client.prompts() == Sample.prompts)
                let start = try await client.subscribe(
                    SubscriptionFilter(
                        triggers: ["parcel-left"],
                        cameras: ["front-door"],
                        kinds: [.eventStarted, .eventEnded]
                    )
                )
                #expect(start.states == [Sample.states[0]])
                for seq in 1...10 { server.publish(Sample.started(seq)) }
                // Lines that come before an answer wait for their turn.
                #expect(try await client.status().subscribers == 1)
                for seq in 1...10 {
                    let line = try #require(try await client.next())
                    #expect(line.content == .event(Sample.started(seq)))
                    #expect(line.text + "\n" == String(buffer: try Wire.line(Sample.started(seq))))
                }
            }
        }
    }

    @Test func theEndOfTheDaemonIsTheEndOfTheLines() async throws {
        try await withFolder { folder in
            let server = makeServer(folder + "/s")
            try await server.start()
            try await EventSocketClient.withConnection(to: folder + "/s") { client async throws in
                _ = try await client.subscribe()
                await server.stop()
                #expect(try await client.next() == nil)
                await #expect(throws: EventSocketError.connectionClosed) { _ = try await client.status() }
            }
        }
    }

    @Test func nobodyThere() async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            do {
                try await EventSocketClient.withConnection(to: path) { _ in }
                Issue.record("connected to nothing")
            } catch let error as EventSocketError {
                #expect(error.description.contains("is scenewatchd running"))
            }
            let stale = try ListeningSocket(bindingTo: path, mode: 0o600)
            close(stale.descriptor)
            do {
                try await EventSocketClient.withConnection(to: path) { _ in }
                Issue.record("connected to a stale socket")
            } catch let error as EventSocketError {
                #expect(error.description.contains("nobody listens"))
            }
            await #expect(throws: EventSocketError.self) {
                try await EventSocketClient.withConnection(to: String(repeating: "x", count: 200)) { _ in }
            }
        }
    }

    /// A daemon of another kind, or of another time.
    private func withStranger(
        saying text: String,
        _ body: (String) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Speaker(text: text))
                    }
                }
                .bind(unixDomainSocketPath: path).get()
            try await body(path)
            try await channel.close()
        }
    }

    @Test func aStrangerIsNotUnderstood() async throws {
        try await withStranger(saying: "220 smtp.example.org ESMTP\r\n") { path in
            do {
                try await EventSocketClient.withConnection(to: path) { _ in }
                Issue.record("a stranger was understood")
            } catch let error as EventSocketError {
                guard case .notUnderstood = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test func aRefusalIsThrown() async throws {
        try await withStranger(saying: #"{"error":{"code":"too-many-connections","message":"full"}}"# + "\n") { path in
            await #expect(throws: RequestError(.tooManyConnections, "full")) {
                try await EventSocketClient.withConnection(to: path) { _ in }
            }
        }
    }

    @Test func aNewerDaemonIsRead() async throws {
        let lines = [
            #"{"hello":{"boot":"b","mood":"fine","protocol":1,"seq":3,"version":"9.0.0"}}"#,
            #"{"at":"2026-11-23T08:14:03.218Z","kind":"weather.changed","seq":4}"#,
            #"{"lagged":{"from":5,"to":9,"why":"rain"}}"#,
            "something else",
            #"{"at":"2026-11-23T08:14:03.218Z","kind":"daemon.reloaded","seq":10,"weather":"rain"}"#,
        ]
        try await withStranger(saying: lines.joined(separator: "\n") + "\n") { path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(client.hello.version == "9.0.0")
                #expect(try await client.next() == ServerLine(text: lines[1], content: .unknown))
                #expect(
                    try await client.next() == ServerLine(text: lines[2], content: .lagged(Lag(from: 5, to: 9)))
                )
                #expect(try await client.next()?.content == .unknown)
                #expect(
                    try await client.next()?.content == .event(.daemonReloaded(seq: 10, at: Sample.time))
                )
            }
        }
    }
}

/// Says something to whoever connects, and nothing more.
private final class Speaker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String

    init(text: String) {
        self.text = text
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
