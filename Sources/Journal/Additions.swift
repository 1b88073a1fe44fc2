import Foundation
import GRDB

/// A trigger that was added while the daemon ran.
public struct Addition: Sendable, Hashable {
    /// The trigger's name.
    public var name: String
    /// Its settings, as the text of a JSON object. The journal does not read them.
    public var definition: String
    /// When it was added, to the millisecond.
    public var added: Date

    /// Makes an addition.
    public init(name: String, definition: String, added: Date) {
        self.name = name
        self.definition = definition
        self.added = added
    }
}

extension JournalReader {
    /// The triggers that were added, in the order in which they were. Blocking.
    public func additions() throws(JournalError) -> [Addition] {
        try fetch("SELECT name, definition, added FROM addition ORDER BY added, name", []) { row in
            Addition(name: row[0], definition: row[1], added: Milliseconds.date(row[2]))
        }
    }
}

extension Journal {
    /// The triggers that were added, in the order in which they were. Blocking.
    public func additions() throws(JournalError) -> [Addition] { try writer.reader.additions() }

    /// Keeps a trigger, in the place of an earlier one of its name, which it then follows in order. It is on disk on
    /// return. Blocking.
    public func keep(_ addition: Addition) throws(JournalError) {
        try change(
            "INSERT OR REPLACE INTO addition (name, definition, added) VALUES (?, ?, ?)",
            [addition.name, addition.definition, Milliseconds.of(addition.added)]
        )
    }

    /// Forgets the trigger of that name, if it was added. That is on disk on return. Blocking.
    public func forget(addition name: String) throws(JournalError) {
        try change("DELETE FROM addition WHERE name = ?", [name])
    }

    /// One statement in a transaction of its own, between two of the writer's.
    private func change(_ sql: String, _ arguments: StatementArguments) throws(JournalError) {
        try DatabaseFile.translated(path) {
            try writer.database.writeWithoutTransaction { connection in
                // The writer sets it anew for each of its own, at worst one message later.
                try connection.execute(sql: "PRAGMA synchronous = FULL")
                try connection.inTransaction(.immediate) {
                    try connection.execute(sql: sql, arguments: arguments)
                    return .commit
                }
            }
        }
    }
}
