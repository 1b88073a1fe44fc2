import Foundation
import GRDB

/// What of a look the diary needs.
public struct DescribedLook: Sendable, Hashable {
    /// When it was captured, in milliseconds since 1970 UTC.
    public var at: Int64
    /// What it shows, in words; nil where nothing was said of it.
    public var labels: [String]?
    /// Whether its picture could be believed, and showed something.
    public var isEvidence: Bool

    /// Takes values as they are.
    public init(at: Int64, labels: [String]?, isEvidence: Bool) {
        self.at = at
        self.labels = labels
        self.isEvidence = isEvidence
    }
}

/// A time at which a camera was lost.
public struct JournaledLoss: Sendable, Hashable {
    /// Since when.
    public var from: Date
    /// When it was found again; nil where it was not, as far as is known.
    public var until: Date?
    /// Why, in words.
    public var reason: String
}

extension JournalReader {
    /// Looks that are read at once, at most.
    private static let diaryPage = 4096

    /// Calls `body` with each look of a camera that was captured from `since` on and before `until`, in the order of time.
    /// Blocking.
    ///
    /// They are read page by page: who writes meanwhile is not held up.
    public func eachDescribedLook(
        camera: String,
        since: Date = .distantPast,
        until: Date = .distantFuture,
        _ body: (DescribedLook) -> Void
    ) throws(JournalError) {
        let database = try open()
        let end = Milliseconds.of(until)
        var (at, id) = (Milliseconds.of(since), Int64(0))
        while true {
            let page = try DatabaseFile.translated(path) {
                try database.read { connection in
                    try Row.fetchAll(
                        connection.cachedStatement(
                            sql: """
                                SELECT look.at, look.id, look.flags, wording.name FROM look INDEXED BY look_by_camera
                                LEFT JOIN wording ON wording.id = look.wording_id
                                WHERE look.camera_id = (SELECT id FROM camera WHERE name = ?1)
                                    AND (look.at, look.id) > (?2, ?3) AND look.at < ?4
                                ORDER BY look.at, look.id LIMIT ?5
                                """
                        ),
                        arguments: [camera, at, id, end, Self.diaryPage]
                    ).map { row in
                        (
                            id: row[1] as Int64,
                            look: DescribedLook(
                                at: row[0],
                                labels: Wording.labels(row[3]),
                                isEvidence: (row[2] as Int) & 1 != 0
                            )
                        )
                    }
                }
            }
            for (_, look) in page { body(look) }
            guard page.count == Self.diaryPage, let last = page.last else { return }
            (at, id) = (last.look.at, last.id)
        }
    }

    /// The times at which a camera was lost, as far as they reach into a part of the past. Blocking.
    public func losses(camera: String, since: Date, until: Date) throws(JournalError) -> [JournaledLoss] {
        let rows = try fetch(
            """
            SELECT message.kind, message.at, message.reason FROM message
            WHERE message.kind IN (\(MessageKind.cameraLost.rawValue), \(MessageKind.cameraFound.rawValue))
                AND message.camera_id = (SELECT id FROM camera WHERE name = ?) AND message.at < ?
            ORDER BY message.seq
            """,
            [camera, Milliseconds.of(until)]
        ) { row in (kind: row[0] as Int, at: Milliseconds.date(row[1]), reason: (row[2] as String?) ?? "") }
        var losses: [JournaledLoss] = []
        for row in rows {
            if row.kind == MessageKind.cameraLost.rawValue {
                losses.append(JournaledLoss(from: row.at, until: nil, reason: row.reason))
            } else if let last = losses.indices.last, losses[last].until == nil {
                losses[last].until = row.at
            }
        }
        return losses.filter { $0.until.map { $0 >= since } ?? true }
    }
}
