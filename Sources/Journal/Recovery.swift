import Foundation
import GRDB

/// Ends the events that a daemon left open when it died.
enum Recovery {
    /// The highest number that a message of this journal ever had; 0 when there was none.
    static func lastSequence(_ connection: Database) throws -> Int64 {
        // sqlite_sequence also remembers messages that have been deleted since.
        let remembered = try Int64.fetchOne(connection, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'message'")
        let present = try Int64.fetchOne(connection, sql: "SELECT max(seq) FROM message")
        return max(remembered ?? 0, present ?? 0)
    }

    /// Ends each open event at the last look of its camera up to now, or at its start when there is none after that,
    /// and returns the ends, numbered from after `sequence`. To be called inside a transaction.
    ///
    /// An event that starts after now is of a recording that was played faster than the clock: of those all looks count.
    static func endOpenEvents(
        _ connection: Database,
        after sequence: Int64,
        now: Date,
        path: String
    ) throws -> [JournaledMessage] {
        let open = try Row.fetchAll(
            connection,
            sql: """
                SELECT event.id, rule.name, camera.name, event.started,
                    (SELECT max(at) FROM look WHERE look.camera_id = event.camera_id
                        AND look.at <= CASE WHEN event.started > ?1 THEN 9223372036854775807 ELSE ?1 END)
                FROM event
                JOIN rule ON rule.id = event.rule_id
                JOIN camera ON camera.id = event.camera_id
                WHERE event.seq_ended IS NULL
                ORDER BY event.seq_started
                """,
            arguments: [Milliseconds.of(now)]
        )
        var rows = RowWriter()
        var ends: [JournaledMessage] = []
        for row in open {
            let text: String = row[0]
            guard let id = EventID(text) else {
                throw JournalError.damaged(path: path, detail: "\(text.debugDescription) is not an event's id")
            }
            let started: Int64 = row[3]
            let lastLook: Int64? = row[4]
            let end = EventEnd(
                id: id,
                trigger: row[1],
                camera: row[2],
                at: Milliseconds.date(max(started, lastLook ?? started)),
                reason: .recovered
            )
            let seq = sequence + Int64(ends.count) + 1
            try rows.write(.eventEnded(end), seq: seq, to: connection)
            ends.append(JournaledMessage(seq: seq, message: .eventEnded(end), journaled: true))
        }
        return ends
    }
}
