/// A picture in memory: 8-bit RGB, row-major, rows without padding.
public struct Picture: Sendable {
    /// The most pixels that any decoder here accepts, checked against the header before memory is taken.
    public static let maximumPixelCount = 100_000_000

    /// Pixels in a row.
    public private(set) var width = 0

    /// Rows.
    public private(set) var height = 0

    /// height × width × 3 bytes: red, green and blue of the top left pixel first.
    public var pixels: [UInt8] = []

    /// A picture without pixels, to be decoded into.
    public init() {}

    /// A picture of the pixels given.
    ///
    /// - Throws: when there are not exactly height × width × 3 bytes.
    public init(width: Int, height: Int, pixels: [UInt8]) throws(ImagingError) {
        try Picture.check(width: width, height: height, of: "picture")
        guard pixels.count == width * height * 3 else {
            throw ImagingError("\(pixels.count) bytes cannot be a \(width)×\(height) picture in RGB")
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Takes another size. What the pixels hold afterwards is unspecified.
    ///
    /// Memory is only taken when the picture outgrows every size that it had before.
    public mutating func reshape(width: Int, height: Int) {
        precondition(width >= 0 && height >= 0, "a picture cannot have a negative size")
        self.width = width
        self.height = height
        pixels.resize(to: width * height * 3)
    }

    /// Refuses sizes without pixels, and those too large to be decoded.
    static func check(width: Int, height: Int, of kind: String) throws(ImagingError) {
        guard width > 0, height > 0 else {
            throw ImagingError("the \(kind) is \(width)×\(height): it has no pixels")
        }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= maximumPixelCount else {
            throw ImagingError(
                "the \(kind) is \(width)×\(height), larger than \(maximumPixelCount / 1_000_000) megapixels"
            )
        }
    }

    /// Refuses a picture whose `pixels` were set to another number of bytes than its size needs.
    borrowing func check() throws(ImagingError) {
        try Picture.check(width: width, height: height, of: "picture")
        guard pixels.count == width * height * 3 else {
            throw ImagingError("\(pixels.count) bytes cannot be a \(width)×\(height) picture in RGB")
        }
    }
}

extension Array where Element: BinaryInteger {
    /// Takes another length without giving memory back, and without copying elements that are to be overwritten anyway.
    mutating func resize(to length: Int) {
        if length > capacity {
            self = Array(repeating: 0, count: length)
        } else if length > count {
            append(contentsOf: repeatElement(0, count: length - count))
        } else if length < count {
            removeLast(count - length)
        }
    }
}
