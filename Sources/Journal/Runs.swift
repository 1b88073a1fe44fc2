import Foundation
import GRDB

/// The daemon's runs: what a trigger has seen and held back ends with one.
enum Runs {
    /// A run begins; returns its number.
    static func begin(_ connection: Database, at now: Date) throws -> Int64 {
        try connection.execute(sql: "INSERT INTO run (started) VALUES (?)", arguments: [Milliseconds.of(now)])
        return connection.lastInsertedRowID
    }

    /// A run ends in good order. One that does not has no end.
    static func end(_ run: Int64, _ connection: Database, at now: Date) throws {
        try connection.execute(
            sql: "UPDATE run SET ended = ? WHERE id = ?",
            arguments: [Milliseconds.of(now), run]
        )
    }
}

/// When an event of a trigger on a camera started.
public struct EventStartTime: Sendable, Hashable {
    /// The trigger's name.
    public var trigger: String
    /// The camera's name.
    public var camera: String
    /// When, to the millisecond.
    public var at: Date
}

extension JournalReader {
    /// When the last event of each trigger on each camera started.
    func lastStarts() throws(JournalError) -> [EventStartTime] {
        try fetch(
            """
            SELECT rule.name, camera.name, max(event.started) FROM event
            JOIN rule ON rule.id = event.rule_id
            JOIN camera ON camera.id = event.camera_id
            GROUP BY event.rule_id, event.camera_id
            """,
            [],
            as: { EventStartTime(trigger: $0[0], camera: $0[1], at: Milliseconds.date($0[2])) }
        )
    }
}
