import Foundation
import GRDB
import Synchronization

/// Reads a journal, beside the daemon that writes it or without one. Never writes.
///
/// Blocking: not for an event loop or the cooperative pool.
public final class JournalReader: Sendable {
    let path: String
    /// Nil once closed. Who reads holds on to the connection, which then closes behind the last of them: GRDB does not
    /// forgive a read on a closed one.
    private let connection: Mutex<DatabaseQueue?>

    /// Opens the journal at `path` for reading.
    ///
    /// - Throws: when there is none, or it is not a journal, or a newer version wrote it.
    public init(path: String) throws(JournalError) {
        self.path = path
        connection = Mutex(try DatabaseFile.openForReading(path))
    }

    /// Closes the connection; later reads throw.
    public func close() {
        connection.withLock { $0 = nil }
    }

    /// The newest events, newest first.
    public func events(limit: Int) throws(JournalError) -> [JournaledEvent] {
        try fetch(
            Self.eventRows + " ORDER BY event.seq_started DESC LIMIT ?",
            [max(0, limit)],
            as: JournaledEvent.init(row:)
        )
    }

    /// The messages numbered above `seq`, in order. An event's messages are made anew from its row.
    ///
    /// - Parameter includingDryRuns: whether those of triggers on trial are among them, of which nobody was told.
    public func messages(
        after seq: Int64,
        limit: Int,
        includingDryRuns: Bool = true
    ) throws(JournalError) -> [JournaledMessage] {
        let database = try open()
        let told =
            includingDryRuns
            ? ""
            : """
            AND NOT EXISTS (SELECT 1 FROM event WHERE event.seq_started = message.seq AND event.dry_run)
            AND NOT EXISTS (SELECT 1 FROM event WHERE event.seq_ended = message.seq AND event.dry_run)
            """
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let rows = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT message.seq, message.kind, camera.name, message.at, message.reason, message.told,
                            message.name
                        FROM message LEFT JOIN camera ON camera.id = message.camera_id
                        WHERE message.seq > ? \(told) ORDER BY message.seq LIMIT ?
                        """,
                    arguments: [seq, max(0, limit)]
                )
                return try rows.map { row in
                    let seq: Int64 = row[0]
                    return JournaledMessage(seq: seq, message: try message(row, seq, connection), journaled: true)
                }
            }
        }
    }

    /// The newest looks of a camera, or of all, newest first, with crops and scores.
    public func looks(camera: String? = nil, limit: Int) throws(JournalError) -> [JournaledLook] {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let rows = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT looks.id, camera, at_ms, looks.frame, view, model, elapsed, look.brightness, flags,
                            labels
                        FROM looks JOIN look ON look.id = looks.id
                        WHERE ?1 IS NULL OR camera = ?1 ORDER BY looks.id DESC LIMIT ?2
                        """,
                    arguments: [camera, max(0, limit)]
                )
                return try rows.map { try look($0, connection) }
            }
        }
    }

    /// The scores of a trigger, on one camera or on all, oldest first.
    public func scores(trigger: String, camera: String? = nil) throws(JournalError) -> [JournaledScore] {
        try fetch(
            """
            SELECT look, camera, at_ms, trigger, crop, similarity, probability, margin, rival FROM scores
            WHERE trigger = ?1 AND (?2 IS NULL OR camera = ?2) ORDER BY at_ms, look, crop
            """,
            [trigger, camera]
        ) { row in
            JournaledScore(
                look: row[0],
                camera: row[1],
                at: Milliseconds.date(row[2]),
                score: ScoreRecord(row, from: 3)
            )
        }
    }

    static let eventRows = """
        SELECT event.id, rule.name, camera.name, event.started, event.similarity, event.probability, event.margin,
            rival.name, event.crop, event.frame, event.seq_started, event.ended, event.reason, event.end_similarity,
            event.end_probability, event.end_margin, end_rival.name, event.end_frame, event.seq_ended,
            event.suppressed, event.dry_run, event.region
        FROM event
        JOIN rule ON rule.id = event.rule_id
        JOIN camera ON camera.id = event.camera_id
        LEFT JOIN description AS rival ON rival.id = event.rival_id
        LEFT JOIN description AS end_rival ON end_rival.id = event.end_rival_id
        """

    func open() throws(JournalError) -> DatabaseQueue {
        guard let database = connection.withLock({ $0 }) else { throw .refused(path: path, detail: "it is closed") }
        return database
    }

    func fetch<Value>(
        _ sql: String,
        _ arguments: StatementArguments,
        as value: (Row) throws -> Value
    ) throws(JournalError) -> [Value] {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { try Row.fetchAll($0, sql: sql, arguments: arguments).map(value) }
        }
    }

    private func message(_ row: Row, _ seq: Int64, _ connection: Database) throws -> JournalMessage {
        let (at, reason): (Date, String) = (Milliseconds.date(row[3]), row[4] ?? "")
        let change = CameraChange(
            camera: row[2] ?? "",
            at: at,
            reason: reason,
            told: (row[5] as Int64?).map(Milliseconds.date)
        )
        switch MessageKind(rawValue: row[1]) {
        case .promptChanged: return .promptChanged(PromptChange(trigger: row[6] ?? "", at: at, reason: reason))
        case .daemonReloaded: return .daemonReloaded(DaemonReload(at: at, reason: reason))
        case .cameraLost: return .cameraLost(change)
        case .cameraFound: return .cameraFound(change)
        case .eventStarted:
            if let event = try event("seq_started", seq, connection) { return .eventStarted(event.start) }
        case .eventEnded:
            if let end = try event("seq_ended", seq, connection)?.end { return .eventEnded(end) }
        case nil: break
        }
        throw JournalError.damaged(path: path, detail: "message \(seq) has no content")
    }

    private func event(_ column: String, _ seq: Int64, _ connection: Database) throws -> JournaledEvent? {
        let statement = try connection.cachedStatement(sql: Self.eventRows + " WHERE event.\(column) = ?")
        return try Row.fetchOne(statement, arguments: [seq]).map(JournaledEvent.init(row:))
    }

    func look(_ row: Row, _ connection: Database) throws -> JournaledLook {
        let id: Int64 = row[0]
        let crops = try connection.cachedStatement(
            sql: "SELECT number, x, y, side, embedding FROM crop WHERE look_id = ? ORDER BY number"
        )
        let scores = try connection.cachedStatement(
            sql: """
                SELECT trigger, crop, similarity, probability, margin, rival FROM scores
                WHERE look = ? ORDER BY trigger, crop
                """
        )
        let record = LookRecord(
            camera: row[1],
            sequence: UInt64(clamping: row[3] as Int64),
            at: Milliseconds.date(row[2]),
            view: row[4],
            modelID: row[5],
            elapsed: (row[6] as Int64?).map { .milliseconds($0) },
            brightness: row[7],
            isEvidence: (row[8] as Int) & 1 != 0,
            isAfterLoss: (row[8] as Int) & 2 != 0,
            labels: Wording.labels(row[9]),
            crops: try Row.fetchAll(crops, arguments: [id]).map { crop in
                guard let embedding = HalfPrecision.vector(of: crop[4]) else {
                    throw JournalError.damaged(path: path, detail: "an embedding of look \(id) has an odd length")
                }
                return CropRecord(index: crop[0], x: crop[1], y: crop[2], side: crop[3], embedding: embedding)
            },
            scores: try Row.fetchAll(scores, arguments: [id]).map { ScoreRecord($0, from: 0) }
        )
        return JournaledLook(id: id, look: record)
    }
}
