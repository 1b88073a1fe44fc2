import Foundation
import GRDB

/// The steps of a ``RetentionPlan`` as statements. Lives on the writer's thread, outside transactions.
///
/// Some looks stay whatever their age: those of a camera from a minute before an open event's start on, and the newest of
/// all, so that numbers of looks are never given twice.
struct RetentionWork {
    /// What one step did.
    struct Done {
        var looks = 0
        var thumbnails = 0
        var events = 0
        /// Whether anything changed; a plan whose step changes nothing would repeat it for ever.
        var hasChanged = false
    }

    /// Thumbnails up to this look may not go yet.
    private var passedThumbnail: Int64 = 0
    /// Looks up to this one may not go yet, when there is too much.
    private var passedLook: Int64 = 0

    /// How long before an open event's start its evidence begins.
    private static let evidence: Int64 = 60_000

    private static let isEvidence = """
        EXISTS (SELECT 1 FROM event WHERE event.seq_ended IS NULL AND event.camera_id = look.camera_id
            AND event.started - \(evidence) <= look.at)
        """

    /// What could not go may be able to go now.
    mutating func startOver() {
        passedThumbnail = 0
        passedLook = 0
    }

    // MARK: - Looking

    func holdings(_ connection: Database) throws -> RetentionPlan.Holdings {
        var holdings = RetentionPlan.Holdings()
        holdings.oldestLook = try oldestLooks(connection).map(\.at).min().map(Milliseconds.date)
        holdings.oldestThumbnail = try Int64.fetchOne(
            connection.cachedStatement(
                sql: """
                    SELECT look.at FROM thumbnail JOIN look ON look.id = thumbnail.look_id
                    WHERE look_id > ? ORDER BY look_id LIMIT 1
                    """
            ),
            arguments: [passedThumbnail]
        ).map(Milliseconds.date)
        holdings.oldestEvent = try Int64.fetchOne(
            connection.cachedStatement(
                sql: """
                    SELECT min(at) FROM (
                        SELECT min(ended) AS at FROM event WHERE ended IS NOT NULL
                        UNION ALL SELECT min(at) FROM message WHERE kind > 2
                    )
                    """
            )
        ).map(Milliseconds.date)
        let pageSize = try pragma("page_size", connection)
        let free = try pragma("freelist_count", connection)
        holdings.usedBytes = (try pragma("page_count", connection) - free) * pageSize
        holdings.freeBytes = free * pageSize
        return holdings
    }

    private func pragma(_ name: String, _ connection: Database) throws -> Int64 {
        try Int64.fetchOne(connection, sql: "PRAGMA \(name)") ?? 0
    }

    /// Of each camera the look that was captured first, of those that may go.
    private func oldestLooks(_ connection: Database) throws -> [(id: Int64, at: Int64)] {
        let statement = try connection.cachedStatement(
            sql: """
                SELECT look.id, look.at FROM look
                WHERE look.camera_id = ?1 AND look.id < (SELECT max(id) FROM look)
                    AND look.at < coalesce((SELECT min(started) - \(Self.evidence) FROM event
                        WHERE seq_ended IS NULL AND camera_id = ?1), 9223372036854775807)
                ORDER BY look.at LIMIT 1
                """
        )
        return try Int64.fetchAll(connection, sql: "SELECT id FROM camera").compactMap { camera in
            try Row.fetchOne(statement, arguments: [camera]).map { (id: $0[0], at: $0[1]) }
        }
    }

    // MARK: - Deleting

    /// Deletes old looks among the next `count`: their crops, scores and thumbnails go with them.
    mutating func deleteLooks(before date: Date, count: Int, _ connection: Database) throws -> Done {
        let limit = Milliseconds.of(date)
        let first = try oldestLooks(connection).filter { $0.at < limit }.map(\.id).min()
        guard let first else { return Done() }
        // Looks of all cameras lie side by side, and so are deleted side by side.
        return try delete(
            """
            DELETE FROM look WHERE id BETWEEN ?1 AND ?1 + ?2 - 1 AND at < ?3
                AND id < (SELECT max(id) FROM look) AND NOT \(Self.isEvidence)
            """,
            [first, count, limit],
            connection
        ) { $0.looks = $1 }
    }

    /// Deletes those of the `count` looks that were written first, of those not tried yet, that may go.
    mutating func deleteFirstLooks(count: Int, _ connection: Database) throws -> Done {
        let ids = try Int64.fetchAll(
            connection.cachedStatement(sql: "SELECT id FROM look WHERE id > ? ORDER BY id LIMIT ?"),
            arguments: [passedLook, count]
        )
        guard let first = ids.first, let last = ids.last else { return Done() }
        passedLook = last
        var done = try delete(
            """
            DELETE FROM look WHERE id BETWEEN ? AND ? AND id < (SELECT max(id) FROM look) AND NOT \(Self.isEvidence)
            """,
            [first, last],
            connection
        ) { $0.looks = $1 }
        // On to the next, when these may not go.
        done.hasChanged = true
        return done
    }

