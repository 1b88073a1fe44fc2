import Dispatch
import EventSocket
import Foundation
import Synchronization

/// Where peers ask about the past: one question after the other, on a thread of its own, so that neither cameras nor
/// subscribers wait for an answer. A few may wait; who asks beyond that is told to come back.
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
    /// - Returns: why there will be none; nil when one comes.
    func ask(_ question: Question, then answer: @escaping Answer) -> RequestError? {
        guard waiting.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue < Question.most else {
            waiting.wrappingSubtract(1, ordering: .releasing)
            return RequestError(.busy, "\(Question.most) questions wait already; ask again in a moment")
        }
        thread.async { [self] in
            defer { waiting.wrappingSubtract(1, ordering: .releasing) }
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
