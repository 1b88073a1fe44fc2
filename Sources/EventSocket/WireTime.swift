import Foundation

/// Times on the wire: ISO 8601 in UTC with milliseconds, `2026-11-23T08:14:03.218Z`.
package enum WireTime {
    /// The text of a date, rounded to milliseconds.
    ///
    /// Foundation's styles cut instead of rounding, and 3.218 s is not exactly representable: they would say 3.217.
    package static func text(_ date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        guard milliseconds.magnitude < 1e15 else { return date.formatted(.iso8601) }
        let whole = Int(milliseconds)
        let thousandths = ((whole % 1_000) + 1_000) % 1_000
        let seconds = (whole - thousandths) / 1_000
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let fraction = String(thousandths)
        return text.dropLast() + "." + String(repeating: "0", count: 3 - fraction.count) + fraction + "Z"
    }

    /// The date of a text, with or without a fraction of a second; nil when it is no such time.
    package static func date(_ text: String) -> Date? {
        let exact = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? exact.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text)) else { return nil }
        // Adding the fraction leaves an error of the last bit: the same text must give an equal date everywhere.
        return Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1_000).rounded() / 1_000)
    }
}
