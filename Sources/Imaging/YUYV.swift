/// The packed 4:2:2 format of most webcams (V4L2_PIX_FMT_YUYV): two pixels in four bytes, Y₀ U Y₁ V.
public enum YUYV {
    /// Converts one frame to RGB. See ``decode(_:width:height:stride:into:)-(UnsafeRawBufferPointer,_,_,_,_)``.
    public static func decode(
        _ bytes: [UInt8],
        width: Int,
        height: Int,
        stride: Int,
        into picture: inout Picture
    ) throws(ImagingError) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try decode(UnsafeRawBufferPointer(bytes), width: width, height: height, stride: stride, into: &picture)
        }
    }

    /// Converts one frame to RGB by ITU-R BT.601 in limited range (Y 16–235, U and V 16–240), what V4L2 gives a webcam
    /// that says nothing else.
    ///
    /// Both pixels of a pair take its U and V as they are. With y = Y − 16, u = U − 128, v = V − 128 the channels are the
    /// following, plus 32768, shifted right by 16 and clamped to 0…255; the result is the same on every host:
    ///
    ///     R = 76309·y              + 104597·v
    ///     G = 76309·y −  25675·u −  53279·v
    ///     B = 76309·y + 132201·u
    ///
    /// - Parameters:
    ///   - bytes: rows from the top; bytes after the last row are ignored.
    ///   - width: pixels in a row; even.
    ///   - stride: bytes from one row to the next, at least 2 × width (`bytesperline`).
    /// - Throws: when the geometry makes no sense, or there are too few bytes for it.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer,
        width: Int,
        height: Int,
        stride: Int,
        into picture: inout Picture
    ) throws(ImagingError) {
        try Picture.check(width: width, height: height, of: "YUYV frame")
        guard width.isMultiple(of: 2) else {
            throw ImagingError("the YUYV frame is \(width) pixels wide, but pixels come in pairs")
        }
        guard stride >= width * 2, stride <= Int(Int32.max) else {
            throw ImagingError("the YUYV frame has \(stride) bytes a row, but \(width) pixels need \(width * 2)")
        }
        let needed = stride * (height - 1) + width * 2
        guard bytes.count >= needed else {
            throw ImagingError(
                "the YUYV frame has \(bytes.count) bytes, but \(width)×\(height) with \(stride) bytes a row needs \(needed)"
            )
        }
        picture.reshape(width: width, height: height)
        picture.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let pixels = pixels.baseAddress else {
                return
            }
            for row in 0..<height {
                convert(source + row * stride, pairs: width / 2, to: pixels + row * width * 3)
            }
        }
    }

    private static func convert(_ source: UnsafePointer<UInt8>, pairs: Int, to pixels: UnsafeMutablePointer<UInt8>) {
        for pair in 0..<pairs {
            let u = Int32(source[pair * 4 + 1]) &- 128
            let v = Int32(source[pair * 4 + 3]) &- 128
            let red = 104_597 &* v &+ 32_768
            let green = -25_675 &* u &- 53_279 &* v &+ 32_768
            let blue = 132_201 &* u &+ 32_768
            for pixel in 0..<2 {
                let luma = 76_309 &* (Int32(source[pair * 4 + pixel * 2]) &- 16)
                let target = pixels + pair * 6 + pixel * 3
                target[0] = clamped((luma &+ red) >> 16)
                target[1] = clamped((luma &+ green) >> 16)
                target[2] = clamped((luma &+ blue) >> 16)
            }
        }
    }

    private static func clamped(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, value)))
    }
}
