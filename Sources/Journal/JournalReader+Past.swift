import Foundation
import GRDB

/// A look of the past, with what triggers went by.
public struct PastLook: Sendable {
    /// The look's number; they rise in the order in which looks were taken.
    public var id: Int64
    /// The camera's name.
    public var camera: String
    /// The daemon's run that took it; nil for looks of older versions.
    public var run: Int64?
    /// When it was captured, to the millisecond.
    public var at: Date
    /// The same by the clock that triggers go by.
    public var elapsed: Duration
    /// The frame's number as its camera counts.
    public var frame: UInt64
    /// The id of checkpoint, precision and preprocessing.
    public var modelID: String
    /// The mean luma of the picture, 0…255; nil for looks of older versions.
    public var brightness: Int?
    /// Whether triggers went by it.
    public var isEvidence: Bool
    /// Whether triggers began anew with it.
    public var isAfterLoss: Bool
    /// The unit vectors of its crops.
    public var embeddings: [[Float]]

    /// Takes values as they are.
    public init(
        id: Int64,
        camera: String,
        run: Int64?,
        at: Date,
        elapsed: Duration,
        frame: UInt64,
        modelID: String,
        brightness: Int?,
        isEvidence: Bool,
        isAfterLoss: Bool,
        embeddings: [[Float]]
    ) {
        self.id = id
        self.camera = camera
        self.run = run
        self.at = at
        self.elapsed = elapsed
        self.frame = frame
        self.modelID = modelID
        self.brightness = brightness
        self.isEvidence = isEvidence
        self.isAfterLoss = isAfterLoss
        self.embeddings = embeddings
    }
}

extension JournalReader {
    /// Calls `body` with each look that was captured from `since` on and before `until`, in the order in which they were
    /// taken. Blocking.
    public func eachLook(
        since: Date = .distantPast,
        until: Date = .distantFuture,
        camera: String? = nil,
        _ body: (PastLook) throws -> Void
    ) throws(JournalError) {
        let database = try open()
        try DatabaseFile.translated(path) {
            try database.read { connection in
                let rows = try Row.fetchCursor(
                    connection,
                    sql: """
                        SELECT look.id, camera.name, look.run_id, look.at, look.elapsed, look.frame, model.name,
                            look.brightness, look.flags, crop.embedding
                        FROM look
                        JOIN camera ON camera.id = look.camera_id
                        JOIN model ON model.id = look.model_id
                        JOIN crop ON crop.look_id = look.id
                        WHERE look.at >= ?1 AND look.at < ?2 AND (?3 IS NULL OR camera.name = ?3)
                        ORDER BY look.id, crop.number
                        """,
                    arguments: [Milliseconds.of(since), Milliseconds.of(until), camera]
                )
                var look: PastLook?
                while let row = try rows.next() {
                    let id: Int64 = row[0]
                    guard let embedding = HalfPrecision.vector(of: row[9]) else {
                        throw JournalError.damaged(path: path, detail: "an embedding of look \(id) has an odd length")
                    }
                    if look?.id == id {
                        look?.embeddings.append(embedding)
                    } else {
                        if let look { try body(look) }
                        look = PastLook(row, embedding)
                    }
                }
                if let look { try body(look) }
            }
        }
    }

    /// When losses of cameras were told, in the order of their numbers. Blocking.
    public func losses() throws(JournalError) -> [CameraChange] {
        try fetch(
            """
            SELECT camera.name, message.at, message.reason, message.told FROM message
            JOIN camera ON camera.id = message.camera_id WHERE message.kind = \(MessageKind.cameraLost.rawValue)
            ORDER BY message.seq
            """,
            []
        ) { row in
            CameraChange(
                camera: row[0],
                at: Milliseconds.date(row[1]),
                reason: row[2] ?? "",
                told: (row[3] as Int64?).map(Milliseconds.date)
            )
        }
    }
}

extension PastLook {
    fileprivate init(_ row: Row, _ embedding: [Float]) {
        let at: Int64 = row[3]
        let flags: Int = row[8]
        self.init(
            id: row[0],
            camera: row[1],
            run: row[2],
            at: Milliseconds.date(at),
            elapsed: .milliseconds((row[4] as Int64?) ?? at),
            frame: UInt64(clamping: row[5] as Int64),
            modelID: row[6],
            brightness: row[7],
            isEvidence: flags & 1 != 0,
            isAfterLoss: flags & 2 != 0,
            embeddings: [embedding]
        )
    }
}
