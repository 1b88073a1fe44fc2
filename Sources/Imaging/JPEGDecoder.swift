import CJPEG

/// Decodes JPEG: camera frames and files. One per thread; it keeps its decoder and memory between pictures.
///
/// Baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK. Pixels equal those of a libjpeg decoder
/// in its default, accurate mode (integer DCT, smooth chroma upsampling). Motion JPEG frames without Huffman tables are
/// given the standard ones.
///
/// Decoding is strict: where libjpeg would warn of damage and invent pixels, this throws. Two things are tolerated
/// because working cameras do them: padding after the end marker, and a little padding before it.
public final class JPEGDecoder {
    private static let mostPixelsPerByte = 1024

    private let handle: tjhandle
    /// The four inks of a CMYK picture before they become RGB.
    private var inks: [UInt8] = []

    /// - Throws: only when memory is short.
    public init() throws(ImagingError) {
        guard let handle = tjInitDecompress() else {
            throw ImagingError("the JPEG decoder could not be started: \(String(cString: tjGetErrorStr2(nil)))")
        }
        self.handle = handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Decodes one JPEG. See ``decode(_:into:shorterSideAtLeast:)-(UnsafeRawBufferPointer,_,_)``.
    @discardableResult
    public func decode(
        _ bytes: [UInt8],
        into picture: inout Picture,
        shorterSideAtLeast side: Int? = nil
    ) throws(ImagingError) -> (width: Int, height: Int) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try decode(UnsafeRawBufferPointer(bytes), into: &picture, shorterSideAtLeast: side)
        }
    }

    /// Decodes one JPEG into `picture`, which takes its size, or with `side` perhaps a half, a quarter or an eighth of it
    /// (rounded up): the least that keeps `side` pixels in the shorter side. Damage is found all the same.
    ///
    /// libjpeg-turbo can leave out what a smaller picture does not show before the inverse transform, at any number of
    /// eighths, but has vector code for these only: of a frame of 1920×1080 with 4:2:2 chroma it makes 8/8 in 4.0 ms, 7/8
    /// in 9.1, 5/8 in 4.7, 4/8 in 2.2, 3/8 in 2.4 and 2/8 in 1.8. Crops of 256×256 differ from those of the whole frame by
    /// 0.09 levels of 255 in the mean for 4/8 (at most 6), and by 0.25 for 2/8 (at most 23), whose 270 rows are nearly the
    /// crops' own; ``Preprocessor/leastShorterSide`` asks for more than those.
    ///
    /// - Parameter side: how many pixels the shorter side of `picture` must still have; nil for all of the JPEG's.
    /// - Returns: the JPEG's own size in pixels.
    /// - Throws: when the bytes are empty, no JPEG, damaged, cut off, or of more than
    ///   ``Picture/maximumPixelCount`` pixels. What `picture` shows is then unspecified.
    @discardableResult
    public func decode(
        _ bytes: UnsafeRawBufferPointer,
        into picture: inout Picture,
        shorterSideAtLeast side: Int? = nil
    ) throws(ImagingError) -> (width: Int, height: Int) {
        try decode(bytes, into: &picture) { _, _ in side }
    }

    /// Decodes one JPEG. See ``decode(_:into:leastShorterSide:)-(UnsafeRawBufferPointer,_,_)``.
    @discardableResult
    public func decode(
        _ bytes: [UInt8],
        into picture: inout Picture,
        leastShorterSide: (_ width: Int, _ height: Int) -> Int?
    ) throws(ImagingError) -> (width: Int, height: Int) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try decode(UnsafeRawBufferPointer(bytes), into: &picture, leastShorterSide: leastShorterSide)
        }
    }

    /// The same, with a shorter side that depends on the JPEG's own size.
    ///
    /// - Parameter leastShorterSide: is given the JPEG's width and height.
    @discardableResult
    public func decode(
        _ bytes: UnsafeRawBufferPointer,
        into picture: inout Picture,
        leastShorterSide: (_ width: Int, _ height: Int) -> Int?
    ) throws(ImagingError) -> (width: Int, height: Int) {
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else {
            throw ImagingError("the JPEG is empty")
        }
        let jpeg = UnsafeBufferPointer(start: start, count: bytes.count)
        let header = try header(of: jpeg)
        let (width, height) = Self.scaledSize(
            of: header,
            shorterSideAtLeast: leastShorterSide(header.width, header.height)
        )
        picture.reshape(width: width, height: height)
        if header.hasInks {
            inks.resize(to: width * height * 4)
            try decompress(jpeg, width, height, TJPF_CMYK, bytesPerPixel: 4, into: &inks)
            Self.mix(inks, into: &picture.pixels)
        } else {
            try decompress(jpeg, width, height, TJPF_RGB, bytesPerPixel: 3, into: &picture.pixels)
        }
        return (header.width, header.height)
    }

    private static func scaledSize(
        of header: Header,
        shorterSideAtLeast side: Int?
    ) -> (width: Int, height: Int) {
        let shorter = min(header.width, header.height)
        guard let side, let eighths = [1, 2, 4].first(where: { (shorter * $0 + 7) / 8 >= side }) else {
            return (header.width, header.height)
        }
        return ((header.width * eighths + 7) / 8, (header.height * eighths + 7) / 8)
    }

    private struct Header {
        var width: Int
        var height: Int
        var hasInks: Bool
    }

    private func header(of jpeg: UnsafeBufferPointer<UInt8>) throws(ImagingError) -> Header {
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = -1
        var colorSpace: Int32 = -1
        let status = tjDecompressHeader3(
            handle,
            jpeg.baseAddress,
            UInt(jpeg.count),
            &width,
            &height,
            &subsampling,
            &colorSpace
        )
        // A failure after the size was found is a warning, or a chroma subsampling that TurboJPEG has no name for and yet
        // decodes; decompressing judges both.
        guard status == 0 || (width > 0 && height > 0) else {
            throw failure()
        }
        try Picture.check(width: Int(width), height: Int(height), of: "JPEG")
        // No scan has less than a bit for a block of 8×8 samples, and of 1024 pixels there are at least eight blocks. A few
        // bytes that claim to be more would cost much memory and time before the decoder found out.
        guard Int(width) * Int(height) <= Self.mostPixelsPerByte * jpeg.count else {
            throw ImagingError("the JPEG is \(width)×\(height), which its \(jpeg.count) bytes cannot hold")
        }
        let hasInks = colorSpace == Int32(TJCS_CMYK.rawValue) || colorSpace == Int32(TJCS_YCCK.rawValue)
        return Header(width: Int(width), height: Int(height), hasInks: hasInks)
    }

    private func decompress(
        _ jpeg: UnsafeBufferPointer<UInt8>,
        _ width: Int,
        _ height: Int,
        _ format: TJPF,
        bytesPerPixel: Int,
        into pixels: inout [UInt8]
    ) throws(ImagingError) {
        // The size is passed on, so that a buffer that a device overwrites meanwhile cannot make TurboJPEG write more.
        let status = pixels.withUnsafeMutableBufferPointer { pixels in
            tjDecompress2(
                handle,
                jpeg.baseAddress,
                UInt(jpeg.count),
                pixels.baseAddress,
                Int32(width),
                Int32(width * bytesPerPixel),
                Int32(height),
                Int32(format.rawValue),
                TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
            )
        }
        guard status == 0 || onlyPaddingWasOdd() else {
            throw failure()
        }
    }

    /// Whether the one complaint was of a few bytes too many before the end marker, with every pixel decoded.
    ///
    /// Many UVC cameras pad the entropy-coded data of every frame. libjpeg keeps the text of the first warning only, and
    /// reads nothing after the end marker, so that this warning cannot hide another. This is why decoding does not
    /// simply stop on the first warning (TJFLAG_STOPONWARNING).
    private func onlyPaddingWasOdd() -> Bool {
        guard tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) else {
            return false
        }
        let words = String(cString: tjGetErrorStr2(handle)).split(separator: " ")
        guard words.count == 9, words[4...] == ["extraneous", "bytes", "before", "marker", "0xd9"] else {
            return false
        }
        return Int(words[3]).map { $0 <= 64 } ?? false
    }

    private func failure() -> ImagingError {
        let reason = String(cString: tjGetErrorStr2(handle))
        if reason.hasPrefix("Premature end") || reason.contains("premature end") {
            return ImagingError("the JPEG ends early (\(reason))")
        }
        return ImagingError("the JPEG cannot be decoded (\(reason))")
    }

    /// CMYK as Adobe writes it, inverted (255 is no ink), to RGB: each colour is what its ink and black leave of white.
    /// Products are divided by 255 with rounding.
    private static func mix(_ inks: [UInt8], into pixels: inout [UInt8]) {
        inks.withUnsafeBufferPointer { inks in
            pixels.withUnsafeMutableBufferPointer { pixels in
                for index in 0..<pixels.count / 3 {
                    let white = Int32(inks[index * 4 + 3])
                    for channel in 0..<3 {
                        let product = (255 - Int32(inks[index * 4 + channel])) * white + 128
                        pixels[index * 3 + channel] = UInt8(white - (((product >> 8) + product) >> 8))
                    }
                }
            }
        }
    }
}
