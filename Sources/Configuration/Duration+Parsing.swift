extension Duration {
    /// The longest that a configuration may say: 365 days.
    package static let longestSetting = Duration.seconds(365 * 86_400)

    /// Reads `500ms`, `2s`, `1.5m`, `12h` or `7d`: one number with at most three decimals and one unit, 0 to 365 days.
    public init(parsing text: String) throws(InvalidValue) {
        let whole = text.trimmed
        let number = whole.prefix { $0.isASCII && ($0.isNumber || ".-+".contains($0)) }
        let unit = whole.dropFirst(number.count)

        guard !number.isEmpty else {
            throw InvalidValue("\(quoted(text)) is not a duration such as `500ms`, `2s`, `5m`, `12h` or `7d`")
        }
        guard !unit.isEmpty else {
            throw InvalidValue("\(quoted(text)) needs a unit: ms, s, m, h or d, as in `2s`")
        }
        guard let milliseconds = Self.milliseconds[String(unit)] else {
            throw InvalidValue("\(quoted(text)) has the unknown unit \(quoted(unit)); there are ms, s, m, h and d")
        }
        guard number.first != "-" else {
            throw InvalidValue("\(quoted(text)) is negative; a duration is at least 0")
        }

        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard parts[0].isDigits, fraction.isDigits, fraction.count <= 3 else {
            throw InvalidValue("\(quoted(number)) is not a number with at most three decimals")
        }
        let thousandths = Int64(fraction + String(repeating: "0", count: 3 - fraction.count))
        guard let thousandths, let count = Int64(parts[0]), count <= Self.longestSetting.components.seconds * 1000,
            case let (total, overflow) = (count * 1000 + thousandths).multipliedReportingOverflow(by: milliseconds),
            !overflow, Duration.microseconds(total) <= Self.longestSetting
        else {
            throw InvalidValue("\(quoted(text)) is longer than 365 days")
        }
        self = .microseconds(total)
    }

    private static let milliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]
}
