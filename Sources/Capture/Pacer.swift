/// When the next picture of a file or folder is due, so that it plays in real time.
///
/// Due times are counted from one another and not from when they were met, so lateness does not add up. Whoever is a
/// whole period late starts afresh from now: pictures are delayed and never played in a burst.
package struct Pacer: Sendable {
    private let period: Duration
    private var due: Duration?

    /// - Returns: nil when `rate` is not from 0.001 to 1000 per second.
    package init?(rate: Double) {
        guard (0.001...1000).contains(rate) else { return nil }
        period = .seconds(1 / rate)
    }

    /// The time at which the next picture is to be offered; not after `now` means at once.
    package mutating func next(at now: Duration) -> Duration {
        guard let due, now <= due + period else {
            due = now + period
            return now
        }
        self.due = due + period
        return due
    }
}
