import CJPEG

/// Encodes pictures as JPEG. One per thread; made when there is something to encode.
public final class JPEGEncoder {
    private let handle: tjhandle

    /// - Throws: only when memory is short.
    public init() throws(ImagingError) {
        guard let handle = tjInitCompress() else {
            throw ImagingError("the JPEG encoder could not be started: \(String(cString: tjGetErrorStr2(nil)))")
        }
        self.handle = handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Baseline YCbCr with halved chroma.
    ///
    /// - Parameter quality: 1 to 100.
    /// - Throws: when the picture has no pixels, or a side of over 65,500.
    public func encode(_ picture: borrowing Picture, quality: Int) throws(ImagingError) -> [UInt8] {
        try picture.check()
        var output: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let (width, height) = (picture.width, picture.height)
        let status = picture.pixels.withUnsafeBufferPointer { pixels in
            tjCompress2(
                handle,
                pixels.baseAddress,
                Int32(width),
                Int32(width * 3),
                Int32(height),
                Int32(TJPF_RGB.rawValue),
                &output,
                &count,
                Int32(TJSAMP_420.rawValue),
                Int32(quality),
                0
            )
        }
        defer { tjFree(output) }
        guard status == 0, let output else {
            throw ImagingError("the picture cannot be encoded (\(String(cString: tjGetErrorStr2(handle))))")
        }
        return Array(UnsafeBufferPointer(start: output, count: Int(count)))
    }

    /// The picture in at most so many bytes: of a lower quality, then smaller, where it must be.
    ///
    /// - Returns: the JPEG and its size in pixels.
    /// - Throws: as ``encode(_:quality:)``, or when not even a few pixels fit.
    public func encode(
        _ picture: Picture,
        mostBytes: Int
    ) throws(ImagingError) -> (jpeg: [UInt8], width: Int, height: Int) {
        var picture = picture
        while true {
            for quality in [85, 60, 35] {
                let jpeg = try encode(picture, quality: quality)
                if jpeg.count <= mostBytes { return (jpeg, picture.width, picture.height) }
            }
            guard max(picture.width, picture.height) > 16 else {
                throw ImagingError("no JPEG has only \(mostBytes) bytes")
            }
            picture = try picture.resized(width: max(1, picture.width / 2), height: max(1, picture.height / 2))
        }
    }
}
