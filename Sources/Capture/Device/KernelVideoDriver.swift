import CVideo
import Foundation

/// A V4L2 device as the kernel has it.
package final class KernelVideoDriver: VideoDriver {
    /// What has to be given back, apart from the driver's own state so that another thread can do it.
    private struct Belongings: Sendable {
        let descriptor: Int32
        let type: v4l2_buf_type
        /// Addresses and lengths.
        let maps: [(address: UInt, length: Int)]
    }

    private static let closingPatience = Duration.seconds(1)

    let descriptor: Int32
    private let path: String
    private let stop: Latch
    private let claims: DeviceClaims
    private let device: dev_t
    private(set) var type = V4L2_BUF_TYPE_VIDEO_CAPTURE
    private var planeCount = 1
    /// By buffer, then by plane.
    private var maps: [[UnsafeMutableRawBufferPointer]] = []
    /// Which bytes of each plane of each buffer were filled.
    private var filled: [[Range<Int>]] = []
    private var converter: LibraryConverter?

    /// Opens a device node for a camera.
    package init(path: String, camera: String, claims: DeviceClaims, stop: Latch) throws(SourceLost) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw VideoFault("stat", errno).explained(path) }
        guard status.st_mode & S_IFMT == S_IFCHR else { throw SourceLost("\(path) is not a device") }
        if let other = claims.claim(status.st_rdev, for: camera) {
            guard other != camera else { throw SourceLost("the driver of \(path) has not let go of it yet") }
            throw SourceLost("\(path) is the device of camera \(other) already")
        }
        device = status.st_rdev
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        self.path = path
        self.stop = stop
        self.claims = claims
        if descriptor < 0 {
            let fault = VideoFault("open", errno)
            claims.release(device)
            throw fault.explained(path, holders: fault.code == EBUSY ? DeviceHolders(of: device).otherWords : nil)
        }
    }

    package var now: Duration { monotonicNow() }

    package var wallClock: Duration { .seconds(Date().timeIntervalSince1970) }

    package func holders() -> String? { DeviceHolders(of: device).otherWords }

    package func capability() throws(VideoFault) -> NodeCapability {
        var capability = v4l2_capability()
        try check("VIDIOC_QUERYCAP", cvideo_querycap(descriptor, &capability))
        let found = NodeCapability(capability)
        if found.isMultiPlanar { type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE }
        claims.learn(device, found)
        return found
    }

    // MARK: Input

    package func followSignal() {
        _ = cvideo_follow_timings(descriptor)
        _ = cvideo_subscribe_event(descriptor, UInt32(V4L2_EVENT_SOURCE_CHANGE))
        _ = cvideo_subscribe_event(descriptor, UInt32(V4L2_EVENT_EOS))
    }

    package func inputTrouble() -> String? {
        var status: UInt32 = 0
        guard cvideo_input_status(descriptor, &status) == 0 else { return nil }
        if status & UInt32(V4L2_IN_ST_NO_POWER) != 0 { return "has no power at its input" }
        if status & UInt32(V4L2_IN_ST_NO_SIGNAL) != 0 { return "has no signal at its input (is the cable plugged in?)" }
        if status & UInt32(V4L2_IN_ST_NO_SYNC) != 0 { return "cannot follow the signal at its input" }
        return nil
    }

    package func signalHasChanged() -> Bool {
        var type: UInt32 = 0
        guard cvideo_dqevent(descriptor, &type) == 0 else { return false }
        return type == UInt32(V4L2_EVENT_SOURCE_CHANGE) || type == UInt32(V4L2_EVENT_EOS)
    }

    // MARK: Format

    package func offeredFormats() -> [OfferedFormat] {
        OfferedFormat.all(descriptor: descriptor, isMultiPlanar: isMultiPlanar, isOfInterest: \.isRead)
    }

    private var isMultiPlanar: Bool { type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE }

    package func currentFormat() throws(VideoFault) -> VideoFormat {
        var format = v4l2_format()
        format.type = type.rawValue
        try check("VIDIOC_G_FMT", cvideo_g_fmt(descriptor, &format))
        return videoFormat(format)
    }

    package func tryFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) -> VideoFormat? {
        var format = request(pixelFormat, width, height)
        return cvideo_try_fmt(descriptor, &format) == 0 ? videoFormat(format) : nil
    }

    package func setFormat(_ pixelFormat: PixelFormat, width: Int, height: Int) throws(VideoFault) -> VideoFormat {
        var format = request(pixelFormat, width, height)
        try check("VIDIOC_S_FMT", cvideo_s_fmt(descriptor, &format))
        let settled = videoFormat(format)
        planeCount = settled.planes.count
        return settled
    }

    private func request(_ pixelFormat: PixelFormat, _ width: Int, _ height: Int) -> v4l2_format {
        var format = v4l2_format()
        format.type = type.rawValue
        if isMultiPlanar {
            format.fmt.pix_mp.width = UInt32(clamping: width)
            format.fmt.pix_mp.height = UInt32(clamping: height)
            format.fmt.pix_mp.pixelformat = pixelFormat.code
            format.fmt.pix_mp.field = V4L2_FIELD_ANY.rawValue
        } else {
            format.fmt.pix.width = UInt32(clamping: width)
            format.fmt.pix.height = UInt32(clamping: height)
            format.fmt.pix.pixelformat = pixelFormat.code
            format.fmt.pix.field = V4L2_FIELD_ANY.rawValue
            // Says that the fields about colour are known here (struct v4l2_pix_format, `priv`).
            format.fmt.pix.priv = UInt32(V4L2_PIX_FMT_PRIV_MAGIC)
        }
        return format
    }

    private func videoFormat(_ format: v4l2_format) -> VideoFormat {
        var result: VideoFormat
        if isMultiPlanar {
            let pixels = format.fmt.pix_mp
            let count = min(max(Int(pixels.num_planes), 1), Int(VIDEO_MAX_PLANES))
            let planes = withUnsafeBytes(of: pixels.plane_fmt) { bytes in
                bytes.bindMemory(to: v4l2_plane_pix_format.self).prefix(count).map {
                    VideoFormat.Plane(stride: Int($0.bytesperline))
                }
            }
            result = VideoFormat(
                PixelFormat(code: pixels.pixelformat),
                width: Int(pixels.width),
                height: Int(pixels.height),
                planes: planes
            )
        } else {
            let pixels = format.fmt.pix
            result = VideoFormat(
                PixelFormat(code: pixels.pixelformat),
                width: Int(pixels.width),
                height: Int(pixels.height),
                stride: Int(pixels.bytesperline)
            )
        }
        // By the kernel's rule grey would be in the limited range where a driver says nothing. Drivers that say nothing
        // (vivid, infrared webcams) give the full one, and libv4l takes it so.
        let isFull = [.rgb24, .bgr24, .grey].contains(result.pixelFormat)
        let colour = withUnsafePointer(to: format) { cvideo_colour_of($0, isFull) }
        result.matrix = colour.matrix == 709 ? .bt709 : colour.matrix == 2020 ? .bt2020 : .bt601
        result.isFullRange = colour.is_full_range
        return result
    }

    package func setRate(_ rate: Double?) -> Double? {
        var parameters = v4l2_streamparm()
        parameters.type = type.rawValue
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

    package func convert(from format: VideoFormat) throws(SourceLost) {
        guard !isMultiPlanar else {
            throw SourceLost("\(path) gives \(format.pixelFormat) in planes, which nobody here can read")
        }
        converter = try LibraryConverter(descriptor, from: format, path: path)
    }

    // MARK: Buffers

    package func makeBuffers(_ count: Int) throws(VideoFault) -> Int {
        var buffers = v4l2_requestbuffers()
        buffers.count = UInt32(clamping: count)
        buffers.type = type.rawValue
        buffers.memory = V4L2_MEMORY_MMAP.rawValue
        try check("VIDIOC_REQBUFS", cvideo_reqbufs(descriptor, &buffers))
        for index in 0..<Int(buffers.count) {
            let places = try withBuffer(index) { buffer, planes throws(VideoFault) in
                try check("VIDIOC_QUERYBUF", cvideo_querybuf(descriptor, &buffer))
                return isMultiPlanar
                    ? planes.prefix(planeCount).map { (offset: $0.m.mem_offset, length: Int($0.length)) }
                    : [(offset: buffer.m.offset, length: Int(buffer.length))]
            }
            maps.append([])
            filled.append(Array(repeating: 0..<0, count: places.count))
            for place in places {
                // Some drivers refuse memory that is not writable.
                let address = mmap(
                    nil,
                    place.length,
                    PROT_READ | PROT_WRITE,
                    MAP_SHARED,
                    descriptor,
                    off_t(place.offset)
                )
                guard let address, address != MAP_FAILED else { throw VideoFault("mmap", errno) }
                maps[index].append(UnsafeMutableRawBufferPointer(start: address, count: place.length))
            }
        }
        return maps.count
    }

    package func queue(_ index: Int) throws(VideoFault) {
        try withBuffer(index) { buffer, _ throws(VideoFault) in
            try check("VIDIOC_QBUF", cvideo_qbuf(descriptor, &buffer))
        }
    }

    package func dequeue() throws(VideoFault) -> VideoBuffer? {
        try withBuffer(0) { buffer, planes throws(VideoFault) in
            let code = cvideo_dqbuf(descriptor, &buffer)
            if code == EAGAIN { return nil }
            try check("VIDIOC_DQBUF", code)
            let index = Int(buffer.index)
            guard maps.indices.contains(index) else { throw VideoFault("VIDIOC_DQBUF", EINVAL) }
            for plane in maps[index].indices {
                // Of several planes each says how much it holds, and where that begins.
                let end = isMultiPlanar ? Int(planes[plane].bytesused) : Int(buffer.bytesused)
                let start = isMultiPlanar ? Int(planes[plane].data_offset) : 0
                let size = maps[index][plane].count
                filled[index][plane] = min(start, size)..<max(min(start, size), min(end, size))
            }
            let clock = buffer.flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK)
            let time = Duration.seconds(buffer.timestamp.tv_sec) + .microseconds(buffer.timestamp.tv_usec)
            return VideoBuffer(
                index: index,
                byteCount: filled[index].first?.count ?? 0,
                sequence: buffer.sequence,
                hasError: buffer.flags & UInt32(V4L2_BUF_FLAG_ERROR) != 0,
                stamp: clock == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) ? .monotonic(time) : .unnamed(time)
            )
        }
    }

    package func startStreaming() throws(VideoFault) {
        try check("VIDIOC_STREAMON", cvideo_streamon(descriptor, type))
    }

    package func copy(_ index: Int, plane: Int, count: Int, to bytes: inout [UInt8]) {
        guard maps[index].indices.contains(plane) else { return }
        bytes.append(contentsOf: maps[index][plane][filled[index][plane].prefix(count)])
    }

    package func convert(_ buffer: VideoBuffer, into bytes: inout [UInt8]) -> Bool {
        guard let converter, let map = maps[buffer.index].first else { return false }
        let picture = UnsafeMutableRawBufferPointer(rebasing: map[..<min(buffer.byteCount, map.count)])
        return converter.convert(picture, &bytes)
    }

    package func wait(until deadline: Duration) -> Latch.Wake {
        stop.wait(descriptor, until: deadline)
    }

    /// Runs `body` with an empty buffer description, and room for its planes where it has any.
    private func withBuffer<Result>(
        _ index: Int,
        _ body: (inout v4l2_buffer, UnsafeMutableBufferPointer<v4l2_plane>) throws(VideoFault) -> Result
    ) throws(VideoFault) -> Result {
        var buffer = v4l2_buffer()
        buffer.index = UInt32(index)
        buffer.type = type.rawValue
        buffer.memory = V4L2_MEMORY_MMAP.rawValue
        return try withUnsafeTemporaryAllocation(of: v4l2_plane.self, capacity: Int(VIDEO_MAX_PLANES)) {
            planes throws(VideoFault) in
            planes.initialize(repeating: v4l2_plane())
            if isMultiPlanar {
                buffer.m.planes = planes.baseAddress
                buffer.length = UInt32(planeCount)
            }
            return try body(&buffer, planes)
        }
    }

    // MARK: Closing

    /// A driver whose device is gone may hang in any of these calls. They run on a thread that is left behind if they
    /// take too long; the device stays claimed until it is through.
    package func close() {
        converter = nil
        let belongings = Belongings(
            descriptor: descriptor,
            type: type,
            maps: maps.joined().map { (UInt(bitPattern: $0.baseAddress), $0.count) }
        )
        maps.removeAll()
        let (claims, device) = (claims, device)
        let done = Latch()
        Thread.detachNewThread {
            _ = cvideo_streamoff(belongings.descriptor, belongings.type)
            for map in belongings.maps { munmap(UnsafeMutableRawPointer(bitPattern: map.address), map.length) }
            Glibc.close(belongings.descriptor)
            claims.release(device)
            done.set()
        }
        _ = done.wait(until: monotonicNow() + Self.closingPatience)
    }

    private func check(_ name: String, _ code: Int32) throws(VideoFault) {
        if code != 0 { throw VideoFault(name, code) }
    }
}

extension NodeCapability {
    /// What VIDIOC_QUERYCAP has filled in.
    init(_ capability: v4l2_capability) {
        // The older field holds what all nodes of the device can do together.
        let isPerNode = capability.capabilities & UInt32(truncatingIfNeeded: V4L2_CAP_DEVICE_CAPS) != 0
        self.init(
            card: withUnsafeBytes(of: capability.card) { String(deviceText: $0) },
            driver: withUnsafeBytes(of: capability.driver) { String(deviceText: $0) },
            busInfo: withUnsafeBytes(of: capability.bus_info) { String(deviceText: $0) },
            flags: isPerNode ? capability.device_caps : capability.capabilities
        )
    }
}
