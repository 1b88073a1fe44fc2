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
        /// Uncompressed samples.
        case raw(RawFormat)
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
    /// How the samples of an uncompressed picture lie, and what they stand for.
    public struct RawFormat: Sendable, Equatable {
        /// The order of samples, by V4L2's names; several planes of memory lie behind one another.
        public enum Arrangement: Sendable, Equatable {
            /// Y U Y V.
            case yuyv
            /// U Y V Y.
            case uyvy
            /// Rows of Y, then rows of U V at half the width and height.
            case nv12
            /// Rows of Y, then of U, then of V, the latter two at half the width and height.
            case yu12
            /// Y alone.
            case grey
            /// R G B.
            case rgb24
            /// B G R.
            case bgr24
        }

        /// Where a plane's rows lie in ``Frame/bytes``.
        public struct Plane: Sendable, Equatable {
            /// The byte at which its first row begins.
            public var offset: Int
            /// Bytes from one row to the next.
            public var stride: Int

            /// A plane of the given place.
            public init(offset: Int, stride: Int) {
                self.offset = offset
                self.stride = stride
            }
        }

        /// What Y, U and V stand for.
        public enum Matrix: Sendable, Equatable {
            case bt601, bt709, bt2020
        }

        /// The order of samples.
        public var arrangement: Arrangement
        /// One plane, two for NV12, three for YU12.
        public var planes: [Plane]
        /// Of no meaning for RGB and grey.
        public var matrix: Matrix
        /// Whether samples go from 0 to 255, and not from 16 to 235 (240 for U and V).
        public var isFullRange: Bool

        /// A format of the given parts.
        public init(arrangement: Arrangement, planes: [Plane], matrix: Matrix = .bt601, isFullRange: Bool = false) {
            self.arrangement = arrangement
            self.planes = planes
            self.matrix = matrix
            self.isFullRange = isFullRange
        }
    }
}

extension Frame {
    /// The bytes are a JPEG picture whose size nobody has said.
    mutating func becomeJPEG() {
        format = .jpeg
        width = 0
        height = 0
    }

    /// Stamps the frame with the instant of its capture, given as monotonic time.
    mutating func stamp(capturedAt instant: Duration) {
        monotonic = instant
        wallClock = Date(timeIntervalSinceNow: (instant - monotonicNow()) / .seconds(1))
    }
}
