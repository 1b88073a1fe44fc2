/// When a camera is to be looked at next. A pure value.
///
/// Looks keep to a grid of `interval`, so that waiting for the next frame does not add up: at 4 looks a second of a
/// camera with 12.5 frames a second, some looks come 320 ms apart and some 240, four of them to the second. After a
/// pause (a slow encoder, a lost camera) the grid starts anew instead of catching up.
package struct LookSchedule: Sendable, Equatable {
    /// The time between two looks; longer than asked for while there is not time for all cameras.
    package var interval: Duration
    package private(set) var due: Duration

    package init(interval: Duration, from now: Duration) {
        self.interval = interval
        due = now
    }

    package func isDue(at now: Duration) -> Bool {
        now >= due
    }

    /// Whether the frame of that time is the nearest to when a look is due, in a recording with one every `period`.
    package func isDue(at time: Duration, framesEvery period: Duration) -> Bool {
        isDue(at: time + period / 2)
    }

    /// The frame that was taken was of no use: another is tried soon, but not at the pace of a source that gives nothing
    /// else.
    package mutating func failed(at now: Duration) {
        due = now + min(interval, .milliseconds(250))
    }

    /// A look was taken.
    package mutating func looked(at now: Duration) {
        due += interval
        if due <= now { due = now + interval }
    }
}
