import Foundation

/// What to do with what a streaming device does: which buffers to keep, which to give back at once, and when to give
/// the device up. Pure; ``DeviceReader`` carries out the actions.
package struct DeviceStream {
    package enum Event: Equatable {
        case dequeued(VideoBuffer)
        /// Nothing (more) to dequeue; whether poll had reported an error or a hang-up.
        case nothingReady(hungUp: Bool)
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
    }

    // Some webcams take seconds to show their first picture.
    private static let patienceForFirst = Duration.seconds(8)

    private let patience: Duration
    private let leastBytes: Int
    private var held: VideoBuffer?
    private var lastSequence: UInt32?
    private var lastCapture = Duration.zero
    private var damagedInARow = 0

    /// When the device is given up unless a picture has come.
    package private(set) var deadline: Duration
    /// Buffers that were damaged or too short.
    package private(set) var corrupt: UInt64 = 0
    /// Frames missing in the driver's count.
    package private(set) var sequenceGaps: UInt64 = 0

    /// - Parameters:
    ///   - leastBytes: A buffer with fewer holds no whole picture.
    ///   - rate: Frames per second, if known.
    package init(leastBytes: Int, rate: Double?, now: Duration) {
        self.leastBytes = leastBytes
        let periods: Duration = rate.map { $0 > 0.001 ? .seconds(3 / $0) : .zero } ?? .zero
        patience = max(.seconds(2), periods)
        deadline = now + max(Self.patienceForFirst, patience)
    }

    package mutating func handle(_ event: Event, at now: Duration) -> Action {
        switch event {
        case .dequeued(let buffer):
            countGap(before: buffer)
            guard !buffer.hasError, buffer.byteCount >= leastBytes else {
                countDamaged()
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
            return now >= deadline ? .lose(silence) : .wait
        case .timedOut:
            return .lose(silence)
        }
    }

    /// A delivered buffer held a picture. Returns when it was captured: by the driver's clock where that makes sense
    /// (neither in the future, nor older than 10 s, nor before the last picture), else now.
    package mutating func delivered(_ buffer: VideoBuffer, at now: Duration) -> Duration {
        damagedInARow = 0
        deadline = now + patience
        var capture = now
        if let timestamp = buffer.timestamp, timestamp <= now, timestamp > now - .seconds(10), timestamp > lastCapture {
            capture = timestamp
        }
        lastCapture = capture
        return capture
    }

    /// A delivered buffer held no picture.
    package mutating func countDamaged() {
        damagedInARow += 1
        corrupt += 1
    }

    private mutating func countGap(before buffer: VideoBuffer) {
        if let lastSequence {
            // The count wraps; a step back (the driver has started over) is a huge step ahead and no gap.
            let step = buffer.sequence &- lastSequence
            if (2...UInt32.max / 2).contains(step) { sequenceGaps += UInt64(step - 1) }
        }
        lastSequence = buffer.sequence
    }

    private var silence: String {
        damagedInARow == 0 ? "gives no picture" : "gives only damaged pictures"
    }
}
