import CPNG

/// Decodes PNG to RGB: all colour types of 1 to 8 bits a channel, interlaced or not.
///
/// Grey of fewer bits is scaled to the full range and palettes are looked up. Transparency is dropped (the colour beneath
/// it shows), and gamma and colour profiles are left alone, so that pixels are the numbers in the file.
public enum PNGDecoder {
    private static let mostInflation = 1032

    /// The eight bytes that begin every PNG.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Decodes one PNG. See ``decode(_:into:)-(UnsafeRawBufferPointer,_)``.
    public static func decode(_ bytes: [UInt8], into picture: inout Picture) throws(ImagingError) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try decode(UnsafeRawBufferPointer(bytes), into: &picture)
        }
    }

    /// Decodes one PNG into `picture`, which takes its size.
    ///
    /// - Throws: when the bytes are empty, no PNG, damaged (checksums are verified), cut off, of 16 bits a channel, or
    ///   of more than ``Picture/maximumPixelCount`` pixels. `picture` is then as it was.
    public static func decode(_ bytes: UnsafeRawBufferPointer, into picture: inout Picture) throws(ImagingError) {
        let size = try size(of: bytes)
        var failure: String?
        // Memory that is not written yet takes none: a header alone costs nothing, whatever it claims.
        let pixels = [UInt8](unsafeUninitializedCapacity: size.width * size.height * 3) { pixels, count in
            failure = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                let status = cpng_decode_rgb(
                    bytes.bindMemory(to: UInt8.self).baseAddress,
                    bytes.count,
                    UInt32(size.width),
                    UInt32(size.height),
                    pixels.baseAddress,
                    message.baseAddress,
                    message.count
                )
                return status == 0 ? nil : message.baseAddress.map { String(cString: $0) } ?? ""
            }
            count = failure == nil ? size.width * size.height * 3 : 0
        }
        if let failure {
            throw ImagingError("the PNG cannot be decoded (\(failure))")
        }
        picture = try Picture(width: size.width, height: size.height, pixels: pixels)
    }

    /// What the header says, read before any memory is taken. IHDR must come first (PNG specification, 5.6).
    private static func size(of bytes: UnsafeRawBufferPointer) throws(ImagingError) -> (width: Int, height: Int) {
        guard !bytes.isEmpty else {
            throw ImagingError("the PNG is empty")
        }
        guard bytes.starts(with: signature) else {
            throw ImagingError("this is no PNG: it does not begin with the signature of one")
        }
        guard bytes.count >= 33 else {
            throw ImagingError("the PNG cannot be decoded (it ends early)")
        }
        guard bytes[12..<16].elementsEqual("IHDR".utf8) else {
            throw ImagingError("the PNG cannot be decoded (it does not begin with its header)")
        }
        let width = Int(bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self).bigEndian)
        let height = Int(bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self).bigEndian)
        try Picture.check(width: width, height: height, of: "PNG")
        guard bytes[24] <= 8 else {
            throw ImagingError("the PNG has 16 bits a channel; convert it to 8 (\(width)×\(height))")
        }
        // A pixel has at least so many bits, of which deflate makes one for 1032, at best.
        guard width * height / 8 * max(1, Int(bytes[24])) <= mostInflation * bytes.count else {
            throw ImagingError("the PNG is \(width)×\(height), which its \(bytes.count) bytes cannot hold")
        }
        return (width, height)
    }
}
