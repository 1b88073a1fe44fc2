import NIOCore

/// What is answered later: the daemon is asked, and answers from a thread of its own when it can, or not in time.
extension ConnectionHandler {
    /// What a late answer is for.
    enum Purpose {
        /// The answer to the request of that id.
        case answer(JSONValue?)
        /// Where the subscription of that id begins.
        case beginning(JSONValue?, Subscription)
        /// The first page of the subscription of that id, of what came after that number. Until it is there nothing has
        /// changed, so that a journal that cannot be read is a refusal like any other.
        case firstPage(JSONValue?, Subscription, after: Int)
        /// A further page of the subscription that is being served.
        case page
    }

    /// Asks, and waits for the answer.
    ///
    /// - Parameters:
    ///   - seconds: for how long it is waited for; then it is the failure `otherwise`.
    ///   - question: asks; gives back a refusal where nothing will come.
    func ask(
        for purpose: Purpose,
        patience seconds: Int,
        otherwise: RequestError,
        _ context: ChannelHandlerContext,
        _ question: (@escaping @Sendable (Result<LateAnswer, RequestError>) -> Void) -> RequestError?
    ) {
        asked += 1
        let (number, connection) = (asked, connection)
        if let refusal = question({ connection.signal(.answered(number, $0)) }) {
            return take(.failure(refusal), for: purpose, context)
        }
        let impatience = context.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) {
            connection.signal(.answered(number, .failure(otherwise)))
        }
        // Signals come in a later turn of the event loop, an answer that is there already too.
        awaited = (number, purpose, impatience)
    }

    /// Takes what has come of it.
    func take(_ result: Result<LateAnswer, RequestError>, for purpose: Purpose, _ context: ChannelHandlerContext) {
        switch (purpose, result) {
        case (.page, .success(.lines(let lines))):
            replay?.take(.success(lines))
        case (.page, .failure(let error)):
            logger.warning("event socket: the past could not be read for a subscriber: \(error.message)")
            replay?.take(.failure(error))
        case (.answer(let id), .success(.snapshot(let snapshot))):
            reply(snapshot, to: id, context)
        case (.answer(let id), .success(.changed(let report))):
            reply(report, to: id, context)
        case (.answer(let id), .success(.told(let answer))):
            reply(answer, to: id, context)
        case (.beginning(let id, let subscription), .success(.sequence(let seq))):
            subscribe(subscription, after: seq, for: id, context)
        case (.firstPage(let id, let subscription, let seq), .success(.lines(let lines))):
            begin(subscription, after: seq, firstPage: lines, for: id, context)
        case (.answer(let id), .failure(let error)), (.beginning(let id, _), .failure(let error)),
            (.firstPage(let id, _, _), .failure(let error)):
            write(Refusal(id: id, error: error), context)
        case (_, .success):
            assertionFailure("an answer of another kind than was asked for")
        }
    }

    /// Asks for a change.
    func make(_ change: Change, for id: JSONValue?, _ context: ChannelHandlerContext) {
        let message = "the daemon has not answered for \(Change.patience) seconds, and may do it all the same"
        let refusal = RequestError(.noAnswer, message)
        ask(for: .answer(id), patience: Change.patience, otherwise: refusal, context) { answer in
            backend.change(change) { answer($0.map(LateAnswer.changed)) }
        }
    }

    /// Asks the journal.
    func ask(_ question: Question, for id: JSONValue?, _ context: ChannelHandlerContext) {
        let message = "the journal has not answered for \(Question.patience) seconds; ask for a shorter time"
        let refusal = RequestError(.noAnswer, message)
        let channel = connection.channel
        ask(for: .answer(id), patience: Question.patience, otherwise: refusal, context) { answer in
            backend.ask(question, isWanted: { channel.isActive }) { answer($0.map(LateAnswer.told)) }
        }
    }

    /// Asks for a picture.
    func takePicture(_ request: SnapshotRequest, for id: JSONValue?, _ context: ChannelHandlerContext) {
        let message = "camera “\(request.camera)” gave no picture for \(Snapshot.patience) seconds"
        let refusal = RequestError(.noPicture, message)
        ask(for: .answer(id), patience: Snapshot.patience, otherwise: refusal, context) { answer in
            backend.snapshot(request) { answer($0.map(LateAnswer.snapshot)) }
        }
    }
}
