/// What a device is asked for; nil leaves it to the driver, or to ``ranked(_:width:height:isOnUSB:)``.
public struct DeviceWish: Equatable, Sendable {
    /// In pixels.
    public var width: Int?
    /// In pixels.
    public var height: Int?
    /// In frames per second.
    public var rate: Double?
    /// The pixel format to take, whatever it costs.
    public var format: PixelFormat?

    /// A wish of the given parts.
    public init(width: Int? = nil, height: Int? = nil, rate: Double? = nil, format: PixelFormat? = nil) {
        self.width = width
        self.height = height
        self.rate = rate
        self.format = format
    }

    /// What a USB 2 bus carries, with some room for a second camera.
    private static let mostRawBytesPerSecond = 20e6

    /// The formats to ask for among those that are read without libv4lconvert, the best first: one that gives the size,
    /// then one that gives the rate, then the cheapest to copy and decode.
    ///
    /// - Parameters:
    ///   - width: What is wished for, or what is set now.
    ///   - isOnUSB: Where raw pictures must share a narrow bus.
    package func ranked(
        _ offered: [OfferedFormat],
        width: Int,
        height: Int,
        isOnUSB: Bool
    ) -> [PixelFormat] {
        offered.filter(\.pixelFormat.isRead)
            .map { offer -> (rank: (Int, Int, Int), format: PixelFormat) in
                let format = offer.pixelFormat
                let size = offer.nearestSize(to: width, height) ?? (width, height)
                let distance = abs(size.width - width) + abs(size.height - height)
                let most = offer.highestRate(at: size.width, size.height)
                let isFast = rate.map { wanted in most.map { $0 >= wanted * 0.98 } ?? true } ?? true
                let carried = rate ?? min(most ?? 30, 30)
                let bytes = Double(size.width * size.height) * format.bytesPerPixel * carried
                let fits = !isOnUSB || format.isJPEG || bytes <= Self.mostRawBytesPerSecond
                return ((distance, isFast && fits ? 0 : 1, format.cost), format)
            }
            .sorted { $0.rank < $1.rank }
            .map(\.format)
    }

    /// What to say when the device has settled on something else.
    func complaint(about format: VideoFormat, rate settled: Double?, path: String) -> String? {
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

extension PixelFormat {
    /// 0 for compressed formats.
    fileprivate var bytesPerPixel: Double {
        switch arrangement {
        case .nv12, .yu12: 1.5
        case .yuyv, .uyvy: 2
        case .rgb24, .bgr24: 3
        case .grey: 1
        case nil: 0
        }
    }

    /// What a picture costs, in relation. Grey comes last: it has no colours for a prompt to name.
    fileprivate var cost: Int {
        switch arrangement {
        case .nv12, .yu12: 0
        case .yuyv, .uyvy: 1
        case .rgb24, .bgr24: 2
        case nil: 3
        case .grey: 4
        }
    }
}
