import Foundation

/// When a trigger watches: windows of the week, by the wall clock of a time zone.
///
/// A window is judged by what a clock on the wall says at a moment. So an hour that is skipped in spring is watched by
/// nobody, one that comes twice in autumn is watched twice, and 08:00 stays 08:00 all year.
public struct Schedule: Sendable, Equatable {
    /// A day of the week, Monday first.
    public enum Day: Int, Sendable, CaseIterable {
        case mon, tue, wed, thu, fri, sat, sun
    }

    /// A part of some days.
    public struct Window: Sendable, Equatable {
        /// The days on which it begins.
        public var days: Set<Day>
        /// Seconds after midnight, 0..<86400.
        public var from: Int
        /// Seconds after midnight, 1…86400, the first that is outside. Before `from`, it is of the next day.
        public var to: Int

        /// Takes values as they are.
        public init(days: Set<Day>, from: Int, to: Int) {
            self.days = days
            self.from = from
            self.to = to
        }
    }

    /// At least one; a moment in any of them is watched.
    public var windows: [Window]
    /// Whose wall clock; nil for this machine's.
    public var zone: TimeZone?

    /// Takes values as they are.
    public init(windows: [Window], zone: TimeZone? = nil) {
        self.windows = windows
        self.zone = zone
    }

    /// Whether the moment is in one of the windows.
    public func contains(_ date: Date) -> Bool {
        let zone = zone ?? .autoupdatingCurrent
        let local = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        let second = ((local % 86_400) + 86_400) % 86_400
        // 1970 began on a Thursday.
        let number = (local - second) / 86_400 + Day.thu.rawValue
        return windows.contains { window in
            if window.from < window.to {
                return window.days.contains(Self.day(number)) && (window.from..<window.to).contains(second)
            }
            return second >= window.from && window.days.contains(Self.day(number))
                || second < window.to && window.days.contains(Self.day(number - 1))
        }
    }

    private static func day(_ number: Int) -> Day {
        Day.allCases[((number % 7) + 7) % 7]
    }
}
