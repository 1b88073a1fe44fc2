import CVideo
import Foundation

/// How a buffer becomes a frame.
private enum BufferReading {
    case jpeg
    case raw(RawGeometry)
    case converted(RawGeometry)

    /// What a buffer with a picture holds at least, in its first plane.
    var leastBytes: Int {
        switch self {
        case .jpeg: 4
        case .raw(let geometry): geometry.byteCounts[0]
        case .converted: 1
        }
    }
}

/// Reads frames of a V4L2 device, by memory-mapped streaming, single- or multi-planar.
package final class DeviceReader<Driver: VideoDriver>: FrameReader {
    package let description: String
    private let driver: Driver
    private let path: String
    private let log: CameraLog
    private let format: VideoFormat
    private let reading: BufferReading
    private var stream: DeviceStream
    private var corruptReported: UInt64 = 0
    private var gapsReported: UInt64 = 0

    /// Sets the device up and starts it. The driver is closed when that fails.
    package init(driver: Driver, path: String, wish: DeviceWish, log: CameraLog) throws(SourceLost) {
        self.driver = driver
        self.path = path
        self.log = log
        do {
            let capability = try Self.checkedCapability(driver, path)
            driver.followSignal()
            if let trouble = driver.inputTrouble() { throw SourceLost("\(path) \(trouble)") }
            let offered = driver.offeredFormats()
            (format, reading) = try Self.setFormat(driver, path, wish, offered, isOnUSB: capability.isOnUSB)
            let rate = driver.setRate(Self.rate(for: wish, offered, format))
            if let complaint = wish.complaint(about: format, rate: rate, path: path) {
                log.complain(complaint, cause: complaint)
            }
            let count = try driver.makeBuffers(4)
            guard count >= 2 else { throw SourceLost("\(path) has no memory for two buffers") }
            for index in 0..<count { try driver.queue(index) }
            try driver.startStreaming()
            let rateWords = rate.map { " at \(rateText($0))" } ?? ""
            description = "\(format.width)×\(format.height) \(format.pixelFormat)\(rateWords) from \(capability.card)"
            // The first picture that a C920 gives is damaged, in ways that a decoder does not always notice.
            stream = DeviceStream(
                leastBytes: reading.leastBytes,
                rate: rate,
                discarding: format.pixelFormat.isJPEG ? 1 : 0,
                now: driver.now
            )
        } catch {
            let holders = (error as? VideoFault)?.code == EBUSY ? driver.holders() : nil
            driver.close()
            throw (error as? VideoFault)?.explained(path, holders: holders)
                ?? (error as? SourceLost) ?? SourceLost("\(error)")
        }
    }

    private static func checkedCapability(_ driver: Driver, _ path: String) throws -> NodeCapability {
        let capability = try driver.capability()
        func has(_ flag: Int32) -> Bool { capability.flags & UInt32(bitPattern: flag) != 0 }
        guard has(V4L2_CAP_VIDEO_CAPTURE) || has(V4L2_CAP_VIDEO_CAPTURE_MPLANE) else {
            if has(V4L2_CAP_META_CAPTURE) {
                throw SourceLost("\(path) carries metadata and no pictures; another node of the camera has them")
            }
            throw SourceLost("\(path) does not capture video")
        }
        guard has(V4L2_CAP_STREAMING) else { throw SourceLost("\(path) cannot stream") }
        return capability
    }

    // MARK: Format

    // The kernel's own limits are below; what a driver says beyond them is no size.
    private static var longestSide: Int { 1 << 16 }
    private static var mostPixels: Int { 100_000_000 }

    private static func setFormat(
        _ driver: Driver,
        _ path: String,
        _ wish: DeviceWish,
        _ offered: [OfferedFormat],
        isOnUSB: Bool
    ) throws -> (VideoFormat, BufferReading) {
        let current = try driver.currentFormat()
        let (width, height) = (
            wish.width ?? min(current.width, longestSide), wish.height ?? min(current.height, longestSide)
        )
        let ranked = wish.ranked(offered, width: width, height: height, isOnUSB: isOnUSB)
        let choice = try chosenFormat(driver, path, wish, offered, ranked, width, height)
        let format = try driver.setFormat(choice, width: width, height: height)
        guard format.pixelFormat.isRead || format.pixelFormat == choice else {
            throw SourceLost("\(path) insists on \(format.pixelFormat) when asked for \(choice)")
        }
        guard format.width > 0, format.height > 0 else { throw SourceLost("\(path) gives pictures of no size") }
        guard format.width <= longestSide, format.height <= longestSide, format.width * format.height <= mostPixels
        else { throw SourceLost("\(path) claims pictures of \(format.width)×\(format.height)") }
        if format.pixelFormat.isJPEG { return (format, .jpeg) }
        if let arrangement = format.pixelFormat.arrangement {
            return (format, .raw(try RawGeometry(format, arrangement, path: path)))
        }
        try driver.convert(from: format)
        return (format, .converted(try converted(format, path)))
    }

    /// How libv4lconvert leaves a picture.
    private static func converted(_ source: VideoFormat, _ path: String) throws -> RawGeometry {
        let target = source.pixelFormat.conversionTarget
        var format = VideoFormat(target, width: source.width, height: source.height)
        format.matrix = source.matrix
        format.isFullRange = source.isFullRange || target == .rgb24
        return try RawGeometry(format, target.arrangement ?? .rgb24, path: path)
    }

    /// The lowest rate that is offered and not below the one wished for; that itself where the driver does not say.
    private static func rate(for wish: DeviceWish, _ offered: [OfferedFormat], _ format: VideoFormat) -> Double? {
        let offer = offered.first { $0.pixelFormat == format.pixelFormat }
        return wish.rate.map { offer?.lowestRate(notBelow: $0, at: format.width, format.height) ?? $0 }
    }

    /// The first of the ranked formats that the driver gives when it is tried at that size.
    private static func chosenFormat(
        _ driver: Driver,
        _ path: String,
        _ wish: DeviceWish,
        _ offered: [OfferedFormat],
        _ ranked: [PixelFormat],
        _ width: Int,
        _ height: Int
    ) throws -> PixelFormat {
        if let format = wish.format {
            guard offered.contains(where: { $0.pixelFormat == format }) else {
                let list = offered.map(\.pixelFormat.description).joined(separator: ", ")
                throw SourceLost("\(path) does not offer \(format), only \(list.isEmpty ? "nothing" : list)")
            }
            guard OfferedFormat(format).reading != .none else {
                throw SourceLost("\(path) gives \(format), which nobody here can read")
            }
            return format
        }
        // The enumeration is advice; what counts is what the driver settles on.
        let tried = ranked.first { format in
            guard let tried = driver.tryFormat(format, width: width, height: height) else { return true }
            return tried.pixelFormat == format
        }
        let converted = offered.first { $0.reading == .converted }?.pixelFormat
        guard let choice = tried ?? ranked.first ?? converted else {
            guard !offered.isEmpty else { throw SourceLost("\(path) offers no pixel format") }
            let list = offered.map(\.pixelFormat.description).joined(separator: ", ")
            throw SourceLost("\(path) offers only \(list), which nobody here can read")
        }
        return choice
    }

    // MARK: Frames

    package func next(into frame: inout Frame) throws(SourceLost) -> FrameReading {
        defer { report() }
        while true {
            if let amiss = stream.takeAmiss(at: driver.now) { return .amiss("\(path) \(amiss)") }
            let action: DeviceStream.Action
            switch driver.wait(until: stream.deadline) {
            case .latched: return .stopped
            case .timedOut: action = stream.handle(.timedOut, at: driver.now)
            case .ready(let events, _):
                if events & Int16(POLLPRI) != 0, driver.signalHasChanged() {
                    throw SourceLost("\(path) has another signal, or none")
                }
                action = try drain(hungUp: events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0)
            }
            switch action {
            case .deliver(let buffer): if try deliver(buffer, into: &frame) { return .frame }
            case .lose(let reason): throw SourceLost("\(path) \(driver.inputTrouble() ?? reason)")
            case .fail(let fault): throw fault.explained(path)
            case .wait, .dequeue, .requeue: break
            }
        }
    }

    /// Dequeues all that is ready. Only then is an error by poll believed: it does not say which, and dequeuing does.
    private func drain(hungUp: Bool) throws(SourceLost) -> DeviceStream.Action {
        while true {
            let event: DeviceStream.Event
            do throws(VideoFault) {
                event = try driver.dequeue().map { .dequeued($0) } ?? .nothingReady(hungUp: hungUp)
            } catch {
                return stream.handle(.faulted(error), at: driver.now)
            }
            switch stream.handle(event, at: driver.now) {
            case .dequeue: continue
            case .requeue(let index): try giveBack(index)
            case let action: return action
            }
        }
    }

    /// Copies the picture out and gives the buffer back before anything else, so that nobody's slowness starves the
    /// driver.
    private func deliver(_ buffer: VideoBuffer, into frame: inout Frame) throws(SourceLost) -> Bool {
        let isWhole = copy(buffer, into: &frame)
        try giveBack(buffer.index)
        guard isWhole else {
            stream.countDamaged()
            return false
        }
        frame.width = format.width
        frame.height = format.height
        frame.stamp(capturedAt: stream.delivered(buffer, at: driver.now, wallClock: driver.wallClock))
        return true
    }

    private func copy(_ buffer: VideoBuffer, into frame: inout Frame) -> Bool {
        switch reading {
        case .jpeg:
            frame.bytes.removeAll(keepingCapacity: true)
            driver.copy(buffer.index, plane: 0, count: buffer.byteCount, to: &frame.bytes)
            frame.format = .jpeg
            return trimJPEG(&frame.bytes)
        case .raw(let geometry):
            frame.bytes.removeAll(keepingCapacity: true)
            var expected = 0
            for (plane, count) in geometry.byteCounts.enumerated() {
                driver.copy(buffer.index, plane: plane, count: count, to: &frame.bytes)
                expected += count
                if frame.bytes.count != expected { return false }
            }
            frame.format = .raw(geometry.format)
            return true
        case .converted(let geometry):
            guard driver.convert(buffer, into: &frame.bytes), frame.bytes.count >= geometry.byteCounts[0] else {
                return false
            }
            frame.format = .raw(geometry.format)
            return true
        }
    }

    private func giveBack(_ index: Int) throws(SourceLost) {
        do throws(VideoFault) {
            try driver.queue(index)
        } catch {
            throw error.explained(path)
        }
    }

    private func report() {
        let corrupt = stream.corrupt - corruptReported
        let gaps = stream.sequenceGaps - gapsReported
        guard corrupt > 0 || gaps > 0 else { return }
        corruptReported = stream.corrupt
        gapsReported = stream.sequenceGaps
        log.count {
            $0.corrupt += corrupt
            $0.sequenceGaps += gaps
        }
    }

    package func close() {
        driver.close()
    }
}

