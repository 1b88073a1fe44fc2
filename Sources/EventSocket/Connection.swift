import NIOCore
import Synchronization

/// One connection as other threads see it: what waits to be sent on it, and the way to wake its event loop.
final class Connection: Sendable {
    /// What other threads ask of the connection's handler.
    enum Signal: Sendable {
        /// Lines wait.
        case drain
        /// The subscriber may have to be told that the daemon is there.
        case beat
        /// Send what waits, then close.
        case finish
        /// What was waited for under that number, or that it did not come.
        case answered(Int, Result<LateAnswer, RequestError>)
    }

    private struct Outbox {
        var filter: SubscriptionFilter?
        var queue = SubscriberQueue<ByteBuffer>()
        /// Whether the handler knows that lines wait. It is told once, not for every line: a stalled peer must not
        /// fill its event loop with wake-ups.
        var isAwake = false
    }

    let channel: any Channel
    private let outbox = Mutex(Outbox())

    init(channel: any Channel) {
        self.channel = channel
    }

    var isSubscribed: Bool {
        outbox.withLock { $0.filter != nil }
    }

    /// Queues a line if it is wanted; true when the handler has to be woken for it.
    func offer(_ line: EventLine, bytes: ByteBuffer) -> Bool {
        outbox.withLock { outbox in
            guard let filter = outbox.filter, filter.admits(line) else { return false }
            outbox.queue.append(bytes, seq: line.seq)
            defer { outbox.isAwake = true }
            return !outbox.isAwake
        }
    }

    /// Sets the filter; lines are queued from now on. Gives what waited for the filter before.
    func subscribe(_ filter: SubscriptionFilter) -> [SubscriberQueue<ByteBuffer>.Item] {
        outbox.withLock { outbox in
            var waiting: [SubscriberQueue<ByteBuffer>.Item] = []
            while let item = outbox.queue.next() { waiting.append(item) }
            outbox.filter = filter
            return waiting
        }
    }

    /// What is to be sent next. When there is nothing, the next line wakes the handler again.
    func next() -> SubscriberQueue<ByteBuffer>.Item? {
        outbox.withLock { outbox in
            let item = outbox.queue.next()
            if item == nil { outbox.isAwake = false }
            return item
        }
    }

    /// Takes no more lines.
    func unsubscribe() {
        outbox.withLock { $0.filter = nil }
    }

    /// Tells the handler, from any thread.
    func signal(_ signal: Signal) {
        let channel = channel
        channel.eventLoop.execute { channel.pipeline.fireUserInboundEventTriggered(signal) }
    }
}
