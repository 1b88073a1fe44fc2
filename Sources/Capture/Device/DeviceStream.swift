import Foundation

/// What to do with what a streaming device does: which buffers to keep, which to give back at once, when to complain of
/// the device and when to give it up. Pure; ``DeviceReader`` carries out the actions.
package struct DeviceStream {
    package enum Event: Equatable {
        case dequeued(VideoBuffer)
        /// Nothing (more) to dequeue; whether poll had reported an error or a hang-up.
        case nothingReady(hungUp: Bool)
        /// Dequeuing failed.
        case faulted(VideoFault)
        case timedOut
    }

    package enum Action: Equatable {
        /// Dequeue the next buffer.
        case dequeue
        /// Give a buffer back, then dequeue the next one.
        case requeue(Int)
        /// Copy the buffer out, give it back, and say whether it held a picture.
        case deliver(VideoBuffer)
        /// Wait until ``deadline``.
        case wait
        /// Close the device.
        case lose(String)
        /// Close the device, which has refused a request.
        case fail(VideoFault)
    }

    // Some webcams take seconds to show their first picture.
    private static let patienceForFirst = Duration.seconds(8)
    private static let mostTimeouts = 3
    private static let mostFaults = 3
    /// Over this long, damage and losses are weighed against what came whole.
    private static let window = Duration.seconds(5)

    private let leastBytes: Int
    /// How long each wait for a picture may be.
    private let timeout: Duration
    private let patience: Duration
    private var toDiscard: Int
    private var hasPicture = false
    private var timeouts = 0
    private var faultsInARow = 0
    private var damagedInARow = 0
    private var held: VideoBuffer?
    private var lastSequence: UInt32?
    private var lastCapture = Duration.zero
    private var windowStart: Duration
    private var windowWhole = 0
    private var windowDamaged: UInt64 = 0
    private var windowGaps: UInt64 = 0
    private var amiss: String?

    /// Until when to wait for the next picture.
    package private(set) var deadline: Duration
    package private(set) var corrupt: UInt64 = 0
    package private(set) var sequenceGaps: UInt64 = 0

    /// - Parameters:
    ///   - leastBytes: What a buffer with a picture holds at least.
    ///   - rate: In frames per second, if the driver says so.
    ///   - discarding: How many pictures to pass over at first.
    package init(leastBytes: Int, rate: Double?, discarding: Int = 0, now: Duration) {
        self.leastBytes = leastBytes
        toDiscard = discarding
        let periods = rate.map { $0 > 0 ? Duration.seconds(3 / $0) : .zero } ?? .zero
        // What a driver claims beyond half a minute is no rate to wait by.
        timeout = min(max(.seconds(1), periods), .seconds(30))
        patience = max(Self.patienceForFirst, timeout * Self.mostTimeouts)
        deadline = now + patience
        windowStart = now
    }

    package mutating func handle(_ event: Event, at now: Duration) -> Action {
        switch event {
        case .dequeued(let buffer):
            faultsInARow = 0
            countGap(before: buffer)
            guard !buffer.hasError, buffer.byteCount >= leastBytes else {
                countDamaged()
                return .requeue(buffer.index)
            }
            if toDiscard > 0 {
                toDiscard -= 1
                return .requeue(buffer.index)
            }
            // The newest wins: what was held is given back unseen.
            let older = held
            held = buffer
            return older.map { .requeue($0.index) } ?? .dequeue
        case .nothingReady(let hungUp):
            if let buffer = held {
                held = nil
                return .deliver(buffer)
            }
            if hungUp { return .lose("hung up") }
            return now >= deadline ? timedOut(at: now) : .wait
        case .faulted(let fault):
            // "Can also indicate temporary problems like signal loss" (VIDIOC_QBUF, VIDIOC_DQBUF): tried a few times.
            faultsInARow += 1
            guard fault.code == EIO, faultsInARow < Self.mostFaults else { return .fail(fault) }
            countDamaged()
            return .wait
        case .timedOut:
            return timedOut(at: now)
        }
    }

    private mutating func timedOut(at now: Duration) -> Action {
        timeouts += 1
        amiss = silence
        guard hasPicture, timeouts < Self.mostTimeouts else { return .lose(silence) }
        deadline = now + timeout
        return .wait
    }

    /// A delivered buffer held a picture. Returns when it was captured: by the driver's clock where that makes sense
    /// (neither in the future, nor older than 10 s, nor before the last picture), else now. A stamp whose clock is not
    /// named may be monotonic or wall-clock time, whichever is near.
    package mutating func delivered(_ buffer: VideoBuffer, at now: Duration, wallClock: Duration) -> Duration {
        hasPicture = true
        timeouts = 0
        damagedInARow = 0
        windowWhole += 1
        deadline = now + timeout
        let makesSense = { (time: Duration) in time <= now && time > now - .seconds(10) }
        let stamp: Duration? =
            switch buffer.stamp {
            case .none: nil
            case .monotonic(let time): time
            case .unnamed(let time): makesSense(time) ? time : now - (wallClock - time)
            }
        var capture = now
        if let stamp, makesSense(stamp), stamp > lastCapture { capture = stamp }
        lastCapture = capture
        return capture
    }

    /// A delivered buffer held no picture.
    package mutating func countDamaged() {
        damagedInARow += 1
        corrupt += 1
        windowDamaged += 1
    }

    /// What is wrong with the device though it goes on, if anything new is, for the words "/dev/video0 …".
    package mutating func takeAmiss(at now: Duration) -> String? {
        if now - windowStart >= Self.window {
            let all = UInt64(windowWhole) + windowDamaged
            if windowDamaged >= 3, windowDamaged * 10 > all {
                amiss = "gives damaged pictures, about \(Self.tenths(windowDamaged, of: all)) in 10"
            } else if windowGaps >= 3, windowGaps * 3 > all + windowGaps {
                amiss = "loses pictures, about \(Self.tenths(windowGaps, of: all + windowGaps)) in 10"
            }
            windowStart = now
            (windowWhole, windowDamaged, windowGaps) = (0, 0, 0)
        }
        defer { amiss = nil }
        return amiss
    }

    /// Rounded, so that what goes on as it was is told in the same words.
    private static func tenths(_ part: UInt64, of all: UInt64) -> UInt64 {
        (part * 10 + all / 2) / max(all, 1)
    }

    private mutating func countGap(before buffer: VideoBuffer) {
        if let lastSequence {
            // The count wraps; a step back (the driver has started over) is a huge step ahead and no gap.
            let step = buffer.sequence &- lastSequence
            if (2...UInt32.max / 2).contains(step) {
                sequenceGaps += UInt64(step - 1)
                windowGaps += UInt64(step - 1)
            }
        }
        lastSequence = buffer.sequence
    }

    private var silence: String {
        damagedInARow == 0 ? "gives no picture" : "gives only damaged pictures"
    }
}
