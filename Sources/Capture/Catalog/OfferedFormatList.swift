import CVideo
import Foundation

extension OfferedFormat {
    /// What a node offers, by VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES and VIDIOC_ENUM_FRAMEINTERVALS, which disturb nobody
    /// who streams from it.
    ///
    /// - Parameters:
    ///   - descriptor: The opened node.
    ///   - isOfInterest: Of which formats the sizes are asked. Some drivers have dozens of formats, and thousands of sizes
    ///     and rates for them.
    /// - Returns: The formats in the driver's order.
    package static func all(
        descriptor: Int32,
        isMultiPlanar: Bool,
        isOfInterest: (PixelFormat) -> Bool = { _ in true }
    ) -> [OfferedFormat] {
        var requests = Requests(descriptor)
        return requests.formats(isMultiPlanar: isMultiPlanar, isOfInterest: isOfInterest)
    }

    /// The same of a node that is opened for it, and closed.
    package static func all(node: String, isMultiPlanar: Bool) throws(VideoFault) -> [OfferedFormat] {
        let descriptor = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw VideoFault("open", errno) }
        defer { close(descriptor) }
        return all(descriptor: descriptor, isMultiPlanar: isMultiPlanar)
    }
}

/// Questions to one device, bounded in case a driver never says that a list is over.
private struct Requests {
    private let descriptor: Int32
    /// How many may still be asked. A driver with many formats, such as vivid, takes ten thousand.
    private var left = 1 << 16

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Asks `request` for the entries 0, 1, 2… of a list, until it says that there are no more.
    private mutating func list<Entry>(_ request: (_ index: UInt32) -> Entry?) -> [Entry] {
        var entries: [Entry] = []
        while entries.count < 256, left > 0 {
            left -= 1
            guard let entry = request(UInt32(entries.count)) else { break }
            entries.append(entry)
        }
        return entries
    }

    mutating func formats(isMultiPlanar: Bool, isOfInterest: (PixelFormat) -> Bool) -> [OfferedFormat] {
        let type = isMultiPlanar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE
        let found = list { [descriptor] index -> v4l2_fmtdesc? in
            var entry = v4l2_fmtdesc()
            entry.type = type.rawValue
            entry.index = index
            return cvideo_enum_fmt(descriptor, &entry) == 0 ? entry : nil
        }
        return found.map { entry in
            let format = PixelFormat(code: entry.pixelformat)
            return OfferedFormat(
                format,
                description: withUnsafeBytes(of: entry.description) { String(deviceText: $0) },
                sizes: isOfInterest(format) ? sizes(entry.pixelformat) : .unknown
            )
        }
    }

    private mutating func sizes(_ pixelFormat: UInt32) -> OfferedFormat.Sizes {
        let found = list { [descriptor] index -> v4l2_frmsizeenum? in
            var entry = v4l2_frmsizeenum()
            entry.index = index
            entry.pixel_format = pixelFormat
            // Sizes in steps are one entry, whatever is asked after it.
            guard cvideo_enum_framesizes(descriptor, &entry) == 0 else { return nil }
            return index == 0 || entry.isDiscrete ? entry : nil
        }
        guard let first = found.first else { return .unknown }
        if !first.isDiscrete {
            let steps = first.stepwise
            guard let widths = OfferedFormat.Steps(steps.min_width, steps.max_width, steps.step_width),
                let heights = OfferedFormat.Steps(steps.min_height, steps.max_height, steps.step_height)
            else { return .unknown }
            let (width, height) = (widths.nearest(to: widths.most), heights.nearest(to: heights.most))
            let rates = rates(pixelFormat, UInt32(width), UInt32(height))
            return .stepwise(width: widths, height: heights, rates: rates)
        }
        var sizes: [OfferedFormat.Size] = []
        for entry in found {
            let (width, height) = (entry.discrete.width, entry.discrete.height)
            // Some cameras list a size twice.
            guard (1...65536).contains(width), (1...65536).contains(height),
                !sizes.contains(where: { $0.width == width && $0.height == height })
            else { continue }
            sizes.append(OfferedFormat.Size(Int(width), Int(height), rates(pixelFormat, width, height)))
        }
        return sizes.isEmpty ? .unknown : .discrete(sizes)
    }

    mutating func rates(_ pixelFormat: UInt32, _ width: UInt32, _ height: UInt32) -> OfferedFormat.Rates {
        let found = list { [descriptor] index -> v4l2_frmivalenum? in
            var entry = v4l2_frmivalenum()
            entry.index = index
            entry.pixel_format = pixelFormat
            entry.width = width
            entry.height = height
            guard cvideo_enum_frameintervals(descriptor, &entry) == 0 else { return nil }
            return index == 0 || entry.isDiscrete ? entry : nil
        }
        guard let first = found.first else { return .unknown }
        if !first.isDiscrete {
            // The shortest interval is the highest rate.
            guard let highest = first.stepwise.min.rate, let lowest = first.stepwise.max.rate, lowest <= highest else {
                return .unknown
            }
            return .range(lowest...highest)
        }
        let rates = Set(found.compactMap { $0.discrete.rate }).sorted(by: >)
        return rates.isEmpty ? .unknown : .discrete(rates)
    }
}

extension OfferedFormat.Steps {
    fileprivate init?(_ least: UInt32, _ most: UInt32, _ step: UInt32) {
        self.init(least: Int(least), most: Int(most), step: Int(step))
    }
}

extension v4l2_frmsizeenum {
    fileprivate var isDiscrete: Bool { type == V4L2_FRMSIZE_TYPE_DISCRETE.rawValue }
}

extension v4l2_frmivalenum {
    fileprivate var isDiscrete: Bool { type == V4L2_FRMIVAL_TYPE_DISCRETE.rawValue }
}

extension v4l2_fract {
    /// Frames per second; nil for an interval that is none.
    fileprivate var rate: Double? {
        guard numerator > 0, denominator > 0 else { return nil }
        return Double(denominator) / Double(numerator)
    }
}
