import GRDB

/// What a refused write means: of one record, or of the whole disk.
struct WriteFailure {
    /// The cause in words. Equal causes have equal words.
    let cause: String
    /// Whether only the record was at fault, so that the rest of its transaction may go ahead and a retry is pointless.
    let isOfOneRecord: Bool

    init(_ error: any Error) {
        if let error = error as? RecordRefusal {
            cause = error.reason
            isOfOneRecord = true
            return
        }
        guard let error = error as? DatabaseError else {
            cause = "\(error)"
            isOfOneRecord = false
            return
        }
        let words: String? =
            switch error.resultCode {
            case .SQLITE_FULL: "the disk is full"
            case .SQLITE_IOERR: "the disk reports an input/output error"
            case .SQLITE_READONLY: "the file or its disk is read-only"
            case .SQLITE_CANTOPEN: "the file or its folder cannot be opened"
            case .SQLITE_CORRUPT: "the database is damaged"
            case .SQLITE_NOTADB: "the file is not an SQLite database"
            case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds it locked"
            default: nil
            }
        let detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        cause = words.map { "\($0) (\(detail))" } ?? detail
        isOfOneRecord =
            switch error.resultCode {
            case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE: true
            default: false
            }
    }
}

/// A record that makes no sense with what the journal already holds.
struct RecordRefusal: Error {
    let reason: String
}
