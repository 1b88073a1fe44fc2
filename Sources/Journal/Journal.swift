import Foundation
import GRDB
import Logging
import Synchronization

/// The journal: an SQLite database of looks and their embeddings, of events, and of cameras' ups and downs.
///
/// One thread writes. Recording hands it a value and returns; it never waits for the disk. A message is committed,
/// then published, in the order of its number. When the disk refuses, messages are published all the same, marked, and
/// are written when it takes them again; looks wait too, and the oldest are dropped when there are too many.
///
/// It knows nothing of cameras, models or sockets beyond the values that it is given: no decision about a score is
/// made here, and no line is sent. Docs/Journal.md describes the views that people query.
public final class Journal: Sendable {
    /// The ends of the events that a daemon left open when it died: committed, not published yet.
    public let recovered: [JournaledMessage]

    /// The database's absolute path.
    public let path: String

    let writer: JournalWriter

    /// Opens the journal for writing, makes it when there is none, and ends what a crash left open.
    ///
    /// - Throws: when the folder is missing, the file is not a journal or of a newer version, another daemon writes it,
    ///   or the disk refuses. The file is then as it was.
    ///
    /// - Parameters:
    ///   - retention: for how long it keeps what it holds.
    ///   - looksDeleted: called on the writer's thread when looks were deleted, with the number before the oldest that is
    ///     left: all up to it are gone for good, others above it may be.
    public convenience init(
        path: String,
        logger: Logger,
        retention: RetentionSettings = RetentionSettings(),
        looksDeleted: @escaping @Sendable (_ upTo: Int64) -> Void = { _ in }
    ) throws(JournalError) {
        var settings = JournalSettings()
        settings.retention = retention
        settings.looksDeleted = looksDeleted
        try self.init(path: path, logger: logger, settings: settings, now: Date())
    }

    /// The same with another clock and other bounds.
    package init(
        path: String,
        logger: Logger,
        settings: JournalSettings,
        now: Date
    ) throws(JournalError) {
        let path = try DatabaseFile.resolve(path)
        let lock = try JournalLock(path: path)
        let database = try DatabaseFile.openForWriting(path)
        let (last, ends, run) = try DatabaseFile.translated(path) {
            var (last, run): (Int64, Int64) = (0, 0)
            var ends: [JournaledMessage] = []
            try database.writeWithoutTransaction { connection in
                try connection.inTransaction(.immediate) {
                    last = max(try Recovery.lastSequence(connection), lock.rememberedSequence)
                    ends = try Recovery.endOpenEvents(connection, after: last, now: now, path: path)
                    run = try Runs.begin(connection, at: now)
                    return .commit
                }
            }
            return (last, ends, run)
        }
        if !ends.isEmpty {
            logger.warning("Ended \(ends.count) events that were active when the last daemon died.")
        }
        self.path = path
        recovered = ends
        writer = JournalWriter(
            database: database,
            reader: try JournalReader(path: path),
            checkpointer: Checkpointer(path: path, database: try DatabaseFile.openForCheckpoints(path)),
            lock: lock,
            lastSequence: ends.last?.seq ?? last,
            run: run,
            recovered: ends.count,
            settings: settings,
            logger: logger
        )
    }

    deinit { writer.close() }

    /// The number of the last message that was published or recovered; 0 before the first of all.
    public var lastSequence: Int64 { writer.state.withLock { $0.lastSequence } }

    /// Whether looks can be handed over without any being given up. Who can wait does so while this is false.
    public var hasRoom: Bool { writer.state.withLock { $0.queue.hasRoom } }

    /// Hands over a look. It is written within about 50 ms, unless the disk is slower or refuses.
    public func record(_ look: LookRecord) {
        writer.record(look)
    }

    /// Hands over the thumbnail of a look that was recorded before. Of those that wait, the oldest go when there are over
    /// 512; one whose look is not in the journal is ignored.
    public func record(_ thumbnail: ThumbnailRecord) {
        writer.record(thumbnail)
    }

    /// Hands over a message, to be written after everything that was recorded before it.
    ///
    /// `publish` is called on the writer's thread, in the order of the numbers, when the message is committed, or when
    /// the disk has refused it. It holds the writer up while it runs. It is not called when the journal is closed.
    public func record(_ message: JournalMessage, then publish: @escaping @Sendable (JournaledMessage) -> Void) {
        guard !writer.offer(.message(message, publish)) else { return }
        writer.state.withLock { $0.statistics.failures += 1 }
        writer.logger.error(
            "A message came after the journal was closed and is lost.",
            metadata: ["message": "\(MessageKind(message)) \(message.camera ?? "")"]
        )
    }

    /// Waits until everything recorded before is committed and published, or the disk has refused it.
    ///
    /// Blocking; within a `publish` it returns at once.
    public func flush() {
        writer.flush()
    }

    /// Writes what waits, folds the write-ahead log into the database and gives it free for others.
    ///
    /// Blocking; within a `publish` it returns at once. What is recorded later is lost.
    public func close() {
        writer.close()
    }

    /// What the journal has done since it was opened.
    public var statistics: JournalStatistics {
        var statistics = writer.state.withLock { $0.statistics }
        for file in [path, path + "-wal"] { statistics.fileBytes += DatabaseFile.bytes(of: file) }
        return statistics
    }

    /// The newest events, newest first. Blocking.
    public func events(limit: Int) throws(JournalError) -> [JournaledEvent] {
        try writer.reader.events(limit: limit)
    }

    /// The newest looks of a camera, or of all, newest first, with crops and scores. Blocking.
    public func looks(camera: String? = nil, limit: Int) throws(JournalError) -> [JournaledLook] {
        try writer.reader.looks(camera: camera, limit: limit)
    }

    /// The scores of a trigger, on one camera or on all, oldest first. Blocking.
    public func scores(trigger: String, camera: String? = nil) throws(JournalError) -> [JournaledScore] {
        try writer.reader.scores(trigger: trigger, camera: camera)
    }

    /// When the last event of each trigger on each camera started. Blocking.
    public func lastStarts() throws(JournalError) -> [EventStartTime] {
        try writer.reader.lastStarts()
    }

    /// The messages numbered above `seq`, in order. Blocking.
    public func messages(after seq: Int64, limit: Int) throws(JournalError) -> [JournaledMessage] {
        try writer.reader.messages(after: seq, limit: limit)
    }

    /// The number before the first message that is at or after a time; that of the last message when there is none.
    /// Blocking.
    public func sequence(before date: Date) throws(JournalError) -> Int64 {
        try writer.reader.sequence(before: date)
    }

    /// Lets the database grow to so many pages of 4096 bytes and no more, as a disk of that size would.
    package func limit(pages: Int) throws {
        try writer.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }
}
