import Foundation

/// How the pictures of a file or folder follow one another.
public enum Pace: Sendable, Equatable {
    /// As their rate says, by the clock. Whoever is slow misses pictures.
    case real
    /// As soon as the one before has been taken: none is missed. They are stamped with media time, which begins with the
    /// first picture at the time of its reading and goes on by the rate alone.
    case fastest
}

/// The moments at which the pictures of a file or folder are offered.
struct Playback {
    private let rate: Double
    private var pacer: Pacer
    /// Of pace `fastest`: when the first picture was read, by both clocks, and how many have followed.
    private var start: (monotonic: Duration, wallClock: Date)?
    private var count: Int64 = 0
    let isFastest: Bool

    init(rate: Double, pace: Pace) throws(SourceLost) {
        guard let pacer = Pacer(rate: rate) else {
            throw SourceLost("a rate of \(rate)/s is not possible; 0.001 to 1000 are")
        }
        self.pacer = pacer
        self.rate = rate
        isFastest = pace == .fastest
    }

    /// Waits until the next picture is due, and stamps it. False when the camera is stopped meanwhile.
    mutating func stamp(_ frame: inout Frame, stop: Latch) -> Bool {
        guard isFastest else {
            guard stop.wait(until: pacer.next(at: monotonicNow())) == .timedOut else { return false }
            frame.stamp(capturedAt: monotonicNow())
            return true
        }
        let start = start ?? (monotonicNow(), Date())
        self.start = start
        let offset = Duration.mediaTime(of: count, rate: rate)
        frame.monotonic = start.monotonic + offset
        frame.wallClock = start.wallClock + offset / .seconds(1)
        count += 1
        return !stop.isSet
    }
}

extension Duration {
    /// When the picture number `count` of a recording comes, to the nanosecond.
    public static func mediaTime(of count: Int64, rate: Double) -> Duration {
        // In seconds and a rest, since a rounded period would add up.
        let seconds = Double(count) / rate
        let whole = seconds.rounded(.down)
        return .seconds(Int64(whole)) + .nanoseconds(Int64(((seconds - whole) * 1e9).rounded()))
    }
}
