import Foundation
import GRDB

/// A look beside an event: when triggers went by it, and what one trigger scored on it.
public struct ScoredLook: Sendable, Hashable {
    /// The look's number.
    public var id: Int64
    /// The daemon's run that took it; nil for looks of older versions.
    public var run: Int64?
    /// When it was captured.
    public var at: Date
    /// The same by the clock that triggers go by; nil for looks of older versions.
    public var elapsed: Duration?
    /// The frame's number as its camera counts.
    public var frame: UInt64
    /// The mean luma of the picture, 0…255; nil for looks of older versions.
    public var brightness: Int?
    /// Whether triggers went by it.
    public var isEvidence: Bool
    /// Whether triggers began anew with it.
    public var isAfterLoss: Bool
    /// The trigger's scores, one of each crop in their order; none of a combination.
    public var scores: [ScoreRecord]
}

/// When a trigger was active on a camera.
public struct ActiveSpan: Sendable, Hashable {
    /// When its event started.
    public var from: Date
    /// When it ended; nil while it is active.
    public var to: Date?
}

extension JournalReader {
    /// The events of which an id, its beginning or its end is given, the newest first, at most `limit`. Blocking.
    ///
    /// - Parameter text: in either case.
    public func events(withID text: String, limit: Int) throws(JournalError) -> [JournaledEvent] {
        let wanted = text.uppercased()
        // An id's characters are letters and digits, so that nothing of a pattern can be in it.
        let isID = wanted.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard isID, (1...26).contains(wanted.utf8.count) else { return [] }
        return try fetch(
            Self.eventRows + """
                 WHERE event.id LIKE ?1 || '%' OR event.id LIKE '%' || ?1
                ORDER BY event.seq_started DESC LIMIT ?2
                """,
            [wanted, max(0, limit)],
            as: JournaledEvent.init(row:)
        )
    }

    /// The newest event, of one trigger and camera or of any. Blocking.
    public func latestEvent(trigger: String?, camera: String?) throws(JournalError) -> JournaledEvent? {
        try fetch(
            Self.eventRows + """
                 WHERE (?1 IS NULL OR rule.name = ?1) AND (?2 IS NULL OR camera.name = ?2)
                ORDER BY event.seq_started DESC LIMIT 1
                """,
            [trigger, camera],
            as: JournaledEvent.init(row:)
        ).first
    }

    /// The looks of a camera that were captured from `since` on and until `until`, that included, with what a trigger
    /// scored on them, in the order in which they were taken. Blocking.
    ///
    /// - Parameter limit: the first so many.
    public func scoredLooks(
        camera: String,
        trigger: String,
        since: Date,
        until: Date,
        limit: Int
    ) throws(JournalError) -> [ScoredLook] {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let looks = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT look.id, look.at, look.elapsed, look.frame, look.brightness, look.flags, look.run_id
                        FROM look JOIN camera ON camera.id = look.camera_id
                        WHERE camera.name = ? AND look.at >= ? AND look.at <= ? ORDER BY look.id LIMIT ?
                        """,
                    arguments: [camera, Milliseconds.of(since), Milliseconds.of(until), max(0, limit)]
                )
                let scores = try connection.cachedStatement(
                    sql: """
                        SELECT rule.name, score.crop, score.similarity, score.probability, score.margin, rival.name
                        FROM score JOIN rule ON rule.id = score.rule_id
                        LEFT JOIN description AS rival ON rival.id = score.rival_id
                        WHERE score.look_id = ? AND rule.name = ? ORDER BY score.crop
                        """
                )
                return try looks.map { row in
                    let id: Int64 = row[0]
                    return ScoredLook(
                        id: id,
                        run: row[6],
                        at: Milliseconds.date(row[1]),
                        elapsed: (row[2] as Int64?).map { .milliseconds($0) },
                        frame: UInt64(clamping: row[3] as Int64),
                        brightness: row[4],
                        isEvidence: (row[5] as Int) & 1 != 0,
                        isAfterLoss: (row[5] as Int) & 2 != 0,
                        scores: try Row.fetchAll(scores, arguments: [id, trigger]).map { ScoreRecord($0, from: 0) }
                    )
                }
            }
        }
    }

    /// What a trigger's crops scored on a camera's looks before a moment, the latest first: of each look one list.
    /// Blocking.
    ///
    /// - Parameter limit: of at most so many crops.
    public func scores(
        trigger: String,
        camera: String,
        since: Date,
        before: Date,
        limit: Int
    ) throws(JournalError) -> [[ScoreRecord]] {
        let rows = try fetch(
            """
            SELECT score.look_id, rule.name, score.crop, score.similarity, score.probability, score.margin, NULL
            FROM score JOIN rule ON rule.id = score.rule_id
            JOIN look ON look.id = score.look_id JOIN camera ON camera.id = look.camera_id
            WHERE rule.name = ? AND score.at >= ? AND score.at < ? AND camera.name = ?
            ORDER BY score.at DESC, score.look_id DESC, score.crop LIMIT ?
            """,
            [trigger, Milliseconds.of(since), Milliseconds.of(before), camera, max(0, limit)]
        ) { row in (look: row[0] as Int64, score: ScoreRecord(row, from: 1)) }
        var looks: [[ScoreRecord]] = []
        var last: Int64?
        for row in rows {
            if row.look == last { looks[looks.count - 1].append(row.score) } else { looks.append([row.score]) }
            last = row.look
        }
        return looks
    }

    /// The small pictures of a camera's looks of a time, in the order in which they were taken. Blocking.
    ///
    /// - Parameter limit: the first so many.
    public func thumbnails(
        camera: String,
        since: Date,
        until: Date,
        limit: Int
    ) throws(JournalError) -> [(look: Int64, picture: ThumbnailRecord)] {
        try fetch(
            """
            SELECT look.id, look.frame, look.at, thumbnail.width, thumbnail.height, thumbnail.jpeg
            FROM look JOIN camera ON camera.id = look.camera_id JOIN thumbnail ON thumbnail.look_id = look.id
            WHERE camera.name = ? AND look.at >= ? AND look.at <= ? ORDER BY look.id LIMIT ?
            """,
            [camera, Milliseconds.of(since), Milliseconds.of(until), max(0, limit)]
        ) { row in
            let picture = ThumbnailRecord(
                camera: camera,
                sequence: UInt64(clamping: row[1] as Int64),
                at: Milliseconds.date(row[2]),
                width: row[3],
                height: row[4],
                jpeg: row[5]
            )
            return (row[0], picture)
        }
    }

    /// When a trigger was active on a camera within a time, in order. Blocking.
    public func activeSpans(
        trigger: String,
        camera: String,
        since: Date,
        until: Date
    ) throws(JournalError) -> [ActiveSpan] {
        try fetch(
            """
            SELECT event.started, event.ended FROM event
            JOIN rule ON rule.id = event.rule_id JOIN camera ON camera.id = event.camera_id
            WHERE rule.name = ? AND camera.name = ? AND event.started <= ? AND (event.ended IS NULL OR event.ended >= ?)
            ORDER BY event.seq_started
            """,
            [trigger, camera, Milliseconds.of(until), Milliseconds.of(since)]
        ) { row in
            ActiveSpan(from: Milliseconds.date(row[0]), to: (row[1] as Int64?).map(Milliseconds.date))
        }
    }
}
