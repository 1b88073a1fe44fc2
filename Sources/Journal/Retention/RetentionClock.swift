import Foundation

/// The time by which things are too old: the wall clock's, as far as it can be trusted.
///
/// A wall clock that jumps ahead by a year must not cost a month of looks at once. So this time goes on to the wall clock's
/// at most 24 times as fast as a monotonic clock: whoever corrects the clock within an hour has lost a day's worth of the
/// oldest looks. It is kept in the journal, so that neither a start under a wrong clock nor a long pause makes a
/// difference: after two months switched off, what is overdue is gone within three days.
///
/// A wall clock that was set back is believed at once: then nothing is too old for a while.
package struct RetentionClock: Sendable, Equatable {
    /// Nothing was journalled before this version was written (2026-01-01). A machine without a clock of its own begins in
    /// 1970, and from there this time would need years.
    package static let earliest = Date(timeIntervalSince1970: 1_767_225_600)

    /// How far it has come. It never goes back.
    package private(set) var time: Date
    private let haste: Double

    /// - Parameters:
    ///   - stored: how far it had come when that was last kept.
    ///   - newestLook: what a journal that never kept it has instead.
    ///   - haste: how much faster than the monotonic clock it may go.
    package init(stored: Date?, newestLook: Date?, wall: Date, haste: Double = 24) {
        time = max(stored ?? newestLook ?? wall, Self.earliest)
        self.haste = haste
    }

    /// Goes on by the monotonic time that has passed since the last call, and returns the time by which things are too old.
    package mutating func advance(by elapsed: Duration, wall: Date) -> Date {
        let most = max(0, elapsed / .seconds(1)) * haste
        let behind = wall.timeIntervalSince(time)
        if behind > 0 { time += min(behind, most) }
        return min(time, wall)
    }
}
