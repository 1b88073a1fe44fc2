import NIOCore

/// Subscriptions: first the states, then what was missed, then what happens, with no gap and no duplicate between them.
///
/// The subscription takes effect under the hub's lock, at the number of the latest message. What came after that waits
/// in the subscriber's queue, and the past is told up to that number, whatever the journal has beyond it by then.
extension ConnectionHandler {
    private static var unread: RequestError {
        RequestError(.noJournal, "the journal gave no answer for \(EventProtocol.readingPatience) seconds; try again")
    }

    /// Answers `subscribe`, at once or when the past has been looked up.
    func subscribe(_ subscription: Subscription, for id: JSONValue?, _ context: ChannelHandlerContext) {
        switch subscription.since {
        case nil:
            begin(subscription, for: id, context)
        case .sequence(let seq):
            subscribe(subscription, after: seq, for: id, context)
        case .time(let date):
            guard date <= now() else {
                let message = "`since` is a time that is yet to come; it is now \(WireTime.text(now()))"
                return write(Refusal(id: id, error: RequestError(.badRequest, message)), context)
            }
            ask(
                for: .beginning(id, subscription),
                patience: EventProtocol.readingPatience,
                otherwise: Self.unread,
                context
            ) { answer in
                backend.sequence(before: date) { answer($0.map(LateAnswer.sequence)) }
                return nil
            }
        }
    }

    /// Answers `subscribe`, at once when nothing was missed, else when the first page is there.
    func subscribe(
        _ subscription: Subscription,
        after seq: Int,
        for id: JSONValue?,
        _ context: ChannelHandlerContext
    ) {
        guard seq < hub.seq else { return begin(subscription, for: id, context) }
        read(after: seq, for: .firstPage(id, subscription, after: seq), context)
    }

    /// Lets the subscription take effect and answers.
    func begin(
        _ subscription: Subscription,
        after seq: Int? = nil,
        firstPage: [EventLine] = [],
        for id: JSONValue?,
        _ context: ChannelHandlerContext
    ) {
        let filter = subscription.filter
        let start = hub.subscribe(connection, filter)
        // Under the filter before, these came before the answer: they are sent before it, however many they are.
        for item in start.waiting { write(item, context) }
        let states = backend.states().filter { filter.admits($0) }
        reply(SubscriptionStart(seq: start.seq, states: states), to: id, context)
        heartbeat = subscription.heartbeat.map { Heartbeat(every: $0, from: .now()) }
        setAlarm(context)
        guard let seq else { return }
        replay = Replay(after: seq, to: start.seq, filter: filter)
        // The page is older than the start. When it is not full, more may have come in between.
        replay?.take(.success(firstPage), isEarly: true)
    }

    /// Tells some of what was missed; false when that has to wait for a page.
    func continueReplay(_ context: ChannelHandlerContext) -> Bool {
        switch replay?.next() {
        case .line(let line):
            write(line, context)
        case .missing(let lag):
            write(LagNotice(lagged: lag), context)
        case .read(let seq):
            read(after: seq, for: .page, context)
        case .wait:
            return false
        case .finished, nil:
            replay = nil
        }
        return true
    }

    /// Says that the daemon is there, if it is time for that and the peer reads.
    ///
    /// - Parameter seq: up to where all has been sent.
    func beat(_ seq: Int?, _ context: ChannelHandlerContext) {
        if let seq, heartbeat?.isDue(at: .now()) == true, context.channel.isWritable {
            write(HeartbeatNotice(heartbeat: Pulse(at: now(), seq: seq)), context)
        }
        if heartbeat?.isDue(at: .now()) == true { heartbeat?.begin(at: .now()) }
        setAlarm(context)
    }

    private func setAlarm(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        let connection = connection
        alarm = heartbeat.map { heartbeat in
            context.eventLoop.scheduleTask(deadline: heartbeat.due) { connection.signal(.beat) }
        }
    }

    private func read(after seq: Int, for purpose: Purpose, _ context: ChannelHandlerContext) {
        ask(for: purpose, patience: EventProtocol.readingPatience, otherwise: Self.unread, context) { answer in
            backend.lines(after: seq, limit: EventProtocol.linesPerPage) { answer($0.map(LateAnswer.lines)) }
            return nil
        }
    }
}
