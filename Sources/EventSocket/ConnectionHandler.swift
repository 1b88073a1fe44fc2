import Foundation
import Logging
import NIOCore

/// Serves one connection on its event loop: greets, answers requests, sends a subscriber its lines.
///
/// Nothing is taken from the queue, the past or the input while the peer does not read: what waits in memory for one
/// connection is the channel's write buffer (64 KiB and one message), the bounded queue, one page of the past, and one
/// read of input.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Requests are answered.
        case serving
        /// The input has ended; the connection ends with the last answer, or goes on for a subscriber.
        case inputEnded
        /// The server stops: what waits is sent, nothing is answered.
        case finishing
        /// An error was said, and what still comes is thrown away. Closing at once would break the peer's writing
        /// before it reads what was wrong.
        case refusing
        /// The last bytes are on their way.
        case closing
    }

    let connection: Connection
    let hub: SubscriberHub
    let backend: any EventSocketBackend
    /// Who may do what: asked for each connection, since the socket may be given to another group, and for each change,
    /// since operators come and go.
    private let rule: @Sendable () -> PeerRule
    let now: @Sendable () -> Date
    let logger: Logger
    private var peer: PeerCredentials?
    private var framer = LineFramer()
    private var phase = Phase.serving
    private var isAdvancing = false
    private var mustAdvanceAgain = false
    private var refusalWritten: EventLoopFuture<Void>?
    /// What the daemon was asked and has not answered yet: the requests behind it wait too, since answers come in order.
    var awaited: (number: Int, purpose: Purpose, impatience: Scheduled<Void>)?
    var asked = 0
    /// When the subscriber wants to hear that the daemon is there, and the task that wakes the handler then.
    var heartbeat: Heartbeat?
    var alarm: Scheduled<Void>?
    private var mustBeat = false
    /// The past that a subscription has yet to tell, before the lines that wait. Requests wait for its end, too.
    var replay: Replay?

    init(
        connection: Connection,
        hub: SubscriberHub,
        backend: any EventSocketBackend,
        rule: @escaping @Sendable () -> PeerRule,
        now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.connection = connection
        self.hub = hub
        self.backend = backend
        self.rule = rule
        self.now = now
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        let rule = rule()
        peer = context.peerCredentials
        guard rule.access(of: peer) >= .reading else {
            return turnAway(rule.refusal(of: peer), at: .info, context)
        }
        switch hub.admit(connection) {
        case .admitted:
            write(Greeting(hello: backend.hello()), context)
            context.flush()
            context.read()
        case .full:
            let message = "\(EventProtocol.connections) connections are open, and no more are served; try again later"
            turnAway(RequestError(.tooManyConnections, message), at: .warning, context)
        case .closed:
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closing
        awaited?.impatience.cancel()
        alarm?.cancel()
        connection.unsubscribe()
        hub.remove(connection)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .serving = phase else { return }
        var bytes = unwrapInboundIn(data)
        framer.append(&bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Not here: at the input's end NIO calls this before it marks the input as closed, and does not expect that
        // the channel closes meanwhile, as it does when a write meets a peer that is gone.
        connection.signal(.drain)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        advance(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case Connection.Signal.drain:
            advance(context)
        case Connection.Signal.finish:
            switch phase {
            case .serving, .inputEnded: phase = .finishing
            case .finishing, .refusing, .closing: break
            }
            advance(context)
        case Connection.Signal.beat:
            mustBeat = true
            advance(context)
        case Connection.Signal.answered(let number, let result):
            guard let question = awaited, question.number == number else { return }
            awaited = nil
            question.impatience.cancel()
            switch (phase, question.purpose) {
            case (.serving, _), (.inputEnded, _), (.finishing, .page): take(result, for: question.purpose, context)
            case (.finishing, _), (.refusing, _), (.closing, _): return
            }
            advance(context)
        case ChannelEvent.inputClosed:
            switch phase {
            case .serving:
                framer.end()
                phase = .inputEnded
                advance(context)
            case .refusing:
                let channel = context.channel
                refusalWritten?.whenComplete { _ in channel.close(promise: nil) }
            case .inputEnded, .finishing, .closing:
                break
            }
        default:
            break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A peer that went away is no news.
        logger.debug("event socket: a connection ended: \(error)")
        context.close(promise: nil)
    }

    /// Does what can be done while the peer reads.
    ///
    /// Writing and flushing call back when writability changes. Those calls must not overtake the work that they
    /// interrupt, nor pile up on the stack, so they only ask for another turn.
    private func advance(_ context: ChannelHandlerContext) {
        mustAdvanceAgain = true
        guard !isAdvancing else { return }
        isAdvancing = true
        while mustAdvanceAgain {
            mustAdvanceAgain = false
            takeTurn(context)
        }
        isAdvancing = false
    }

    /// Lines first, then answers, then more input.
    private func takeTurn(_ context: ChannelHandlerContext) {
        switch phase {
        case .serving:
            if sendLines(context), answerRequests(context), case .serving = phase { context.read() }
        case .inputEnded:
            if sendLines(context), answerRequests(context), case .inputEnded = phase, !connection.isSubscribed {
                closeAfterWriting(context)
            }
        case .finishing:
            if sendLines(context) { closeAfterWriting(context) }
        case .refusing:
            context.read()
        case .closing:
            break
        }
    }

    /// Sends what was missed and then queued lines while the peer takes them; true when none is left.
    private func sendLines(_ context: ChannelHandlerContext) -> Bool {
        // Taken first: all up to here will have been sent when the queue is empty.
        let seq = mustBeat ? hub.seq : 0
        let isAllSent = sendWhatWaits(context)
        if mustBeat {
            mustBeat = false
            beat(isAllSent ? seq : replay?.position, context)
        }
        context.flush()
        return isAllSent
    }

    private func sendWhatWaits(_ context: ChannelHandlerContext) -> Bool {
        while context.channel.isWritable {
            guard replay == nil else {
                guard continueReplay(context) else { return false }
                continue
            }
            guard let item = connection.next() else { return true }
            write(item, context)
        }
        return false
    }

    /// Answers requests while the peer takes the answers; true when none is left.
    private func answerRequests(_ context: ChannelHandlerContext) -> Bool {
        defer { context.flush() }
        while context.channel.isWritable, awaited == nil, replay == nil {
            switch framer.next() {
            case .line(let line):
                answer(line, context)
            case .tooLong:
                let message = "a line has more than \(EventProtocol.longestLine) bytes; the connection is closed"
                refuse(RequestError(.tooLong, message), context)
            case nil:
                return true
            }
        }
        return false
    }

    private func answer(_ line: ByteBuffer, _ context: ChannelHandlerContext) {
        guard let parsed = ParsedRequest(line: line) else { return }
        if let request = try? parsed.request.get(), request.requiredAccess > .reading {
            let rule = rule()
            guard rule.access(of: peer) >= request.requiredAccess else {
                return write(Refusal(id: parsed.id, error: rule.refusalToWrite()), context)
            }
        }
        switch parsed.request {
        case .success(.subscribe(let subscription)):
            subscribe(subscription, for: parsed.id, context)
        case .success(.status):
            var status = backend.status()
            status.subscribers = hub.subscribers
            reply(status, to: parsed.id, context)
        case .success(.ping):
            let seq = hub.seq
            while let item = connection.next() { write(item, context) }
            reply(Pulse(at: now(), seq: seq), to: parsed.id, context)
        case .success(.triggers(let filter)):
            let seq = hub.seq
            let states = backend.states().filter { filter.admits($0) }
            reply(SubscriptionStart(seq: seq, states: states), to: parsed.id, context)
        case .success(.change(let change)):
            make(change, for: parsed.id, context)
        case .success(.question(let question)):
            ask(question, for: parsed.id, context)
        case .success(.promptsList):
            reply(PromptList(prompts: backend.prompts()), to: parsed.id, context)
        case .success(.snapshot(let request)):
            takePicture(request, for: parsed.id, context)
        case .failure(let error):
            write(Refusal(id: parsed.id, error: error), context)
        }
    }

    func reply(_ payload: some Codable & Sendable, to id: JSONValue?, _ context: ChannelHandlerContext) {
        do {
            let line = try Wire.line(Reply(id: id, ok: payload))
            guard line.readableBytes <= EventProtocol.longestLine + 1 else {
                let message = "the answer has \(line.readableBytes) bytes, more than a line may have"
                return write(Refusal(id: id, error: RequestError(.tooLong, message)), context)
            }
            send(line, context)
        } catch {
            fail(error, context)
        }
    }

    func write(_ item: SubscriberQueue<ByteBuffer>.Item, _ context: ChannelHandlerContext) {
        switch item {
        case .line(let bytes): send(bytes, context)
        case .lagged(let lag): write(LagNotice(lagged: lag), context)
        }
    }

    func write(_ message: some Encodable, _ context: ChannelHandlerContext) {
        do {
            send(try Wire.line(message), context)
        } catch {
            fail(error, context)
        }
    }

    private func send(_ line: ByteBuffer, _ context: ChannelHandlerContext) {
        heartbeat?.begin(at: .now())
        context.write(wrapOutboundOut(line), promise: nil)
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        logger.error("event socket: an answer could not be encoded: \(error)")
        context.close(promise: nil)
    }

    /// Ends a connection that is not served. A crowd of them costs little: only so many are told why, which takes the time
    /// that they take to read it, and the log has a line for many.
    private func turnAway(_ error: RequestError, at level: Logger.Level, _ context: ChannelHandlerContext) {
        if let count = hub.countRefusal(error.code, at: .now()) {
            let others = count > 1 ? " (and \(count - 1) more since that was last said)" : ""
            logger.log(level: level, "event socket: a connection was refused\(others): \(error.message)")
        }
        guard hub.admitToRefusal(connection) else {
            phase = .closing
            return context.close(promise: nil)
        }
        refuse(error, context)
    }

    /// Says what was wrong and ends the connection; the peer gets five seconds to stop sending and read it.
    private func refuse(_ error: RequestError, _ context: ChannelHandlerContext) {
        connection.unsubscribe()
        write(Refusal(id: nil, error: error), context)
        if case .inputEnded = phase { return closeAfterWriting(context) }
        phase = .refusing
        let written = context.eventLoop.makePromise(of: Void.self)
        refusalWritten = written.futureResult
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        context.close(mode: .output, promise: nil)
        context.read()
        let channel = context.channel
        context.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    }

    private func closeAfterWriting(_ context: ChannelHandlerContext) {
        phase = .closing
        connection.unsubscribe()
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }
}
