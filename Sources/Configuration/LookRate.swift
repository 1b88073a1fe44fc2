/// How often a frame is encoded: `4/s`, `10/min`, `6/h`.
public struct LookRate: Sendable, Equatable {
    /// Looks a second: at most 60, at least one in 365 days.
    public let perSecond: Double

    /// Four looks a second.
    public static let standard = LookRate(unchecked: 4)

    package static let fastest = 60.0
    package static let slowest = 1 / (365 * 86_400.0)

    /// Throws when the rate is out of range or not a number.
    public init(perSecond: Double) throws(InvalidValue) {
        guard perSecond > 0 else { throw InvalidValue("a rate of looks must be above 0") }
        guard perSecond <= Self.fastest else { throw InvalidValue("a rate of looks is at most 60/s") }
        guard perSecond >= Self.slowest else { throw InvalidValue("a rate of looks is at least one in 365 days") }
        self.init(unchecked: perSecond)
    }

    private init(unchecked perSecond: Double) {
        self.perSecond = perSecond
    }

    /// Reads `NUMBER/UNIT` with the units `s`, `min` and `h`.
    public init(parsing text: String) throws(InvalidValue) {
        let parts = text.trimmed.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let seconds = Self.units[String(parts[1])], let count = Double(decimal: parts[0]) else {
            throw InvalidValue("\(quoted(text)) is not a rate such as `4/s`, `10/min` or `6/h`")
        }
        try self.init(perSecond: count / seconds)
    }

    private static let units = ["s": 1.0, "min": 60.0, "h": 3600.0]

    /// The time from one look to the next, to the nanosecond.
    public var interval: Duration {
        // At most 365 days, so the nanoseconds fit 63 bits.
        .nanoseconds(Int64((1e9 / perSecond).rounded()))
    }
}
