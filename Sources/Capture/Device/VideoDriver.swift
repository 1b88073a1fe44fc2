/// What ``DeviceReader`` needs of a V4L2 device: the seam at which a scripted driver takes the kernel's place.
package protocol VideoDriver: AnyObject {
    func capability() throws(VideoFault) -> NodeCapability
    /// Takes over the timings of the signal at the input, where that has any.
    func followSignal()
    /// What keeps the input from giving a picture, in words; nil where nothing is known to.
    func inputTrouble() -> String?
    /// The pixel formats that it can capture, in its own order.
    func offeredFormats() -> [OfferedFormat]
    /// The format that is set now.
    func currentFormat() throws(VideoFault) -> VideoFormat
    /// What the driver would settle on if it were asked for a format; nil where it does not say.
    func tryFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) -> VideoFormat?
    /// Asks for a format, and returns the one that the driver has settled on.
    func setFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) throws(VideoFault) -> VideoFormat
    /// Asks for a rate in frames per second, if any, and returns the one in force; nil where the driver has no say.
    func setRate(_ rate: Double?) -> Double?
    /// Prepares to turn pictures of `format`, which was set, into its ``PixelFormat/conversionTarget`` with libv4lconvert.
    func convert(from format: VideoFormat) throws(SourceLost)
    /// Makes buffers, and returns how many there are.
    func makeBuffers(_ count: Int) throws(VideoFault) -> Int
    func queue(_ index: Int) throws(VideoFault)
    /// The oldest buffer that is ready; nil if there is none.
    func dequeue() throws(VideoFault) -> VideoBuffer?
    func startStreaming() throws(VideoFault)
    /// Appends the first `count` bytes of a buffer's plane to `bytes`, or as many as it holds.
    func copy(_ index: Int, plane: Int, count: Int, to bytes: inout [UInt8])
    /// Replaces `bytes` with the buffer's picture, converted; returns false when that cannot be done.
    func convert(_ buffer: VideoBuffer, into bytes: inout [UInt8]) -> Bool
    /// Waits for a buffer (`ready` with poll's `revents`), the camera's end or the deadline.
    func wait(until deadline: Duration) -> Latch.Wake
    /// Whether the signal at the input has changed since the last time, so that all must be set up anew.
    func signalHasChanged() -> Bool
    /// Who else has the device open, in words; nil where nobody is seen.
    func holders() -> String?
    /// The time by ``monotonicNow()``.
    var now: Duration { get }
    /// The wall-clock time since 1970.
    var wallClock: Duration { get }
    /// Stops streaming and gives everything back, within a bounded time whatever the driver does.
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

/// A buffer that the driver has handed over.
package struct VideoBuffer: Equatable, Sendable {
    /// When it was filled, as far as the driver says.
    package enum Stamp: Equatable, Sendable {
        case none
        /// By CLOCK_MONOTONIC.
        case monotonic(Duration)
        /// By a clock that the driver does not name, or somebody else's.
        case unnamed(Duration)
    }

    package var index: Int
    /// Of its first plane.
    package var byteCount: Int
    package var sequence: UInt32
    /// V4L2_BUF_FLAG_ERROR: what it holds may be damaged.
    package var hasError: Bool
    package var stamp: Stamp

    package init(index: Int, byteCount: Int, sequence: UInt32, hasError: Bool = false, stamp: Stamp = .none) {
        self.index = index
        self.byteCount = byteCount
        self.sequence = sequence
        self.hasError = hasError
        self.stamp = stamp
    }
}
