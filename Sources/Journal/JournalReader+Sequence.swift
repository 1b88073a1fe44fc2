import Foundation
import GRDB

extension JournalReader {
    /// The number before the first message that is at or after a time: what ``messages(after:limit:)`` needs to give all
    /// since then. The number of the last message when there is none, 0 when there are no messages.
    ///
    /// Times need not grow with the numbers: a clock may have been set back, and a loss is told late. So earlier messages
    /// can follow, but none at or after the time comes before.
    public func sequence(before date: Date) throws(JournalError) -> Int64 {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                try Int64.fetchOne(
                    connection,
                    sql: """
                        SELECT coalesce(
                            (SELECT seq - 1 FROM message WHERE at >= ? ORDER BY seq LIMIT 1),
                            (SELECT max(seq) FROM message),
                            0
                        )
                        """,
                    arguments: [Milliseconds.of(date)]
                ) ?? 0
            }
        }
    }
}