    /// Deletes old thumbnails among the next `count`.
    mutating func deleteThumbnails(before date: Date, count: Int, _ connection: Database) throws -> Done {
        let ids = try Int64.fetchAll(
            connection.cachedStatement(sql: "SELECT look_id FROM thumbnail WHERE look_id > ? ORDER BY look_id LIMIT ?"),
            arguments: [passedThumbnail, count]
        )
        guard let first = ids.first, let last = ids.last else { return Done() }
        var done = try delete(
            """
            DELETE FROM thumbnail WHERE look_id BETWEEN ? AND ?
                AND EXISTS (SELECT 1 FROM look WHERE look.id = look_id AND look.at < ? AND NOT \(Self.isEvidence))
            """,
            [first, last, Milliseconds.of(date)],
            connection
        ) { $0.thumbnails = $1 }
        if done.thumbnails < ids.count { passedThumbnail = last }
        done.hasChanged = true
        return done
    }

    /// Deletes up to `count` old events with their messages, and as many old messages that are of none. The sequence goes
    /// on from where it was (`sqlite_sequence`).
    func deleteEvents(before date: Date, count: Int, _ connection: Database) throws -> Done {
        var done = Done()
        try connection.inTransaction(.immediate) {
            let events = try Row.fetchAll(
                connection.cachedStatement(
                    sql: """
                        SELECT rowid, seq_started, seq_ended FROM event WHERE ended IS NOT NULL AND ended < ?
                        ORDER BY ended LIMIT ?
                        """
                ),
                arguments: [Milliseconds.of(date), count]
            )
            let deleteEvent = try connection.cachedStatement(sql: "DELETE FROM event WHERE rowid = ?")
            let deleteMessages = try connection.cachedStatement(sql: "DELETE FROM message WHERE seq IN (?, ?)")
            for event in events {
                try deleteEvent.execute(arguments: [event[0] as Int64])
                try deleteMessages.execute(arguments: [event[1] as Int64, event[2] as Int64?])
            }
            try connection.cachedStatement(
                sql: """
                    DELETE FROM message WHERE seq IN
                        (SELECT seq FROM message WHERE kind > 2 AND at < ? ORDER BY at LIMIT ?)
                    """
            ).execute(arguments: [Milliseconds.of(date), count])
            done.events = events.count
            done.hasChanged = !events.isEmpty || connection.changesCount > 0
            return .commit
        }
        return done
    }

    private func delete(
        _ sql: String,
        _ arguments: StatementArguments,
        _ connection: Database,
        _ count: (inout Done, Int) -> Void
    ) throws -> Done {
        var done = Done()
        try connection.inTransaction(.immediate) {
            try connection.cachedStatement(sql: sql).execute(arguments: arguments)
            count(&done, connection.changesCount)
            done.hasChanged = connection.changesCount > 0
            return .commit
        }
        return done
    }

    /// The number before the oldest look that is left.
    func deletedUpTo(_ connection: Database) throws -> Int64 {
        (try Int64.fetchOne(connection, sql: "SELECT min(id) FROM look") ?? 1) - 1
    }

    // MARK: - Space

    /// Takes up to `count` free pages off the end of the file, after what lies there was moved.
    func giveBack(count: Int, _ connection: Database) throws -> Done {
        let before = try pragma("freelist_count", connection)
        // Each step of the statement frees one page.
        _ = try Row.fetchAll(connection, sql: "PRAGMA incremental_vacuum(\(count))")
        return Done(hasChanged: try pragma("freelist_count", connection) < before)
    }

    // MARK: - Time

    /// How far the ``RetentionClock`` had come when it was last kept, and the newest look's time.
    func clock(_ connection: Database) throws -> (stored: Date?, newestLook: Date?) {
        (
            try Int64.fetchOne(connection, sql: "SELECT clock FROM retention").map(Milliseconds.date),
            try Int64.fetchOne(connection, sql: "SELECT at FROM look ORDER BY id DESC LIMIT 1").map(Milliseconds.date)
        )
    }

    func keep(clock: Date, _ connection: Database) throws {
        try connection.execute(
            sql: "INSERT INTO retention (only, clock) VALUES (1, ?1) ON CONFLICT DO UPDATE SET clock = ?1",
            arguments: [Milliseconds.of(clock)]
        )
    }
}
