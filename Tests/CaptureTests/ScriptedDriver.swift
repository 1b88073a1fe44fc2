import Capture
import Foundation

/// A V4L2 driver that does as it is told.
final class ScriptedDriver: VideoDriver {
    enum Step {
        /// Time passes, and nothing comes.
        case silence
        /// Buffers are ready, after so long.
        case ready([VideoBuffer], after: Duration = .milliseconds(33))
        case fault(VideoFault)
        case hangUp
        case signalChange
        case stop
    }

    var card = "Scripted"
    var bus = "platform:scripted"
    var flags: UInt32 = 0x0400_0001
    var offered: [OfferedFormat] = [OfferedFormat(.yuyv), OfferedFormat(.motionJPEG)]
    var current = VideoFormat(.yuyv, width: 4, height: 2, stride: 8)
    var settle: (VideoFormat) -> VideoFormat = { $0 }
    /// What VIDIOC_TRY_FMT answers; as VIDIOC_S_FMT where it is nil.
    var attempt: ((VideoFormat) -> VideoFormat?)?
    var trouble: String?
    var holder: String?
    var rate: Double? = 30
    var bufferCount = 4
    var faults: [String: Int32] = [:]
    var steps: [Step]
    /// Of each plane.
    var contents: [[UInt8]] = [Array(0..<16)]
    var converted: [UInt8]? = Array(100..<124)

    private(set) var now = Duration.seconds(1000)
    private(set) var queued: [Int] = []
    private(set) var isStreaming = false
    private(set) var isClosed = false
    private var ready: [VideoBuffer] = []
    private var pendingFault: VideoFault?
    private var hasChanged = false
    private(set) var conversion: VideoFormat?
    private(set) var askedRate: Double?

    init(_ steps: [Step] = []) {
        self.steps = steps
    }

    private func check(_ request: String) throws(VideoFault) {
        if let code = faults[request] { throw VideoFault(request, code) }
    }

    var wallClock: Duration { now + .seconds(1_700_000_000) }

    func capability() throws(VideoFault) -> NodeCapability {
        try check("VIDIOC_QUERYCAP")
        return NodeCapability(card: card, driver: "scripted", busInfo: bus, flags: flags)
    }

    func followSignal() {}
    func inputTrouble() -> String? { trouble }
    func offeredFormats() -> [OfferedFormat] { offered }
    func holders() -> String? { holder }

    func signalHasChanged() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    func tryFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) -> VideoFormat? {
        let wanted = VideoFormat(pixelFormat, width: width, height: height)
        return attempt.map { $0(wanted) } ?? settle(wanted)
    }

    func convert(from format: VideoFormat) throws(SourceLost) { conversion = format }

    func convert(_ buffer: VideoBuffer, into bytes: inout [UInt8]) -> Bool {
        guard let converted else { return false }
        bytes = converted
        return true
    }

    func currentFormat() throws(VideoFault) -> VideoFormat { current }

    func setFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) throws(VideoFault) -> VideoFormat {
        try check("VIDIOC_S_FMT")
        let stride = pixelFormat == .yuyv ? width * 2 : 0
        current = settle(VideoFormat(pixelFormat, width: width, height: height, stride: stride))
        return current
    }

    func setRate(_ rate: Double?) -> Double? {
        askedRate = rate
        return self.rate
    }

    func makeBuffers(_ count: Int) throws(VideoFault) -> Int {
        try check("VIDIOC_REQBUFS")
        return bufferCount
    }

    func queue(_ index: Int) throws(VideoFault) {
        try check("VIDIOC_QBUF")
        precondition(!queued.contains(index), "buffer \(index) is queued twice")
        queued.append(index)
    }

    func dequeue() throws(VideoFault) -> VideoBuffer? {
        if let fault = pendingFault {
            pendingFault = nil
            throw fault
        }
        guard !ready.isEmpty else { return nil }
        let buffer = ready.removeFirst()
        guard let position = queued.firstIndex(of: buffer.index) else { preconditionFailure("it was not queued") }
        queued.remove(at: position)
        return buffer
    }

    func startStreaming() throws(VideoFault) {
        try check("VIDIOC_STREAMON")
        isStreaming = true
    }

    func copy(_ index: Int, plane: Int, count: Int, to bytes: inout [UInt8]) {
        if plane < contents.count { bytes += contents[plane].prefix(count) }
    }

    func wait(until deadline: Duration) -> Latch.Wake {
        guard !steps.isEmpty else { return .latched }
        switch steps.removeFirst() {
        case .silence:
            now = deadline
            return .timedOut
        case .ready(let buffers, let delay):
            now += delay
            ready = buffers
            return .ready(Int16(POLLIN), 0)
        case .fault(let fault):
            pendingFault = fault
            return .ready(Int16(POLLIN | POLLERR), 0)
        case .signalChange:
            hasChanged = true
            return .ready(Int16(POLLPRI), 0)
        case .hangUp:
            return .ready(Int16(POLLHUP), 0)
        case .stop:
            return .latched
        }
    }

    func close() {
        precondition(!isClosed, "closed twice")
        isClosed = true
        isStreaming = false
    }
}
