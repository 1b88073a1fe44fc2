/// Uncompressed frames as pictures.
public enum RawPicture {
    /// Converts one frame to RGB. See ``decode(_:_:into:)-(UnsafeRawBufferPointer,_,_)``.
    public static func decode(_ bytes: [UInt8], _ layout: RawLayout, into picture: inout Picture) throws(ImagingError) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try decode(UnsafeRawBufferPointer(bytes), layout, into: &picture)
        }
    }

    /// Converts one frame to RGB, every pixel by itself: those that share U and V take them as they are, grey becomes
    /// three equal channels, and RGB of limited range is expanded. The result is the same on every host
    /// (``ColorConversion`` has the arithmetic).
    ///
    /// - Throws: when the layout makes no sense, or there are too few bytes for it; see ``RawLayout/check(byteCount:)``.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer,
        _ layout: RawLayout,
        into picture: inout Picture
    ) throws(ImagingError) {
        try layout.check(byteCount: bytes.count)
        picture.reshape(width: layout.width, height: layout.height)
        let conversion = ColorConversion(matrix: layout.matrix, range: layout.range)
        let components = layout.format.components
        picture.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, let pixels = pixels.baseAddress else {
                return
            }
            for row in 0..<layout.height {
                let target = pixels + row * layout.width * 3
                func samples(_ index: Int) -> Samples {
                    let component = components[index]
                    let plane = layout.planes[component.plane]
                    let planeRow = component.plane == 0 ? row : row / 2
                    return Samples(
                        first: source + plane.offset + planeRow * plane.stride + component.offset,
                        step: component.step
                    )
                }
                if layout.format == .grey {
                    spread(samples(0), conversion, width: layout.width, to: target)
                } else if layout.format.isRGB {
                    for channel in 0..<3 {
                        expand(samples(channel), conversion, width: layout.width, to: target + channel)
                    }
                } else {
                    convert(samples(0), samples(1), samples(2), conversion, width: layout.width, to: target)
                }
            }
        }
    }

    /// The samples of one component in one row.
    private struct Samples {
        let first: UnsafePointer<UInt8>
        let step: Int

        @inline(__always)
        subscript(index: Int) -> Int { Int(first[index &* step]) }
    }

    private static func convert(
        _ luma: Samples,
        _ u: Samples,
        _ v: Samples,
        _ conversion: ColorConversion,
        width: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        for pair in 0..<width / 2 {
            let (u, v) = (u[pair], v[pair])
            conversion.convert(luma[pair &* 2], u, v, bits: 0, to: target + pair &* 6)
            conversion.convert(luma[pair &* 2 &+ 1], u, v, bits: 0, to: target + (pair &* 6 &+ 3))
        }
        if !width.isMultiple(of: 2) {
            let last = width - 1
            conversion.convert(luma[last], u[last / 2], v[last / 2], bits: 0, to: target + last * 3)
        }
    }

    private static func spread(
        _ luma: Samples,
        _ conversion: ColorConversion,
        width: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        for column in 0..<width {
            let value = conversion.expand(luma[column], bits: 0)
            target[column &* 3] = value
            target[column &* 3 &+ 1] = value
            target[column &* 3 &+ 2] = value
        }
    }

    private static func expand(
        _ channel: Samples,
        _ conversion: ColorConversion,
        width: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) {
        for column in 0..<width {
            target[column &* 3] = conversion.expand(channel[column], bits: 0)
        }
    }
}
