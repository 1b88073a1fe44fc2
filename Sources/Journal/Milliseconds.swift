import Foundation

/// Times as the journal's tables keep them: whole milliseconds since 1970 UTC.
enum Milliseconds {
    /// The nearest millisecond. What no calendar holds (infinite, or over a hundred thousand years off) is brought to
    /// the nearest that can be kept.
    static func of(_ date: Date) -> Int64 {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        guard !milliseconds.isNaN else { return 0 }
        return Int64(min(max(milliseconds, -limit), limit))
    }

    /// The time that so many milliseconds mean.
    static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// A time of a monotonic clock, without what is less than a millisecond.
    static func of(_ elapsed: Duration) -> Int64 {
        let (seconds, attoseconds) = elapsed.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    private static let limit = 4e15
}

extension Date {
    /// The time as the journal keeps it.
    package var inWholeMilliseconds: Date { Milliseconds.date(Milliseconds.of(self)) }
}
