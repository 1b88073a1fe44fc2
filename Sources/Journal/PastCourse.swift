import Foundation
import GRDB

/// What happened beside looks, so that they can be gone through as they were then: the daemon's runs, and the losses of
/// cameras.
public struct PastCourse: Sendable, Hashable {
    /// A run of the daemon.
    public struct Run: Sendable, Hashable {
        /// Its number; they rise.
        public var number: Int64
        /// When it ended in good order; nil where it did not, or goes on.
        public var ended: Date?

        /// Takes values as they are.
        public init(number: Int64, ended: Date? = nil) {
            self.number = number
            self.ended = ended
        }
    }

    /// A camera that was told as lost.
    public struct Loss: Sendable, Hashable {
        /// The camera's name.
        public var camera: String
        /// When it was told, which ended events.
        public var told: Date
        /// In which run; nil for losses of older versions.
        public var run: Int64?
        /// The last look before it, of whatever camera; nil for losses of older versions.
        public var look: Int64?

        /// Takes values as they are.
        public init(camera: String, told: Date, run: Int64?, look: Int64?) {
            self.camera = camera
            self.told = told
            self.run = run
            self.look = look
        }
    }

    /// A run as one camera has seen it.
    public struct Stay: Sendable, Hashable {
        /// The camera's name.
        public var camera: String
        /// The run; nil for looks of older versions.
        public var run: Int64?

        /// Takes values as they are.
        public init(camera: String, run: Int64?) {
            self.camera = camera
            self.run = run
        }
    }

    /// In the order of their numbers; the last may go on.
    public var runs: [Run]
    /// In the order in which they were told.
    public var losses: [Loss]
    /// What ends the past: nothing that was told from then on counts.
    public var until: Date
    /// Of each camera the run of its first look from ``until`` on, if there is one: its looks go on there.
    public var continued: Set<Stay>

    /// Takes values as they are.
    public init(
        runs: [Run] = [],
        losses: [Loss] = [],
        until: Date = .distantFuture,
        continued: Set<Stay> = []
    ) {
        self.runs = runs
        self.losses = losses
        self.until = until
        self.continued = continued
    }
}

extension JournalReader {
    /// What happened beside looks up to a moment. Blocking.
    public func course(until: Date = .distantFuture) throws(JournalError) -> PastCourse {
        let database = try open()
        return try DatabaseFile.translated(path) {
            try database.read { connection in
                let runs = try Row.fetchAll(connection, sql: "SELECT id, ended FROM run ORDER BY id").map { row in
                    PastCourse.Run(number: row[0], ended: (row[1] as Int64?).map(Milliseconds.date))
                }
                let losses = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT camera.name, coalesce(message.told, message.at), message.run_id, message.look_id
                        FROM message JOIN camera ON camera.id = message.camera_id
                        WHERE message.kind = \(MessageKind.cameraLost.rawValue) AND message.kind > 2
                        ORDER BY message.seq
                        """
                ).map { row in
                    PastCourse.Loss(camera: row[0], told: Milliseconds.date(row[1]), run: row[2], look: row[3])
                }
                let stays = try Row.fetchAll(
                    connection,
                    sql: """
                        SELECT camera.name, look.run_id FROM camera JOIN look ON look.id =
                            (SELECT id FROM look WHERE camera_id = camera.id AND at >= ? ORDER BY at LIMIT 1)
                        """,
                    arguments: [Milliseconds.of(until)]
                ).map { PastCourse.Stay(camera: $0[0], run: $0[1]) }
                return PastCourse(runs: runs, losses: losses, until: until, continued: Set(stays))
            }
        }
    }
}
