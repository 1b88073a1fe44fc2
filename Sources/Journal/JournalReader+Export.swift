import Foundation
import GRDB

/// What of the past is wanted.
public struct PastSelection: Sendable, Hashable {
    /// From when on.
    public var since: Date
    /// Before when.
    public var until: Date
    /// Names of cameras; all when empty.
    public var cameras: Set<String>
    /// Whether only looks are wanted from ten seconds before an event's start on the same camera to its end.
    public var onlyOfEvents: Bool

    /// Selects everything, unless said otherwise.
    public init(
        since: Date = .distantPast,
        until: Date = .distantFuture,
        cameras: Set<String> = [],
        onlyOfEvents: Bool = false
    ) {
        self.since = since
        self.until = until
        self.cameras = cameras
        self.onlyOfEvents = onlyOfEvents
    }
}

/// A look with all that is known of it.
public struct WholeLook: Sendable, Hashable {
    /// The look.
    public var look: JournaledLook
    /// Triggers that had an event on its camera then.
    public var triggers: [String]
    /// Its picture, where that was kept.
    public var thumbnail: ThumbnailRecord?

    /// What it shows in words, as the journal has them; nil where nothing was said of it.
    public var labels: String? { Wording.text(look.look.labels) }
}

/// Some looks, and where to go on.
public struct LookPage: Sendable, Hashable {
    /// Those that are wanted, in the order of their numbers.
    public var looks: [WholeLook]
    /// How many there were, wanted or not.
    public var count: Int
    /// The number of the last of them; nil when there was none.
    public var last: Int64?
}

extension JournalReader {
    /// Goes through the looks with numbers above `id`, in their order, at most `limit` of them: a page of a bounded size,
    /// read for itself, so that the writer's log does not grow while somebody goes through them all. Blocking.
    public func lookPage(after id: Int64, _ selection: PastSelection, limit: Int) throws(JournalError) -> LookPage {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let cameras = try numbers(of: selection.cameras, connection)
                let moments = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT look.id, look.camera_id, look.at FROM look
                        WHERE \(Self.isSelected(cameras, selection)) AND look.id > ? ORDER BY look.id LIMIT ?
                        """,
                    arguments: [id, max(0, limit)]
                ).map { (id: $0[0] as Int64, camera: $0[1] as Int64, at: $0[2] as Int64) }
                let active = try active(moments.map(\.at), connection)
                let wanted = moments.filter { moment in
                    !selection.onlyOfEvents || active.contains { $0.isNear(moment.camera, moment.at) }
                }
                let looks = try wanted.compactMap { moment in
                    let triggers = active.filter { $0.isOn(moment.camera, moment.at) }.map(\.trigger)
                    return try wholeLook(moment.id, triggers: Set(triggers).sorted(), connection)
                }
                return LookPage(looks: looks, count: moments.count, last: moments.last?.id)
            }
        }
    }

    /// How many looks there are to go through. Blocking.
    public func countLooks(_ selection: PastSelection) throws(JournalError) -> Int {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let cameras = try numbers(of: selection.cameras, connection)
                let sql = "SELECT count(*) FROM look WHERE \(Self.isSelected(cameras, selection))"
                return try Int.fetchOne(connection, sql: sql) ?? 0
            }
        }
    }

    /// The events that were active at some time, in the order of their starts, at most `limit` of those whose start is
    /// numbered above `seq`. Blocking.
    public func events(after seq: Int64, _ selection: PastSelection, limit: Int) throws(JournalError)
        -> [JournaledEvent]
    {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let cameras = try numbers(of: selection.cameras, connection)
                return try Row.fetchAll(
                    connection,
                    sql: Self.eventRows + """
                         WHERE event.seq_started > ? AND event.started < ? AND (event.ended IS NULL OR event.ended >= ?)
                            \(cameras.map { "AND event.camera_id IN (\($0))" } ?? "")
                        ORDER BY event.seq_started LIMIT ?
                        """,
                    arguments: [
                        seq, Milliseconds.of(selection.until), Milliseconds.of(selection.since), max(0, limit),
                    ]
                ).map(JournaledEvent.init(row:))
            }
        }
    }

    /// The names of all cameras that the journal has heard of. Blocking.
    public func cameraNames() throws(JournalError) -> [String] {
        try fetch("SELECT name FROM camera ORDER BY name", []) { $0[0] }
    }

    /// A condition on the table `look`, of numbers only.
    private static func isSelected(_ cameras: String?, _ selection: PastSelection) -> String {
        "look.at >= \(Milliseconds.of(selection.since)) AND look.at < \(Milliseconds.of(selection.until))"
            + (cameras.map { " AND look.camera_id IN (\($0))" } ?? "")
    }

    /// An event's trigger, camera and time.
    private struct Activity {
        let trigger: String
        let camera: Int64
        let started: Int64
        let ended: Int64?

        func isOn(_ camera: Int64, _ at: Int64) -> Bool {
            self.camera == camera && started <= at && at <= ended ?? .max
        }

        func isNear(_ camera: Int64, _ at: Int64) -> Bool {
            self.camera == camera && started - Self.lead <= at && at <= ended ?? .max
        }

        /// Ten seconds.
        static let lead: Int64 = 10_000
    }

    /// The events that were active, or about to begin, at some of the times.
    private func active(_ times: [Int64], _ connection: Database) throws -> [Activity] {
        guard let first = times.min(), let last = times.max() else { return [] }
        return try Row.fetchAll(
            connection.cachedStatement(
                sql: """
                    SELECT rule.name, event.camera_id, event.started, event.ended FROM event
                    JOIN rule ON rule.id = event.rule_id
                    WHERE event.started <= ?1 AND (event.ended IS NULL OR event.ended >= ?2)
                    """
            ),
            arguments: [last + Activity.lead, first]
        ).map { Activity(trigger: $0[0], camera: $0[1], started: $0[2], ended: $0[3]) }
    }

    /// The numbers of cameras, separated by commas; nil for all.
    private func numbers(of cameras: Set<String>, _ connection: Database) throws -> String? {
        guard !cameras.isEmpty else { return nil }
        let rows = try Row.fetchAll(connection, sql: "SELECT id, name FROM camera")
        let numbers = rows.filter { cameras.contains($0[1]) }.map { $0[0] as Int64 }
        return numbers.map(String.init).joined(separator: ", ")
    }

    private func wholeLook(_ id: Int64, triggers: [String], _ connection: Database) throws -> WholeLook? {
        let statement = try connection.cachedStatement(
            sql: """
                SELECT looks.id, looks.camera, looks.at_ms, looks.frame, looks.view, looks.model, look.elapsed,
                    looks.brightness, look.flags, looks.labels, thumbnail.width, thumbnail.height, thumbnail.jpeg
                FROM look JOIN looks ON looks.id = look.id
                LEFT JOIN thumbnail ON thumbnail.look_id = look.id
                WHERE look.id = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
        let look = try look(row, connection)
        var thumbnail: ThumbnailRecord?
        if let jpeg: Data = row[12] {
            thumbnail = ThumbnailRecord(
                camera: look.look.camera,
                sequence: look.look.sequence,
                at: look.look.at,
                width: row[10],
                height: row[11],
                jpeg: jpeg
            )
        }
        return WholeLook(look: look, triggers: triggers, thumbnail: thumbnail)
    }
}
