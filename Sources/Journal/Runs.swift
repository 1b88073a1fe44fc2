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
    /// Whether the trigger was on trial then, so that nobody was told.
    public var isDryRun: Bool

    /// Takes values as they are.
    public init(trigger: String, camera: String, at: Date, isDryRun: Bool = false) {
        self.trigger = trigger
        self.camera = camera
        self.at = at
        self.isDryRun = isDryRun
    }
}

extension JournalReader {
    /// When the last event of each trigger on each camera started, apart for those that were told and those on trial.
    ///
    /// - Parameter now: what starts later is left out: a recording that is played fast runs ahead of the clock.
    func lastStarts(until now: Date) throws(JournalError) -> [EventStartTime] {
        try fetch(
            """
            SELECT rule.name, camera.name, max(event.started), event.dry_run FROM event
            JOIN rule ON rule.id = event.rule_id
            JOIN camera ON camera.id = event.camera_id
            WHERE event.started <= ?
            GROUP BY event.rule_id, event.camera_id, event.dry_run
            """,
            [Milliseconds.of(now)],
            as: { row in
                EventStartTime(trigger: row[0], camera: row[1], at: Milliseconds.date(row[2]), isDryRun: row[3])
            }
        )
    }
}
