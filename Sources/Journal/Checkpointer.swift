import Dispatch
import Foundation
import GRDB
import Synchronization

/// Folds the write-ahead log into the database on a thread and a connection of its own, so that the one who writes does not
/// wait for the disk to do so: a passive checkpoint locks no writer out (<https://www.sqlite.org/wal.html>).
///
/// When all of the log is in the database, and nobody reads it any more, the next transaction begins it anew.
final class Checkpointer: Sendable {
    /// A longer log is folded in.
    static let longestLog: Int64 = 4 << 20

    private struct State {
        var isAsked = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let path: String

    /// Starts the thread. The connection must no longer be used by anybody else.
    init(path: String, database: DatabaseQueue) {
        self.path = path
        let thread = Thread { [self] in
            while waitUntilAsked() {
                // What keeps it from doing so keeps the journal from being written, too, and is told there.
                try? database.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
            }
            try? database.close()
            ended.signal()
        }
        thread.name = "journal log"
        thread.start()
    }

    /// Something was committed. Folds it in soon when the log has become long.
    func committed() {
        if DatabaseFile.bytes(of: path + "-wal") > Self.longestLog { ask() }
    }

    /// Folds in what there is, soon. On a full disk that can make room in the log.
    func ask() {
        let isFirst = state.withLock { state in
            defer { state.isAsked = true }
            return !state.isAsked
        }
        if isFirst { wake.signal() }
    }

    /// Ends the thread. Blocking.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
        ended.wait()
    }

    private func waitUntilAsked() -> Bool {
        while true {
            let (isAsked, isStopped) = state.withLock { state in
                defer { state.isAsked = false }
                return (state.isAsked, state.isStopped)
            }
            if isStopped { return false }
            if isAsked { return true }
            wake.wait()
        }
    }
}
