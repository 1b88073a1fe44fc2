import Foundation
import GRDB
import Logging
import Sketch

/// Keeps the journal's sketch up, on the writer's thread: what is committed is read back and sketched.
///
/// Going by the database alone, it makes no difference whether a look was written just now or by a daemon that knew of no
/// sketch. Whatever goes wrong costs nothing but speed: what is not sketched is searched in the database.
struct SketchKeeper {
    private let folder: SketchFolder
    private let logger: Logger
    private var writer: SketchWriter?
    private var failures = FailureLog()
    private var retryAt: ContinuousClock.Instant?
    private var forgetAt = ContinuousClock.now

    /// Looks that are read, sketched and made known at a time.
    private static let portion = 256
    private static let pause = Duration.seconds(60)

    init(path: String, logger: Logger) {
        folder = SketchFolder(ofJournal: path)
        self.logger = logger
    }

    /// Sketches what is new, for about as long as it may take: a message may be waiting to be written.
    mutating func catchUp(_ database: DatabaseQueue, within budget: Duration = .milliseconds(20)) {
        let started = ContinuousClock.now
        guard started >= retryAt ?? started else { return }
        do {
            try database.unsafeRead { connection in
                while try advance(connection), ContinuousClock.now - started < budget {}
            }
            retryAt = nil
            if failures.succeeded() { logger.notice("The journal's sketch can be written again.") }
        } catch {
            writer = nil
            retryAt = .now + Self.pause
            if failures.failed("\(error)", at: .now) {
                logger.warning(
                    "The journal's sketch cannot be written. Searches take longer until it can.",
                    metadata: ["path": "\(folder.path)", "cause": "\(error)"]
                )
            }
        }
    }

    /// Lets the next call remove what the journal has given up, however lately that was done.
    mutating func forgetNow() {
        forgetAt = .now
    }

    /// Sketches some looks. False when there was nothing new.
    private mutating func advance(_ connection: Database) throws -> Bool {
        let newest = try Int64.fetchOne(connection, sql: "SELECT max(id) FROM look") ?? 0
        // Numbers begin anew where all looks were deleted.
        if let writer, newest < writer.lastLook { self.writer = nil }
        var writer = try self.writer ?? Self.open(folder, newest: newest, connection)
        self.writer = nil
        var looks = 0
        if newest > writer.lastLook {
            looks = try SketchRows.each(connection, after: writer.lastLook, limit: Self.portion) { crops, model in
                try writer.add(crops, model: model)
            }
            try writer.commit()
        }
        if ContinuousClock.now >= forgetAt, let oldest = try Int64.fetchOne(connection, sql: "SELECT min(id) FROM look")
        {
            try writer.forget(before: oldest)
            forgetAt = .now + Self.pause
        }
        self.writer = writer
        return looks > 0
    }

    private static func open(_ folder: SketchFolder, newest: Int64, _ connection: Database) throws -> SketchWriter {
        guard let identity = try SketchRows.identity(connection) else {
            throw SketchError.refused("the journal has no name")
        }
        let oldest = try Int64.fetchOne(connection, sql: "SELECT min(id) FROM look") ?? 1
        return try SketchWriter(folder, identity: identity, oldest: oldest, newest: newest) { segment in
            try [0.5, 1].allSatisfy { try SketchRows.agrees(segment, at: $0, connection) }
        }
    }
}

extension JournalReader {
    /// Sketches everything that the journal has, as the daemon does bit by bit. Only while no daemon runs.
    package func sketchAll(logger: Logger) throws(JournalError) {
        let database = try open()
        var keeper = SketchKeeper(path: path, logger: logger)
        keeper.catchUp(database, within: .seconds(86_400))
    }
}
