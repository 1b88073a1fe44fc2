import CVideo
import Foundation

/// A V4L2 device as the kernel has it.
package final class KernelVideoDriver: VideoDriver {
    private let descriptor: Int32
    private let stop: Latch
    private var maps: [UnsafeMutableRawBufferPointer] = []

    package init(path: String, stop: Latch) throws(SourceLost) {
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        self.stop = stop
        if descriptor < 0 { throw VideoFault("open", errno).explained(path) }
    }

    package var now: Duration { monotonicNow() }

    package func capability() throws(VideoFault) -> VideoCapability {
        var capability = v4l2_capability()
        try request("VIDIOC_QUERYCAP", cvideo_querycap(descriptor, &capability))
        // The older field holds what all nodes of the device can do together.
        let isPerNode = capability.capabilities & UInt32(truncatingIfNeeded: V4L2_CAP_DEVICE_CAPS) != 0
        let card = withUnsafeBytes(of: capability.card) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return VideoCapability(card: card, flags: isPerNode ? capability.device_caps : capability.capabilities)
    }

    package func offeredFormats() -> [PixelFormat] {
        var formats: [PixelFormat] = []
        var description = v4l2_fmtdesc()
        description.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        // Bounded, in case a driver never says that the list is over.
        while description.index < 256, cvideo_enum_fmt(descriptor, &description) == 0 {
            formats.append(PixelFormat(code: description.pixelformat))
            description.index += 1
        }
        return formats
    }

    package func currentFormat() throws(VideoFault) -> VideoFormat {
        var format = v4l2_format()
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        try request("VIDIOC_G_FMT", cvideo_g_fmt(descriptor, &format))
        return VideoFormat(format.fmt.pix)
    }

    package func setFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) throws(VideoFault) -> VideoFormat {
        var format = v4l2_format()
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        format.fmt.pix.width = UInt32(clamping: width)
        format.fmt.pix.height = UInt32(clamping: height)
        format.fmt.pix.pixelformat = pixelFormat.code
        format.fmt.pix.field = V4L2_FIELD_ANY.rawValue
        try request("VIDIOC_S_FMT", cvideo_s_fmt(descriptor, &format))
        return VideoFormat(format.fmt.pix)
    }

    package func setRate(_ rate: Double?) -> Double? {
        var parameters = v4l2_streamparm()
        parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        if let rate, (0.001...1000).contains(rate) {
            parameters.parm.capture.timeperframe = v4l2_fract(
                numerator: 1000,
                denominator: UInt32((rate * 1000).rounded())
            )
            _ = cvideo_s_parm(descriptor, &parameters)
        }
        guard cvideo_g_parm(descriptor, &parameters) == 0 else { return nil }
        let period = parameters.parm.capture.timeperframe
        guard period.numerator > 0, period.denominator > 0 else { return nil }
        return Double(period.denominator) / Double(period.numerator)
    }

    package func makeBuffers(_ count: Int) throws(VideoFault) -> Int {
        var buffers = v4l2_requestbuffers()
        buffers.count = UInt32(clamping: count)
        buffers.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        buffers.memory = V4L2_MEMORY_MMAP.rawValue
        try request("VIDIOC_REQBUFS", cvideo_reqbufs(descriptor, &buffers))
        for index in 0..<Int(buffers.count) {
            var buffer = emptyBuffer(index)
            try request("VIDIOC_QUERYBUF", cvideo_querybuf(descriptor, &buffer))
            // Some drivers refuse memory that is not writable.
            let address = mmap(
                nil,
                Int(buffer.length),
                PROT_READ | PROT_WRITE,
                MAP_SHARED,
                descriptor,
                off_t(buffer.m.offset)
            )
            guard let address, address != MAP_FAILED else { throw VideoFault("mmap", errno) }
            maps.append(UnsafeMutableRawBufferPointer(start: address, count: Int(buffer.length)))
        }
        return maps.count
    }

    package func queue(_ index: Int) throws(VideoFault) {
        var buffer = emptyBuffer(index)
        try request("VIDIOC_QBUF", cvideo_qbuf(descriptor, &buffer))
    }

    package func dequeue() throws(VideoFault) -> VideoBuffer? {
        var buffer = emptyBuffer(0)
        let code = cvideo_dqbuf(descriptor, &buffer)
        if code == EAGAIN { return nil }
        try request("VIDIOC_DQBUF", code)
        guard maps.indices.contains(Int(buffer.index)) else { throw VideoFault("VIDIOC_DQBUF", EINVAL) }
        let clock = buffer.flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK)
        let isMonotonic = clock == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        return VideoBuffer(
            index: Int(buffer.index),
            byteCount: Int(buffer.bytesused),
            sequence: buffer.sequence,
            hasError: buffer.flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0,
            timestamp: isMonotonic
                ? .seconds(buffer.timestamp.tv_sec) + .microseconds(buffer.timestamp.tv_usec) : nil
        )
    }

    package func startStreaming() throws(VideoFault) {
        try request("VIDIOC_STREAMON", cvideo_streamon(descriptor, V4L2_BUF_TYPE_VIDEO_CAPTURE))
    }

    package func copy(_ index: Int, count: Int, into bytes: inout [UInt8]) {
        let map = maps[index]
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: map[..<min(count, map.count)])
    }

    package func wait(until deadline: Duration) -> Latch.Wake {
        stop.wait(descriptor, until: deadline)
    }

    package func close() {
        _ = cvideo_streamoff(descriptor, V4L2_BUF_TYPE_VIDEO_CAPTURE)
        for map in maps { munmap(map.baseAddress, map.count) }
        maps.removeAll()
        Glibc.close(descriptor)
    }

    private func emptyBuffer(_ index: Int) -> v4l2_buffer {
        var buffer = v4l2_buffer()
        buffer.index = UInt32(index)
        buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        buffer.memory = V4L2_MEMORY_MMAP.rawValue
        return buffer
    }

    private func request(_ name: String, _ code: Int32) throws(VideoFault) {
        if code != 0 { throw VideoFault(name, code) }
    }
}

extension VideoFormat {
    fileprivate init(_ format: v4l2_pix_format) {
        self.init(
            PixelFormat(code: format.pixelformat),
            width: Int(format.width),
            height: Int(format.height),
            stride: Int(format.bytesperline)
        )
    }
}
