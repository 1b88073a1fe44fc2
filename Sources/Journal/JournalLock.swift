import Foundation
import Synchronization

/// Keeps two daemons from writing one journal, and remembers the last message's number when the database cannot.
///
/// An flock(2) on `PATH.lock`: the kernel releases it however the process ends. The file itself is never removed, since
/// another process may already hold it open and would then lock a file that nobody else sees. It holds one line of
/// fixed width, overwritten in place: that needs no new block, so it works on a disk that is full.
final class JournalLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// The number of the last message that an earlier daemon published but perhaps never wrote; 0 when it says nothing.
    let rememberedSequence: Int64

    /// Takes the lock for the database at `path`.
    init(path: String) throws(JournalError) {
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw JournalError.noPermission(path: path, detail: "\(path).lock: \(String(cString: strerror(errno)))")
        }
        let line = Self.read(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            close(descriptor)
            if failure == EWOULDBLOCK { throw JournalError.inUse(path: path, process: line.process) }
            throw JournalError.refused(
                path: path,
                detail: "\(path).lock cannot be locked: \(String(cString: strerror(failure)))"
            )
        }
        rememberedSequence = line.sequence
        self.descriptor = Mutex(descriptor)
        remember(sequence: line.sequence)
    }

    /// Whether a daemon writes the journal at `path`; also where that cannot be told.
    static func isHeld(path: String) -> Bool {
        let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Writes down the number of a message that the database did not take. Best effort.
    func remember(sequence: Int64) {
        let line = Self.padded(Int64(getpid()), to: 10) + " " + Self.padded(sequence, to: 20) + "\n"
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            _ = line.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        }
    }

    /// Gives the lock back. What comes after is ignored.
    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    deinit { release() }

    /// Beyond this a number is not exact in JSON readers that know only doubles, so it did not come from us.
    private static let largestSequence: Int64 = 1 << 53

    private static func read(_ descriptor: Int32) -> (process: Int32?, sequence: Int64) {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
        let sequence = words.count == 2 ? Int64(words[1]) ?? 0 : 0
        let isOurs = (0...largestSequence).contains(sequence)
        return (words.first.flatMap { Int32($0) }, isOurs ? sequence : 0)
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