/// Cuts off what a driver has left behind the EOI marker. Returns false if the bytes are not a whole JPEG picture.
package func trimJPEG(_ bytes: inout [UInt8]) -> Bool {
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return false }
    var end = bytes.count
    while end >= 4 {
        if bytes[end - 1] == 0xD9, bytes[end - 2] == 0xFF {
            bytes.removeLast(bytes.count - end)
            return true
        }
        end -= 1
    }
    return false
}

extension VideoFault {
    /// The fault in words, with what to do about it.
    ///
    /// - Parameter holders: Who is seen to have the device open.
    package func explained(_ path: String, holders: String? = nil) -> SourceLost {
        // Of other requests these say something else.
        let isAboutOpening = ["open", "stat", "VIDIOC_QUERYCAP"].contains(request)
        switch code {
        case ENOENT where isAboutOpening: return SourceLost("\(path) does not exist (unplugged?)")
        case EACCES where isAboutOpening, EPERM where isAboutOpening:
            return SourceLost("may not open \(path) (is the user in group video?)")
        case ENOTTY where isAboutOpening: return SourceLost("\(path) is not a V4L2 device")
        case EBUSY: return SourceLost("\(path) is in use by \(holders ?? "another program")", isBusy: true)
        case ENODEV, ENXIO: return SourceLost("\(path) was unplugged")
        case ENOSPC:
            return SourceLost(
                "\(path) gets no bandwidth on its USB bus: choose a smaller size or rate, or another port"
            )
        case EIO: return SourceLost("\(path) fails: \(request) says input/output error")
        default: return SourceLost("\(path) fails: \(request) says \(errorText(code))")
        }
    }
}
