import Dispatch
import Foundation
import GRDB
import Logging

/// What the writer's thread does, batch after batch, until the queue is closed and empty.
struct WriterLoop {
    private typealias Item = PendingQueue<LookRecord, JournalWriter.Urgent>.Item
    private typealias Numbered = (seq: Int64, message: JournalMessage)

    private let writer: JournalWriter
    private var sequence: Int64
    private var rows: RowWriter
    private var sketch: SketchKeeper
    private var failures = FailureLog()
    private var drops = FailureLog()
    private var droppedWhenLogged = 0
    /// Messages that were published before the disk took them.
    private var unwritten: [Numbered] = []
    /// Whether commits wait until the disk has them (`PRAGMA synchronous`).
    private var isDurable = true
    private var housekeeping: Housekeeping

    /// More than a day's worth of messages: by then nobody is coming to make room.
    private static let unwrittenLimit = 10_000

    init(_ writer: JournalWriter) {
        self.writer = writer
        rows = RowWriter(run: writer.run)
        sketch = SketchKeeper(path: writer.database.path, logger: writer.logger)
        sequence = writer.state.withLock { $0.lastSequence }
        housekeeping = Housekeeping(writer.settings, path: writer.database.path, logger: writer.logger)
    }

    mutating func run() {
        loop: while true {
            switch writer.nextTurn(houseDue: housekeeping.due) {
            case .write(let items, let thumbnails): write(items, thumbnails)
            case .keepHouse: keepHouse()
            case .finish: break loop
            }
            sketch.catchUp(writer.database)
        }
        let thumbnails = writer.state.withLock { $0.thumbnails }
        if !unwritten.isEmpty || !thumbnails.isEmpty { write([], thumbnails) }
        finish()
    }

    /// One transaction and what follows from it.
    private mutating func write(_ items: [Item], _ thumbnails: [ThumbnailRecord]) {
        let first = sequence + 1
        for case .urgent(.message) in items { sequence += 1 }
        let written = commit(items, thumbnails, from: first)
        if let written {
            succeeded(written)
        } else {
            failed(items, thumbnails, from: first)
            writer.checkpointer.ask()
        }
        answer(items, from: first, written)
        writer.checkpointer.committed()
        reportDrops()
    }

    // MARK: - The transaction

    /// What one transaction put on disk.
    private struct Written {
        var looks = 0
        var crops = 0
        var messages = 0
        var thumbnails = 0
        var refusedLooks = 0
        var refused: Set<Int64> = []
        var refusals: [WriteFailure] = []
    }

    /// Nil when the disk refused all of it.
    private mutating func commit(_ items: [Item], _ thumbnails: [ThumbnailRecord], from first: Int64) -> Written? {
        guard !items.isEmpty || !unwritten.isEmpty || !thumbnails.isEmpty else { return Written() }
        do {
            var written = Written()
            try writer.database.writeWithoutTransaction { connection in
                try setDurability(for: items, connection)
                try connection.inTransaction(.immediate) {
                    for (seq, message) in unwritten {
                        try write(message, seq: seq, &written, connection)
                    }
                    var seq = first
                    for item in items {
                        switch item {
                        case .look(let look): try write(look, &written, connection)
                        case .urgent(.flush): break
                        case .urgent(.message(let message, _)):
                            try write(message, seq: seq, &written, connection)
                            seq += 1
                        }
                    }
                    for thumbnail in thumbnails {
                        if try rows.write(thumbnail, to: connection) { written.thumbnails += 1 }
                    }
                    return .commit
                }
            }
            return written
        } catch {
            rows.forgetNames()
            let cause = WriteFailure(error).cause
            if failures.failed(cause, at: .now) {
                writer.logger.error(
                    "The journal cannot be written. Messages go out marked as not journaled and are written later.",
                    metadata: ["path": "\(writer.database.path)", "cause": "\(cause)"]
                )
            }
            return nil
        }
    }

    /// A look may be lost in a power cut, a message that was published as journaled may not: its commit waits for the
    /// disk. In write-ahead logging that also brings every earlier commit to the disk
    /// (<https://www.sqlite.org/pragma.html#pragma_synchronous>). Twenty syncs a second for looks alone would wear out
    /// an SD card for nothing.
    private mutating func setDurability(for items: [Item], _ connection: Database) throws {
        let hasMessages =
            !unwritten.isEmpty
            || items.contains { if case .urgent(.message) = $0 { true } else { false } }
        guard hasMessages != isDurable else { return }
        try connection.execute(sql: "PRAGMA synchronous = \(hasMessages ? "FULL" : "NORMAL")")
        isDurable = hasMessages
    }

    private mutating func write(_ look: LookRecord, _ written: inout Written, _ connection: Database) throws {
        if let refusal = try rows.attempt(connection, { try $0.write(look, to: connection) }) {
            written.refusedLooks += 1
            written.refusals.append(refusal)
        } else {
            written.looks += 1
            written.crops += look.crops.count
        }
    }

    private mutating func write(
        _ message: JournalMessage,
        seq: Int64,
        _ written: inout Written,
        _ connection: Database
    ) throws {
        if let refusal = try rows.attempt(connection, { try $0.write(message, seq: seq, to: connection) }) {
            written.refused.insert(seq)
            written.refusals.append(refusal)
        } else {
            written.messages += 1
        }
    }

