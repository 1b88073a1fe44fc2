/// What ``DeviceReader`` needs of a V4L2 device: the seam at which a scripted driver takes the kernel's place.
package protocol VideoDriver: AnyObject {
    func capability() throws(VideoFault) -> VideoCapability
    /// The pixel formats that it can capture, in its own order.
    func offeredFormats() -> [PixelFormat]
    /// The format that is set now.
    func currentFormat() throws(VideoFault) -> VideoFormat
    /// Asks for a format, and returns the one that the driver has settled on.
    func setFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) throws(VideoFault) -> VideoFormat
    /// Asks for a rate in frames per second, if any, and returns the one in force; nil where the driver has no say.
    func setRate(_ rate: Double?) -> Double?
    /// Makes buffers, and returns how many there are.
    func makeBuffers(_ count: Int) throws(VideoFault) -> Int
    func queue(_ index: Int) throws(VideoFault)
    /// The oldest buffer that is ready; nil if there is none.
    func dequeue() throws(VideoFault) -> VideoBuffer?
    func startStreaming() throws(VideoFault)
    /// Replaces `bytes` with the first `count` bytes of a buffer.
    func copy(_ index: Int, count: Int, into bytes: inout [UInt8])
    /// Waits for a buffer (`ready` with poll's `revents`), the camera's end or the deadline.
    func wait(until deadline: Duration) -> Latch.Wake
    /// The time by ``monotonicNow()``.
    var now: Duration { get }
    /// Stops streaming and gives everything back.
    func close()
}

/// A request that the driver refused.
package struct VideoFault: Error, Equatable {
    /// The request's name in the kernel's documentation.
    package var request: String
    /// An errno.
    package var code: Int32

    package init(_ request: String, _ code: Int32) {
        self.request = request
        self.code = code
    }
}

/// What VIDIOC_QUERYCAP says of this node.
package struct VideoCapability: Equatable, Sendable {
    package var card: String
    /// V4L2_CAP_…, of this node where the driver tells nodes apart.
    package var flags: UInt32

    package init(card: String, flags: UInt32) {
        self.card = card
        self.flags = flags
    }
}

/// A four-character code out of V4L2_PIX_FMT_….
package struct PixelFormat: Equatable, Hashable, Sendable, CustomStringConvertible {
    package var code: UInt32

    package init(code: UInt32) {
        self.code = code
    }

    package init(_ text: StaticString) {
        code = text.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }

    package static let yuyv = PixelFormat("YUYV")
    package static let motionJPEG = PixelFormat("MJPG")
    package static let jpeg = PixelFormat("JPEG")

    package var isJPEG: Bool { self == .motionJPEG || self == .jpeg }

    package var description: String {
        // Bit 31 marks the big-endian variants.
        String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: code >> ($0 * 8)) & 0x7F }, as: UTF8.self)
    }
}

package struct VideoFormat: Equatable, Sendable {
    package var pixelFormat: PixelFormat
    package var width: Int
    package var height: Int
    /// Bytes per row; 0 for compressed formats.
    package var stride: Int

    package init(_ pixelFormat: PixelFormat, width: Int, height: Int, stride: Int = 0) {
        self.pixelFormat = pixelFormat
        self.width = width
        self.height = height
        self.stride = stride
    }
}

/// A buffer that the driver has handed over.
package struct VideoBuffer: Equatable, Sendable {
    package var index: Int
    package var byteCount: Int
    package var sequence: UInt32
    /// V4L2_BUF_FLAG_ERROR: what it holds may be damaged.
    package var hasError: Bool
    /// By CLOCK_MONOTONIC; nil where the driver stamps by another clock.
    package var timestamp: Duration?

    package init(index: Int, byteCount: Int, sequence: UInt32, hasError: Bool = false, timestamp: Duration? = nil) {
        self.index = index
        self.byteCount = byteCount
        self.sequence = sequence
        self.hasError = hasError
        self.timestamp = timestamp
    }
}
