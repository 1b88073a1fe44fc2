import Foundation

/// Decides which failures to write are worth a line in the log: each distinct cause once, and again only after a quiet
/// time, since a disk that is almost full refuses large transactions and takes small ones in turn.
package struct FailureLog: Sendable {
    private let quiet: Duration
    private var lastLogged: [String: ContinuousClock.Instant] = [:]
    private var announced = false

    /// The cause that stands; nil while writing works.
    package private(set) var cause: String?

    /// A log that has seen nothing. `quiet` is how long a cause is not repeated.
    package init(quiet: Duration = .seconds(600)) {
        self.quiet = quiet
    }

    /// A write failed. True when that should be logged.
    package mutating func failed(_ cause: String, at now: ContinuousClock.Instant) -> Bool {
        self.cause = cause
        if let last = lastLogged[cause], now - last < quiet { return false }
        lastLogged = lastLogged.filter { now - $0.value < quiet }
        lastLogged[cause] = now
        announced = true
        return true
    }

    /// A write worked. True when a failure had been logged and its end should be, too.
    package mutating func succeeded() -> Bool {
        defer { announced = false }
        cause = nil
        return announced
    }
}