    // MARK: - What follows

    private mutating func succeeded(_ written: Written) {
        unwritten.removeAll()
        let statistics = writer.state.withLock { state in
            state.statistics.looks += written.looks
            state.statistics.crops += written.crops
            state.statistics.messages += written.messages
            state.statistics.thumbnails += written.thumbnails
            state.statistics.dropped += written.refusedLooks
            state.statistics.failures += written.refusals.count
            state.statistics.unwritten = 0
            state.statistics.lastError = nil
            return state.statistics
        }
        if failures.succeeded() {
            writer.logger.notice(
                "The journal can be written again.",
                metadata: ["path": "\(writer.database.path)", "looksLostSoFar": "\(statistics.dropped)"]
            )
        }
        for refusal in written.refusals where drops.failed(refusal.cause, at: .now) {
            writer.logger.error(
                "The journal refused a record that makes no sense.",
                metadata: ["path": "\(writer.database.path)", "cause": "\(refusal.cause)"]
            )
        }
    }

    private mutating func failed(_ items: [Item], _ thumbnails: [ThumbnailRecord], from first: Int64) {
        var looks: [LookRecord] = []
        var seq = first
        for item in items {
            switch item {
            case .look(let look): looks.append(look)
            case .urgent(.flush): break
            case .urgent(.message(let message, _)):
                unwritten.append((seq, message))
                seq += 1
            }
        }
        let excess = max(0, unwritten.count - Self.unwrittenLimit)
        unwritten.removeFirst(excess)
        writer.state.withLock { state in
            state.statistics.dropped += state.queue.putBack(looks, retryAt: .now + writer.retryAfter)
            state.thumbnails = (thumbnails + state.thumbnails).suffix(JournalWriter.mostThumbnails)
            state.statistics.failures += 1 + excess
            state.statistics.unwritten = unwritten.count
            state.statistics.lastError = failures.cause
        }
    }

    /// Publishes the messages in order and lets those go who wait for a flush. The numbers that the database does not
    /// have are written down first, so that the next daemon does not give them again.
    private func answer(_ items: [Item], from first: Int64, _ written: Written?) {
        if let last = written.map({ $0.refused.max() }) ?? (sequence >= first ? sequence : nil) {
            writer.lock.remember(sequence: last)
        }
        var seq = first
        for item in items {
            switch item {
            case .look: break
            case .urgent(.flush(let done)): done.signal()
            case .urgent(.message(let message, let publish)):
                let journaled = written.map { !$0.refused.contains(seq) } ?? false
                writer.state.withLock { $0.lastSequence = seq }
                publish(JournaledMessage(seq: seq, message: message, journaled: journaled))
                seq += 1
            }
        }
    }

    /// A step of deleting. A power cut may undo it, which harms nobody, so it need not wait for the disk.
    private mutating func keepHouse() {
        if isDurable,
            (try? writer.database.writeWithoutTransaction({
                try $0.execute(sql: "PRAGMA synchronous = NORMAL")
            })) != nil
        {
            isDurable = false
        }
        let wasDeleting = writer.state.withLock { $0.statistics.deleting != nil }
        let report = housekeeping.turn(writer.database)
        // What was given back leaves the file only when the log is folded in.
        if wasDeleting, report.doing == nil { writer.checkpointer.ask() }
        writer.checkpointer.committed()
        writer.state.withLock { $0.statistics.note(report) }
        if let last = report.deletedUpTo { writer.settings.looksDeleted(last) }
    }

    private mutating func reportDrops() {
        let dropped = writer.state.withLock { $0.statistics.dropped }
        guard dropped > droppedWhenLogged, drops.failed("dropped", at: .now) else { return }
        writer.logger.warning(
            "The journal lost looks: its disk refused them or is slower than the cameras.",
            metadata: ["path": "\(writer.database.path)", "lost": "\(dropped - droppedWhenLogged)"]
        )
        droppedWhenLogged = dropped
    }

    private mutating func finish() {
        if !unwritten.isEmpty {
            writer.logger.error(
                "The journal is closed without messages that the disk refused.",
                metadata: ["path": "\(writer.database.path)", "messages": "\(unwritten.count)"]
            )
        }
        writer.reader.close()
        sketch.forgetNow()
        sketch.catchUp(writer.database, within: .seconds(1))
        writer.checkpointer.stop()
        do {
            let stopped = writer.state.withLock { $0.stopped } ?? Date()
            try writer.database.write { try Runs.end(writer.run, $0, at: stopped) }
        } catch {
            writer.logger.debug("The end of the run was not written: \(WriteFailure(error).cause)")
        }
        do {
            // The last connection to close removes the write-ahead log: one file is left, easy to copy.
            try writer.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        } catch {
            writer.logger.debug("The journal's log was not folded in: \(WriteFailure(error).cause)")
        }
        do { try writer.database.close() } catch {
            writer.logger.warning("The journal was not closed: \(WriteFailure(error).cause)")
        }
        writer.lock.release()
    }
}
