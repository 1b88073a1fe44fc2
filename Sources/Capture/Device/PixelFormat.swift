/// A four-character code out of V4L2_PIX_FMT_….
public struct PixelFormat: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// Its characters, the first in the lowest byte.
    public var code: UInt32

    /// The format of that code.
    public init(code: UInt32) {
        self.code = code
    }

    /// The format of one to four ASCII characters, as V4L2 tools print it; nil for other text. Short ones are padded
    /// with spaces.
    public init?(name text: String) {
        let bytes = Array(text.utf8)
        guard (1...4).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        let padded = bytes + Array(repeating: 0x20, count: 4 - bytes.count)
        code = padded.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    package init(_ text: StaticString) {
        code = text.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }

    package static let yuyv = PixelFormat("YUYV")
    package static let uyvy = PixelFormat("UYVY")
    package static let nv12 = PixelFormat("NV12")
    package static let yu12 = PixelFormat("YU12")
    /// NV12 and YU12 with each plane in memory of its own (V4L2_PIX_FMT_NV12M and …_YUV420M).
    package static let nv12Planes = PixelFormat("NM12")
    package static let yu12Planes = PixelFormat("YM12")
    package static let grey = PixelFormat("GREY")
    package static let rgb24 = PixelFormat("RGB3")
    package static let bgr24 = PixelFormat("BGR3")
    package static let motionJPEG = PixelFormat("MJPG")
    package static let jpeg = PixelFormat("JPEG")

    package var isJPEG: Bool { self == .motionJPEG || self == .jpeg }

    /// How its samples lie; nil for compressed formats, and for those that only libv4lconvert reads.
    package var arrangement: Frame.RawFormat.Arrangement? {
        switch self {
        case .yuyv: .yuyv
        case .uyvy: .uyvy
        case .nv12, .nv12Planes: .nv12
        case .yu12, .yu12Planes: .yu12
        case .grey: .grey
        case .rgb24: .rgb24
        case .bgr24: .bgr24
        default: nil
        }
    }

    private static let lumaAndChroma: Set<PixelFormat> = [
        PixelFormat("YVYU"), PixelFormat("VYUY"), PixelFormat("YV12"), PixelFormat("NV21"), PixelFormat("NV16"),
        PixelFormat("NV61"), PixelFormat("422P"), PixelFormat("411P"), PixelFormat("Y41P"), PixelFormat("YUV9"),
        PixelFormat("YVU9"), PixelFormat("M420"), PixelFormat("HM12"), PixelFormat("NV24"), PixelFormat("NV42"),
    ]

    /// What libv4lconvert is to make of it. Y, U and V stay what they are: the library's own way to RGB knows neither
    /// matrix nor range.
    package var conversionTarget: PixelFormat { Self.lumaAndChroma.contains(self) ? .yu12 : .rgb24 }

    /// Whether it is read without libv4lconvert.
    package var isRead: Bool { isJPEG || arrangement != nil }

    /// As V4L2 tools print it.
    public var description: String {
        // Bit 31 marks the big-endian variants.
        let text = String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: code >> ($0 * 8)) & 0x7F }, as: UTF8.self)
        return text.trimmed
    }
}

extension String {
    /// Without the spaces at its end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
