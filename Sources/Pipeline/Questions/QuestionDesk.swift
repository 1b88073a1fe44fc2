import Dispatch
import EventSocket
import Foundation
import Synchronization

/// Where peers ask about the past: one question after the other, on a thread of its own, so that neither cameras nor
/// subscribers wait for an answer. A few may wait; who asks beyond that is told to come back, and what nobody waits for any
/// more is not answered.
final class QuestionDesk: Sendable {
    typealias Answer = @Sendable (Result<JSONValue, RequestError>) -> Void

    private let answers: QuestionAnswers
    private let thread = DispatchQueue(label: "questions")
    private let waiting = Atomic(0)
    private let isStopped = Atomic(false)

    init(_ answers: QuestionAnswers) {
        self.answers = answers
    }

    /// Asks. The answer comes from another thread.
    ///
    /// - Parameter isWanted: whether whoever asked is still there when their turn comes.
    /// - Returns: why there will be none; nil when one comes.
    func ask(
        _ question: Question,
        isWanted: @escaping @Sendable () -> Bool,
        then answer: @escaping Answer
    ) -> RequestError? {
        guard waiting.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue < Question.most else {
            waiting.wrappingSubtract(1, ordering: .releasing)
            return RequestError(.busy, "\(Question.most) others have asked and wait for answers; ask again in a moment")
        }
        thread.async { [self] in
            defer { waiting.wrappingSubtract(1, ordering: .releasing) }
            guard isWanted() else { return }
            guard !isStopped.load(ordering: .acquiring) else {
                return answer(.failure(RequestError(.noAnswer, "the daemon is stopping")))
            }
            answer(Result { () throws(RequestError) in try answers.answer(question) })
        }
        return nil
    }

    /// Answers no more. Blocking, for two seconds at most: whoever waits for an answer that takes longer gets none.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        let isIdle = DispatchSemaphore(value: 0)
        thread.async { isIdle.signal() }
        _ = isIdle.wait(timeout: .now() + 2)
    }
}
