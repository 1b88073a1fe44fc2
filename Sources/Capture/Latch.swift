import CVideo
import Foundation
import Synchronization

/// Something that happens once, and wakes whoever waits for it in poll(2).
package final class Latch: Sendable {
    /// Why a wait is over.
    package enum Wake: Equatable, Sendable {
        case latched
        case timedOut
        /// poll's `revents` of the two descriptors; 0 for one that is not ready.
        case ready(Int16, Int16)
    }

    // Without a descriptor (-1: the process has run out of them) the flag is looked at every `blindWait`.
    private let descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    private let flag = Atomic(false)
    private static let blindWait = Duration.milliseconds(100)

    package init() {}

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    package var isSet: Bool { flag.load(ordering: .acquiring) }

    package func set() {
        flag.store(true, ordering: .releasing)
        _ = eventfd_write(descriptor, 1)
    }

    /// Waits until the latch is set, one of the descriptors is readable (or hung up, in error, or has an event), or the
    /// deadline has passed, whichever comes first.
    ///
    /// - Parameters:
    ///   - first: A descriptor, or -1 for none.
    ///   - second: Another.
    ///   - deadline: By ``monotonicNow()``; nil waits for ever.
    package func wait(_ first: Int32 = -1, _ second: Int32 = -1, until deadline: Duration?) -> Wake {
        while !isSet {
            let remaining = deadline.map { max($0 - monotonicNow(), .zero) }
            let limit = descriptor >= 0 ? remaining : min(remaining ?? Self.blindWait, Self.blindWait)
            let ready = pollInput(first, second, descriptor, limit: limit)
            if isSet { break }
            if let ready, ready.0 != 0 || ready.1 != 0 { return .ready(ready.0, ready.1) }
            if let deadline, monotonicNow() >= deadline { return .timedOut }
        }
        return .latched
    }
}

/// poll(2) for reading and for exceptions (a V4L2 event), of up to three descriptors; -1 stands for none.
///
/// - Parameter limit: nil waits for ever.
/// - Returns: Their `revents`; nil when there are none, because of the limit or a signal.
func pollInput(
    _ first: Int32,
    _ second: Int32,
    _ third: Int32 = -1,
    limit: Duration?
) -> (Int16, Int16, Int16)? {
    // Rounded up, so that a wait does not end just before its deadline and then spin.
    let milliseconds = limit.map { Int32(min(($0 / .milliseconds(1)).rounded(.up), 3_600_000)) } ?? -1
    return withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 3) { entries in
        entries.initializeElement(at: 0, to: pollfd(fd: first, events: Int16(POLLIN | POLLPRI), revents: 0))
        entries.initializeElement(at: 1, to: pollfd(fd: second, events: Int16(POLLIN | POLLPRI), revents: 0))
        entries.initializeElement(at: 2, to: pollfd(fd: third, events: Int16(POLLIN | POLLPRI), revents: 0))
        guard poll(entries.baseAddress, 3, milliseconds) > 0 else { return nil }
        return (entries[0].revents, entries[1].revents, entries[2].revents)
    }
}
