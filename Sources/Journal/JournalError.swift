import Foundation
import GRDB

/// Why a journal could not be opened or read, in words for the person who has to do something about it.
///
/// Whatever the error, the file at the path was neither changed nor replaced.
public enum JournalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder that should hold the journal does not exist or is not a folder.
    case missingFolder(path: String, folder: String)
    /// Something other than a file is at the path: a folder, a device, a pipe.
    case notAFile(path: String)
    /// This user may not read the file, or not write it or its folder, as has to be done.
    case noPermission(path: String, detail: String)
    /// Another daemon writes this journal. The process is known when it says so in the lock file.
    case inUse(path: String, process: Int32?)
    /// The file is no SQLite database.
    case notADatabase(path: String)
    /// The file is an SQLite database of some other program.
    case notAJournal(path: String)
    /// A newer version has written the file: it holds migrations that this version does not know.
    case newerSchema(path: String, unknown: [String], newestKnown: String)
    /// An older version has written the file, and a reader cannot bring it up to date.
    case olderSchema(path: String)
    /// The file is a damaged SQLite database, or a row in it makes no sense.
    case damaged(path: String, detail: String)
    /// There is no journal to read at the path.
    case missing(path: String)
    /// The disk or SQLite refused for another reason.
    case refused(path: String, detail: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missingFolder(let path, let folder):
            "the journal \(path) cannot be created: there is no folder \(folder); create it, or change journal.path"
        case .notAFile(let path):
            "the journal \(path) is not a file; journal.path must name a file in an existing folder"
        case .noPermission(let path, let detail):
            "the journal \(path) cannot be used by this user: \(detail)"
        case .inUse(let path, let process):
            "the journal \(path) is being written by another scenewatchd"
                + (process.map { " (process \($0))" } ?? "") + "; stop that one, or use another journal.path"
        case .notADatabase(let path):
            "\(path) is not an SQLite database; it was left as it is; move it away, or change journal.path"
        case .notAJournal(let path):
            "\(path) is an SQLite database, but not a Scenewatch journal; it was left as it is; change journal.path"
        case .newerSchema(let path, let unknown, let newestKnown):
            "the journal \(path) was written by a newer scenewatchd: its schema has "
                + unknown.map { "'\($0)'" }.joined(separator: ", ")
                + " and this version knows none after '\(newestKnown)'; update Scenewatch, or use another journal.path"
        case .olderSchema(let path):
            "the journal \(path) was written by an older scenewatchd; start this version's daemon once, which brings it "
                + "up to date"
        case .damaged(let path, let detail):
            "the journal \(path) is damaged (\(detail)); it was left as it is; move it away to start a new one, and "
                + "try `sqlite3 … .recover` on the old one"
        case .missing(let path):
            "there is no journal at \(path); scenewatchd makes it when it starts"
        case .refused(let path, let detail):
            "the journal \(path) cannot be used: \(detail)"
        }
    }

    /// What SQLite's error means for the journal at a path.
    init(_ error: any Error, path: String) {
        if let error = error as? JournalError {
            self = error
            return
        }
        if let error = error as? RecordRefusal {
            self = .damaged(path: path, detail: error.reason)
            return
        }
        guard let error = error as? DatabaseError else {
            self = .refused(path: path, detail: "\(error)")
            return
        }
        let cause = WriteFailure(error).cause
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_CORRUPT: self = .damaged(path: path, detail: cause)
        case .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self = .noPermission(path: path, detail: cause)
        default: self = .refused(path: path, detail: cause)
        }
    }
}

extension JournalError: LocalizedError {
    /// The same as `description`.
    public var errorDescription: String? { description }
}
