import Foundation

/// One picture of one camera, as it came from its source.
///
/// A frame is a plain value. Its storage is recycled by swapping (see ``FrameMailbox``): whoever has taken a frame
/// passes the same variable to the next `take`, and keeps no copy of `bytes`, which would cost an allocation per frame.
public struct Frame: Sendable {
    /// How ``Frame/bytes`` are to be read.
    public enum Format: Sendable, Equatable {
        /// One JPEG picture, from its SOI marker to its EOI marker.
        case jpeg
        /// Packed 4:2:2, Y U Y V, `height` rows of `stride` bytes each; `stride` is at least 2 × `width`.
        case yuyv(stride: Int)
    }

    /// The picture.
    public var bytes: [UInt8]
    /// What `bytes` hold.
    public var format: Format
    /// Pixels per row; 0 for JPEG whose source does not say.
    public var width: Int
    /// Rows; 0 for JPEG whose source does not say.
    public var height: Int
    /// Counted per camera from 0, also across reopening.
    public var sequence: UInt64
    /// When it was captured, since boot (CLOCK_MONOTONIC).
    public var monotonic: Duration
    /// The same instant as wall-clock time.
    public var wallClock: Date

    /// An empty frame, to be filled by ``FrameMailbox/take(into:)``.
    public init() {
        self.init(
            bytes: [],
            format: .jpeg,
            width: 0,
            height: 0,
            sequence: 0,
            monotonic: .zero,
            wallClock: Date(timeIntervalSince1970: 0)
        )
    }

    /// A frame of the given parts.
    public init(
        bytes: [UInt8],
        format: Format,
        width: Int,
        height: Int,
        sequence: UInt64,
        monotonic: Duration,
        wallClock: Date
    ) {
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
        self.sequence = sequence
        self.monotonic = monotonic
        self.wallClock = wallClock
    }
}

extension Frame {
    /// Stamps the frame with the instant of its capture, given as monotonic time.
    mutating func stamp(capturedAt instant: Duration) {
        monotonic = instant
        wallClock = Date(timeIntervalSinceNow: (instant - monotonicNow()) / .seconds(1))
    }
}
