import NIOCore

/// When a subscriber who wants to know that the daemon is there has to be told so: when nothing was sent to it for as
/// long as it said. Pure.
package struct Heartbeat {
    /// How long a subscriber may want to wait: 1 second to 1 hour.
    package static let intervals: ClosedRange<Duration> = .seconds(1)...(.seconds(3_600))

    private let interval: TimeAmount
    private var last: NIODeadline

    /// Begins with something that was sent.
    package init(every interval: Duration, from now: NIODeadline) {
        self.interval = TimeAmount(interval)
        last = now
    }

    /// When it is time, if nothing is sent before.
    package var due: NIODeadline { last + interval }

    /// Whether it is time.
    package func isDue(at now: NIODeadline) -> Bool { now >= due }

    /// Something was sent, or could not be because the peer does not read.
    package mutating func begin(at now: NIODeadline) {
        last = max(last, now)
    }
}
