import NIOCore

/// When to say in the log that connections were refused: of the first, and then every ten seconds at most, however many
/// there are. Pure.
package struct RefusalNotice {
    /// The shortest time between two lines in the log.
    package static let pause = TimeAmount.seconds(10)

    private var unsaid = 0
    private var last: NIODeadline?

    /// Creates one for which nothing was refused yet.
    package init() {}

    /// Counts one more.
    ///
    /// - Returns: how many were refused since that was last said, this one included; nil when it is not to be said yet.
    package mutating func count(at now: NIODeadline) -> Int? {
        unsaid += 1
        if let last, now - last < Self.pause { return nil }
        last = now
        defer { unsaid = 0 }
        return unsaid
    }
}
