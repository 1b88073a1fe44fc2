import Dispatch
import EventSocket
import Foundation
import Journal

/// Reads for subscribers what they missed, from the journal, on one thread of its own: page after page, in the order in
/// which they were asked for. A long past takes many pages, and whoever asks for little waits for one of them at most.
package final class Past: Sendable {
    private let journal: Journal
    private let thread = DispatchQueue(label: "read the past")

    package init(_ journal: Journal) {
        self.journal = journal
    }

    /// Hands over up to `limit` messages after a number, without those of triggers on trial.
    package func lines(
        after seq: Int,
        limit: Int,
        then answer: @escaping @Sendable (Result<[EventLine], RequestError>) -> Void
    ) {
        read(then: answer) { journal throws(JournalError) in
            try journal.messages(after: Int64(seq), limit: limit, includingDryRuns: false).map(EventLine.init)
        }
    }

    /// Hands over the number before the first message at or after a time.
    package func sequence(
        before date: Date,
        then answer: @escaping @Sendable (Result<Int, RequestError>) -> Void
    ) {
        read(then: answer) { journal throws(JournalError) in Int(try journal.sequence(before: date)) }
    }

    private func read<Value: Sendable>(
        then answer: @escaping @Sendable (Result<Value, RequestError>) -> Void,
        _ body: @escaping @Sendable (Journal) throws(JournalError) -> Value
    ) {
        let journal = journal
        thread.async {
            let result = Result { () throws(JournalError) in try body(journal) }
            answer(result.mapError { RequestError(.noJournal, "the past cannot be read: \($0)") })
        }
    }
}
