import NIOCore

/// Closes a connection on which nothing is said for a while after it was opened: whatever else listens there may never say
/// a word.
///
/// It goes by what has arrived on the event loop, not by who has read it: on a machine that is busy, the reader's turn may
/// come later than that.
package final class Impatience: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer

    private let patience: TimeAmount
    private var end: Scheduled<Void>?

    package init(_ patience: TimeAmount) {
        self.patience = patience
    }

    package func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        end = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        end?.cancel()
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end?.cancel()
        context.fireChannelInactive()
    }
}
