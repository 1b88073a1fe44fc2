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
    /// How it was cut into crops, as it was recorded.
    public var view: String
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
        view: String = "full",
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
        self.view = view
        self.modelID = modelID
        self.brightness = brightness
        self.isEvidence = isEvidence
        self.isAfterLoss = isAfterLoss
        self.embeddings = embeddings
    }
}

/// A part of the past as it was when somebody asked for it: it can be gone through several times, and is the same.
public struct PastWindow: Sendable, Hashable {
    /// Of the first look to the last by number; nil where there is none.
    public let numbers: ClosedRange<Int64>?
    let since: Int64
    let until: Int64
    /// The names of the cameras by their numbers.
    let cameras: [Int64: String]

    /// How much of it lies before a look, 0…1.
    public func share(before look: Int64) -> Double {
        guard let numbers else { return 1 }
        return Double(look - numbers.lowerBound) / Double(max(1, numbers.upperBound - numbers.lowerBound))
    }
}

extension JournalReader {
    /// The looks that were captured from `since` on and before `until`. Blocking.
    ///
    /// - Parameter cameras: the names of those that are asked for; nil for all.
    public func window(
        since: Date = .distantPast,
        until: Date = .distantFuture,
        cameras: Set<String>? = nil
    ) throws(JournalError) -> PastWindow {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let all = try Row.fetchAll(connection, sql: "SELECT id, name FROM camera")
                    .map { (id: $0[0] as Int64, name: $0[1] as String) }
                let known = all.filter { cameras?.contains($0.name) ?? true }
                // Of everything the ends are found without going through it.
                let isWhole = since <= .distantPast && until >= .distantFuture && known.count == all.count
                let (since, until) = (Milliseconds.of(since), Milliseconds.of(until))
                let ends = try known.prefix(isWhole ? 1 : .max).compactMap { camera in
                    try Row.fetchOne(
                        connection,
                        sql: isWhole
                            ? "SELECT (SELECT min(id) FROM look), (SELECT max(id) FROM look)"
                            : """
                            SELECT min(id), max(id) FROM look INDEXED BY look_by_camera
                            WHERE camera_id = ? AND at >= ? AND at < ?
                            """,
                        arguments: isWhole ? [] : [camera.id, since, until]
                    )
                }
                let first = ends.compactMap { $0[0] as Int64? }.min()
                let last = ends.compactMap { $0[1] as Int64? }.max()
                return PastWindow(
                    numbers: first.flatMap { first in last.map { first...$0 } },
                    since: since,
                    until: until,
                    cameras: Dictionary(known.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
                )
            }
        }
    }

    /// Calls `body` with each look of a window in the order in which they were taken. Blocking.
    ///
    /// They are read page by page: who writes meanwhile is not held up, and what it has written can be folded in.
    public func eachLook(in window: PastWindow, _ body: (PastLook) throws -> Void) throws(JournalError) {
        guard let numbers = window.numbers else { return }
        var next = numbers.lowerBound
        while next <= numbers.upperBound {
            let last = min(next + Self.page - 1, numbers.upperBound)
            try eachLook(in: window, numbered: next...last, body)
            next = last + 1
        }
    }

    /// Calls `body` with each look that was captured from `since` on and before `until`, in the order in which they were
    /// taken. Blocking.
    public func eachLook(
        since: Date = .distantPast,
        until: Date = .distantFuture,
        camera: String? = nil,
        _ body: (PastLook) throws -> Void
    ) throws(JournalError) {
        try eachLook(in: try window(since: since, until: until, cameras: camera.map { [$0] }), body)
    }

    /// Looks that are read at once, at most.
    private static let page: Int64 = 4096

    private func eachLook(
        in window: PastWindow,
        numbered numbers: ClosedRange<Int64>,
        _ body: (PastLook) throws -> Void
    ) throws(JournalError) {
        let database = try open()
        // The numbers of cameras are ours, so they can stand in the text; the + has looks found by their own numbers, in
        // their order, instead of sorting them.
        let cameras = window.cameras.keys.sorted().map(String.init).joined(separator: ", ")
        try DatabaseFile.translated(path) {
            try database.read { connection in
                let rows = try Row.fetchCursor(
                    connection,
                    sql: """
                        SELECT look.id, look.camera_id, look.run_id, look.at, look.elapsed, look.frame, model.name,
                            look.brightness, look.flags, crop.embedding, framing.name
                        FROM look CROSS JOIN crop ON crop.look_id = look.id
                        JOIN model ON model.id = look.model_id JOIN framing ON framing.id = look.framing_id
                        WHERE look.id BETWEEN ? AND ? AND +look.camera_id IN (\(cameras))
                            AND +look.at >= ? AND +look.at < ?
                        ORDER BY look.id, crop.number
                        """,
                    arguments: [numbers.lowerBound, numbers.upperBound, window.since, window.until]
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
                        look = PastLook(row, camera: window.cameras[row[1]] ?? "", embedding)
                    }
                }
                if let look { try body(look) }
            }
        }
    }
}

extension PastLook {
    fileprivate init(_ row: Row, camera: String, _ embedding: [Float]) {
        let at: Int64 = row[3]
        let flags: Int = row[8]
        self.init(
            id: row[0],
            camera: camera,
            run: row[2],
            at: Milliseconds.date(at),
            elapsed: .milliseconds((row[4] as Int64?) ?? at),
            frame: UInt64(clamping: row[5] as Int64),
            view: row[10],
            modelID: row[6],
            brightness: row[7],
            isEvidence: flags & 1 != 0,
            isAfterLoss: flags & 2 != 0,
            embeddings: [embedding]
        )
    }
}
