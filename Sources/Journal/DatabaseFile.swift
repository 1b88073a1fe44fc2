import Foundation
import GRDB
import Logging

/// Opens the database file, and refuses, before it changes anything, what is not a journal of ours.
enum DatabaseFile {
    /// The absolute path without symbolic links, so that all ways to one journal meet at one lock.
    ///
    /// - Throws: when the folder is missing, or something other than a file is there.
    static func resolve(_ path: String) throws(JournalError) -> String {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
            return realPath(path) ?? path
        }
        let url = URL(fileURLWithPath: path)
        guard !path.isEmpty, !path.hasSuffix("/") else { throw .notAFile(path: path) }
        let folder = url.deletingLastPathComponent().path
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let resolved = realPath(folder) else {
            throw .missingFolder(path: path, folder: folder)
        }
        return (resolved == "/" ? "" : resolved) + "/" + url.lastPathComponent
    }

    /// Opens for the one writer: checks, then write-ahead logging, then migrations.
    ///
    /// A file that does not exist is made for owner and group only: who was where is nobody else's business.
    static func openForWriting(_ path: String, logger: Logger) throws(JournalError) -> DatabaseQueue {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
        guard access(path, R_OK | W_OK) == 0 else {
            throw .noPermission(path: path, detail: String(cString: strerror(errno)))
        }
        var status = stat()
        // SQLite takes a file of one byte for an empty one (a workaround for a file system) and writes over it.
        guard stat(path, &status) != 0 || status.st_size != 1 else { throw .notADatabase(path: path) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .noPermission(
                path: path,
                detail: "SQLite must be able to create files in \(folder): \(String(cString: strerror(errno)))"
            )
        }
        return try translated(path) {
            let database = try DatabaseQueue(path: path, configuration: configuration(label: "journal.writer"))
            let applied = try database.writeWithoutTransaction { connection in
                try check(connection, path: path, mayBeFresh: true)
                // Retention can then give pages back to the file system. It works only before the first table.
                try connection.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                guard try String.fetchOne(connection, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                    throw JournalError.refused(path: path, detail: "its disk allows no write-ahead log")
                }
                // A log that begins anew is cut to a megabyte, so that its size says how much of it is in use.
                try connection.execute(sql: "PRAGMA journal_size_limit = 1048576")
                // The log is folded in by a thread of its own (``Checkpointer``).
                try connection.execute(sql: "PRAGMA wal_autocheckpoint = 0")
                try connection.execute(sql: "PRAGMA synchronous = FULL")
                return try Schema.migrator.appliedIdentifiers(connection)
            }
            let migrator = Schema.migrator
            if !applied.isEmpty, !applied.isSuperset(of: migrator.migrations) {
                logger.notice(
                    "The journal is of an older version and is being brought up to date. A large one takes a while.",
                    metadata: ["path": "\(path)"]
                )
            }
            try migrator.migrate(database)
            return database
        }
    }

    /// Opens a second connection beside the writer's, to fold in the log.
    static func openForCheckpoints(_ path: String) throws(JournalError) -> DatabaseQueue {
        try translated(path) {
            var configuration = configuration(label: "journal.log")
            configuration.busyMode = .immediateError
            return try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    /// Opens for reading beside the writer, in this process or another; also where nothing may be written, on a read-only
    /// disk or by a user who may only read, while there is no writer.
    static func openForReading(_ path: String) throws(JournalError) -> DatabaseQueue {
        guard access(path, F_OK) == 0 else { throw .missing(path: path) }
        return try translated(path) {
            do {
                return try openForReading(path, as: path)
            } catch let error as DatabaseError where [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode) {
                // A reader makes the files beside the database when the writer has taken them away, unless it may not. All
                // is in the database then, and it can be taken as one that nobody changes
                // (<https://www.sqlite.org/wal.html#read_only_databases>).
                guard isAtRest(path) else { throw error }
                do {
                    return try openForReading(path, as: immutable(path))
                } catch is DatabaseError {
                    // What there was to say at first is nearer to the truth.
                    throw error
                }
            }
        }
    }

    private static func openForReading(_ path: String, as name: String) throws -> DatabaseQueue {
        var configuration = configuration(label: "journal.reader")
        configuration.readonly = true
        let database = try DatabaseQueue(path: name, configuration: configuration)
        try database.read { connection in
            try check(connection, path: path, mayBeFresh: false)
            guard try Schema.migrator.hasCompletedMigrations(connection) else {
                throw JournalError.olderSchema(path: path)
            }
        }
        return database
    }

    /// Whether nobody writes it, and the log beside it holds nothing.
    private static func isAtRest(_ path: String) -> Bool {
        bytes(of: path + "-wal") == 0 && !JournalLock.isHeld(path: path)
    }

    /// A name by which SQLite opens a file that does not change (<https://www.sqlite.org/uri.html>).
    private static func immutable(_ path: String) -> String {
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        return "file:\(escaped)?immutable=1"
    }

    /// Runs `body` and says what its errors mean for the journal at `path`.
    static func translated<Value>(_ path: String, _ body: () throws -> Value) throws(JournalError) -> Value {
        do { return try body() } catch { throw JournalError(error, path: path) }
    }

    /// Milliseconds for which a lock of another program is waited for.
    static let patience = 3000

    /// The size of a file; 0 when there is none.
    static func bytes(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func configuration(label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        // People query the file with sqlite3 while the daemon writes; a short lock of theirs is no failure.
        configuration.busyMode = .timeout(Double(patience) / 1000)
        return configuration
    }

    private static func check(_ connection: Database, path: String, mayBeFresh: Bool) throws {
        let applicationID = try Int32.fetchOne(connection, sql: "PRAGMA application_id")
        if applicationID != Schema.applicationID {
            let tables = try Int.fetchOne(connection, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard mayBeFresh, tables == 0, applicationID == 0 else { throw JournalError.notAJournal(path: path) }
        }
        let migrator = Schema.migrator
        let unknown = try migrator.appliedIdentifiers(connection).subtracting(migrator.migrations)
        guard unknown.isEmpty else {
            throw JournalError.newerSchema(path: path, unknown: unknown.sorted(), newestKnown: Schema.newest)
        }
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
