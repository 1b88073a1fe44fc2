import EventSocket
import NIOCore
import NIOEmbedded
import Testing

@Suite struct ImpatienceTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: Impatience(.seconds(10)))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/s")).wait()
        return channel
    }

    @Test func whoSaysNothingIsLeft() throws {
        let channel = try channel()
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
    }

    /// Also when what was said is read much later, since the machine is busy.
    @Test func whoSaysSomethingIsHeardHoweverLateItIsRead() throws {
        let channel = try channel()
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        try channel.writeInbound(ByteBuffer(string: "{"))
        try channel.writeInbound(ByteBuffer(string: "}"))
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "{"))
        #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "}"))
        #expect(try channel.finish().isClean)
    }
}
