import Foundation

/// Times for people, in the time zone of where they are.
package enum LocalTime {
    /// The text of a date to the second, with what its zone differs from UTC: `2026-11-23T09:14:03+01:00`, or `…Z`. It can
    /// be given to commands as it is.
    package static func text(_ date: Date, in zone: TimeZone = .current) -> String {
        date.formatted(
            Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
        )
    }

    /// The date of a text such as `2026-11-23`, `2026-11-23T09:14`, `2026-11-23 09:14:03.218` or
    /// `2026-11-23T09:14:03+01:00`; nil where it is no such time.
    ///
    /// - Parameter zone: whose time it is where the text does not say.
    package static func date(_ text: String, in zone: TimeZone = .current) -> Date? {
        let pattern =
            #/
            (?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)
            (?:[T\ ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d(?:\.\d+)?))?
            (?:(?<utc>Z)|(?<sign>[+\-])(?<hours>\d\d):?(?<minutes>\d\d))?)?
            /#
            .asciiOnlyDigits()
        guard let match = text.wholeMatch(of: pattern)?.output else { return nil }
        let number = { (digits: Substring?) in digits.flatMap { Int($0) } ?? 0 }
        let (hour, minute) = (number(match.hour), number(match.minute))
        let second = match.second.flatMap { Double($0) } ?? 0
        let (hours, minutes) = (number(match.hours), number(match.minutes))
        guard hour < 24, minute < 60, second < 60, hours < 24, minutes < 60 else { return nil }

        var zone = zone
        if match.utc != nil { zone = .gmt }
        if let sign = match.sign {
            guard let named = TimeZone(secondsFromGMT: (hours * 60 + minutes) * (sign == "-" ? -60 : 60)) else {
                return nil
            }
            zone = named
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let day = DateComponents(year: number(match.year), month: number(match.month), day: number(match.day))
        guard day.isValidDate(in: calendar) else { return nil }
        var time = day
        (time.hour, time.minute) = (hour, minute)
        // To the millisecond, as times are kept everywhere.
        return calendar.date(from: time).map {
            Date(timeIntervalSince1970: (($0.timeIntervalSince1970 + second) * 1000).rounded() / 1000)
        }
    }
}
