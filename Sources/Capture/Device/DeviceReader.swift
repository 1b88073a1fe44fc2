import CVideo
import Foundation

/// Reads frames of a V4L2 device, by single-planar memory-mapped streaming.
package final class DeviceReader<Driver: VideoDriver>: FrameReader {
    package let description: String
    private let driver: Driver
    private let path: String
    private let log: CameraLog
    private let format: VideoFormat
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
            format = try Self.setFormat(driver, path, wish)
            let rate = driver.setRate(wish.rate)
            if let complaint = wish.complaint(about: format, rate: rate, path: path) {
                log.complain(complaint, cause: complaint)
            }
            let count = try driver.makeBuffers(4)
            guard count >= 2 else { throw SourceLost("\(path) has no memory for two buffers") }
            for index in 0..<count { try driver.queue(index) }
            try driver.startStreaming()
            let rateWords = rate.map { " at \(rateText($0))" } ?? ""
            description = "\(format.width)×\(format.height) \(format.pixelFormat)\(rateWords) from \(capability.card)"
            let leastBytes = format.pixelFormat.isJPEG ? 4 : format.stride * format.height
            stream = DeviceStream(leastBytes: leastBytes, rate: rate, now: driver.now)
        } catch {
            driver.close()
            throw (error as? VideoFault)?.explained(path) ?? (error as? SourceLost) ?? SourceLost("\(error)")
        }
    }

    private static func checkedCapability(_ driver: Driver, _ path: String) throws -> VideoCapability {
        let capability = try driver.capability()
        func has(_ flag: Int32) -> Bool { capability.flags & UInt32(bitPattern: flag) != 0 }
        guard has(V4L2_CAP_VIDEO_CAPTURE) else {
            if has(V4L2_CAP_META_CAPTURE) {
                throw SourceLost("\(path) carries metadata and no pictures; another node of the camera has them")
            }
            if has(V4L2_CAP_VIDEO_CAPTURE_MPLANE) {
                throw SourceLost("\(path) is a multi-planar device, which is not supported")
            }
            throw SourceLost("\(path) does not capture video")
        }
        guard has(V4L2_CAP_STREAMING) else { throw SourceLost("\(path) cannot stream") }
        return capability
    }

    private static func setFormat(_ driver: Driver, _ path: String, _ wish: DeviceWish) throws -> VideoFormat {
        let current = try driver.currentFormat()
        let (width, height) = (wish.width ?? current.width, wish.height ?? current.height)
        let offered = driver.offeredFormats()
        guard let choice = DeviceWish.choose(from: offered, width: width, height: height, rate: wish.rate) else {
            let list = offered.map(\.description).joined(separator: ", ")
            throw SourceLost("\(path) offers neither YUYV nor MJPG, only \(list.isEmpty ? "nothing" : list)")
        }
        var format = try driver.setFormat(choice, width: width, height: height)
        guard format.pixelFormat.isJPEG || format.pixelFormat == .yuyv else {
            throw SourceLost("\(path) insists on \(format.pixelFormat) when asked for \(choice)")
        }
        guard format.width > 0, format.height > 0 else { throw SourceLost("\(path) gives pictures of no size") }
        // The kernel's own limit is far below; what a driver says beyond it is no size.
        guard format.width <= 1 << 16, format.height <= 1 << 16, format.stride <= 1 << 20 else {
            throw SourceLost("\(path) claims pictures of \(format.width)×\(format.height)")
        }
        guard format.pixelFormat.isJPEG || format.width.isMultiple(of: 2) else {
            throw SourceLost("\(path) gives YUYV of \(format.width) pixels a row, which is odd; ask for another `size`")
        }
        // Some drivers leave the stride out.
        if format.pixelFormat == .yuyv { format.stride = max(format.stride, format.width * 2) }
        return format
    }

    package func next(into frame: inout Frame) throws(SourceLost) -> FrameReading {
        defer { report() }
        while true {
            let action: DeviceStream.Action
            switch driver.wait(until: stream.deadline) {
            case .latched: return .stopped
            case .timedOut: action = stream.handle(.timedOut, at: driver.now)
            case .ready(let events, _): action = try drain(hungUp: events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0)
            }
            switch action {
            case .deliver(let buffer): if try deliver(buffer, into: &frame) { return .frame }
            case .lose(let reason): throw SourceLost("\(path) \(reason)")
            case .wait, .dequeue, .requeue: continue
            }
        }
    }

    /// Dequeues all that is ready. Only then is an error by poll believed: it does not say which, and dequeuing does.
    private func drain(hungUp: Bool) throws(SourceLost) -> DeviceStream.Action {
        do throws(VideoFault) {
            while true {
                let buffer = try driver.dequeue()
                let event = buffer.map { DeviceStream.Event.dequeued($0) } ?? .nothingReady(hungUp: hungUp)
                let action = stream.handle(event, at: driver.now)
                if case .requeue(let index) = action { try driver.queue(index) }
                if buffer == nil { return action }
            }
        } catch {
            throw error.explained(path)
        }
    }

    /// Copies the picture out and gives the buffer back before anything else, so that nobody's slowness starves the
    /// driver.
    private func deliver(_ buffer: VideoBuffer, into frame: inout Frame) throws(SourceLost) -> Bool {
        let isJPEG = format.pixelFormat.isJPEG
        let count = isJPEG ? buffer.byteCount : format.stride * format.height
        driver.copy(buffer.index, count: count, into: &frame.bytes)
        do throws(VideoFault) {
            try driver.queue(buffer.index)
        } catch {
            throw error.explained(path)
        }
        let isWhole = isJPEG ? trimJPEG(&frame.bytes) : frame.bytes.count == count
        guard isWhole else {
            stream.countDamaged()
            return false
        }
        frame.format = isJPEG ? .jpeg : .yuyv(stride: format.stride)
        frame.width = format.width
        frame.height = format.height
        frame.stamp(capturedAt: stream.delivered(buffer, at: driver.now))
        return true
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

extension DeviceWish {
    /// What to say when the device has settled on something else.
    fileprivate func complaint(about format: VideoFormat, rate settled: Double?, path: String) -> String? {
        var differences: [String] = []
        if width ?? format.width != format.width || height ?? format.height != format.height {
            let asked = "\(width ?? format.width)×\(height ?? format.height)"
            differences.append("\(format.width)×\(format.height) instead of \(asked)")
        }
        if let rate, let settled, abs(settled - rate) > rate * 0.02 {
            differences.append("\(rateText(settled)) instead of \(rateText(rate))")
        }
        return differences.isEmpty ? nil : "\(path) gives \(differences.joined(separator: ", and "))"
    }
}

extension VideoFault {
    /// The fault in words, with what to do about it.
    package func explained(_ path: String) -> SourceLost {
        switch code {
        case ENOENT: SourceLost("\(path) does not exist (unplugged?)")
        case EACCES, EPERM: SourceLost("may not open \(path) (is the user in group video?)")
        case EBUSY: SourceLost("\(path) is in use by another program")
        case ENODEV, ENXIO: SourceLost("\(path) was unplugged")
        case ENOSPC:
            SourceLost("\(path) gets no bandwidth on its USB bus: choose a smaller size or rate, or another port")
        case ENOTTY: SourceLost("\(path) is not a V4L2 device")
        case EIO: SourceLost("\(path) fails: \(request) says input/output error")
        default: SourceLost("\(path) fails: \(request) says \(errorText(code))")
        }
    }
}
