import Foundation
import GRDB

/// Turns records into rows. Lives on the writer's thread, inside its transactions.
struct RowWriter {
    /// The tables that give names their numbers.
    enum Names: String {
        case camera, model, framing, rule, description, wording
    }

    /// The numbers of names seen before; void after a rollback, which may have taken their rows away.
    private var known: [Names: [String: Int64]] = [:]
    private static let mostKnown = 4096
    /// The run of the daemon that looks; nil where there is none.
    private let run: Int64?

    init(run: Int64? = nil) {
        self.run = run
    }

    /// Runs `body`; when only its record was at fault, undoes what it wrote and returns why.
    ///
    /// - Throws: when the whole transaction cannot go on.
    mutating func attempt(
        _ connection: Database,
        _ body: (inout RowWriter) throws -> Void
    ) throws -> WriteFailure? {
        do {
            try connection.inSavepoint {
                try body(&self)
                return .commit
            }
            return nil
        } catch {
            forgetNames()
            let failure = WriteFailure(error)
            // SQLite itself may have rolled everything back (https://www.sqlite.org/lang_transaction.html, section 3).
            guard failure.isOfOneRecord, connection.isInsideTransaction else { throw error }
            return failure
        }
    }

    mutating func forgetNames() {
        known.removeAll()
    }

    mutating func write(_ look: LookRecord, to connection: Database) throws {
        let at = Milliseconds.of(look.at)
        try connection.cachedStatement(
            sql: """
                INSERT INTO look
                    (camera_id, at, frame, framing_id, model_id, run_id, elapsed, brightness, flags, wording_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            try number(of: look.camera, in: .camera, connection), at, Int64(clamping: look.sequence),
            try number(of: look.view, in: .framing, connection), try number(of: look.modelID, in: .model, connection),
            run, look.elapsed.map(Milliseconds.of), look.brightness, look.flags,
            try Wording.text(look.labels).map { try number(of: $0, in: .wording, connection) },
        ])
        let id = connection.lastInsertedRowID
        let insertCrop = try connection.cachedStatement(
            sql: "INSERT INTO crop (look_id, number, x, y, side, embedding) VALUES (?, ?, ?, ?, ?, ?)"
        )
        for crop in look.crops {
            try insertCrop.execute(arguments: [
                id, crop.index, crop.x, crop.y, crop.side, HalfPrecision.bytes(of: crop.embedding),
            ])
        }
        for score in look.scores {
            let rule = try number(of: score.trigger, in: .rule, connection)
            let rival = try score.rival.map { try number(of: $0, in: .description, connection) }
            try connection.cachedStatement(
                sql: """
                    INSERT INTO score (look_id, rule_id, crop, at, similarity, probability, margin, rival_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                id, rule, score.crop, at, score.similarity, score.probability, score.margin, rival,
            ])
        }
    }

    mutating func write(_ message: JournalMessage, seq: Int64, to connection: Database) throws {
        var change: CameraChange?
        if case .cameraLost(let lost) = message { change = lost }
        if case .cameraFound(let found) = message { change = found }
        try connection.cachedStatement(
            sql: """
                INSERT INTO message (seq, kind, camera_id, at, reason, told, run_id, look_id, name)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            seq, MessageKind(message).rawValue, try message.camera.map { try number(of: $0, in: .camera, connection) },
            Milliseconds.of(message.at), message.reason, change?.told.map(Milliseconds.of),
            change == nil ? nil : run, change == nil ? nil : try lastLook(connection), message.name,
        ])
        switch message {
        case .eventStarted(let start): try write(start, seq: seq, to: connection)
        case .eventEnded(let end): try write(end, seq: seq, to: connection)
        case .cameraLost, .cameraFound, .promptChanged, .daemonReloaded: break
        }
    }

    private mutating func write(_ start: EventStart, seq: Int64, to connection: Database) throws {
        // SQLite takes it for a score that is not there.
        let numbers = start.score.map { [$0.similarity, $0.probability, $0.margin] } ?? []
        guard !numbers.contains(where: \.isNaN) else {
            throw RecordRefusal(reason: "an event's score is no number")
        }
        let rule = try number(of: start.trigger, in: .rule, connection)
        let camera = try number(of: start.camera, in: .camera, connection)
        let rival = try start.score?.rival.map { try number(of: $0, in: .description, connection) }
        try connection.cachedStatement(
            sql: """
                INSERT INTO event (id, rule_id, camera_id, frame, crop, started, seq_started,
                    similarity, probability, margin, rival_id, suppressed, dry_run, region)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            start.id.description, rule, camera, Int64(clamping: start.frame), start.crop, Milliseconds.of(start.at),
            seq, start.score?.similarity, start.score?.probability, start.score?.margin, rival,
            start.suppressed, start.isDryRun, start.region,
        ])
    }

    private mutating func write(_ end: EventEnd, seq: Int64, to connection: Database) throws {
        let rival = try end.score?.rival.map { try number(of: $0, in: .description, connection) }
        try connection.cachedStatement(
            sql: """
                UPDATE event SET ended = ?, seq_ended = ?, reason = ?, end_frame = ?,
                    end_similarity = ?, end_probability = ?, end_margin = ?, end_rival_id = ?
                WHERE id = ?
                """
        ).execute(arguments: [
            Milliseconds.of(end.at), seq, end.reason.rawValue, end.frame.map { Int64(clamping: $0) },
            end.score?.similarity, end.score?.probability, end.score?.margin, rival, end.id.description,
        ])
        guard connection.changesCount == 1 else {
            throw RecordRefusal(reason: "an event that the journal does not know cannot end")
        }
    }

    /// The number of the last look before the next; 0 where there is none.
    private func lastLook(_ connection: Database) throws -> Int64 {
        let statement = try connection.cachedStatement(sql: "SELECT max(id) FROM look")
        return try Int64.fetchOne(statement) ?? 0
    }

    private mutating func number(of name: String, in names: Names, _ connection: Database) throws -> Int64 {
        if let number = known[names]?[name] { return number }
        try connection.cachedStatement(sql: "INSERT INTO \(names.rawValue) (name) VALUES (?) ON CONFLICT DO NOTHING")
            .execute(arguments: [name])
        let statement = try connection.cachedStatement(sql: "SELECT id FROM \(names.rawValue) WHERE name = ?")
        guard let number = try Int64.fetchOne(statement, arguments: [name]) else {
            throw RecordRefusal(reason: "the name \(name.debugDescription) cannot be kept in \(names.rawValue)")
        }
        // Of all the ways in which labels can be combined there is no end.
        if known[names]?.count ?? 0 >= Self.mostKnown { known[names] = nil }
        known[names, default: [:]][name] = number
        return number
    }
}

/// The kinds of messages as the table has them.
enum MessageKind: Int {
    case eventStarted = 1
    case eventEnded = 2
    case cameraLost = 3
    case cameraFound = 4
    case promptChanged = 5
    case daemonReloaded = 6

    init(_ message: JournalMessage) {
        self =
            switch message {
            case .eventStarted: .eventStarted
            case .eventEnded: .eventEnded
            case .cameraLost: .cameraLost
            case .cameraFound: .cameraFound
            case .promptChanged: .promptChanged
            case .daemonReloaded: .daemonReloaded
            }
    }
}
