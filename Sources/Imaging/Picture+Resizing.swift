extension Picture {
    /// The picture in another size, by antialiased bilinear (``ResamplingAxis``).
    ///
    /// - Throws: when either size has no pixels, the new one too many, or a side is to become less than an 8000th.
    public func resized(width: Int, height: Int) throws(ImagingError) -> Picture {
        try check()
        try Picture.check(width: width, height: height, of: "picture")
        if width == self.width, height == self.height { return self }
        guard self.width <= ResamplingAxis.mostShrinking * width, self.height <= ResamplingAxis.mostShrinking * height
        else {
            throw ImagingError("the picture is \(self.width)×\(self.height), too large to become \(width)×\(height)")
        }
        var columns = ResamplingAxis()
        var rows = ResamplingAxis()
        columns.prepare(source: self.width, target: width, range: 0..<width)
        rows.prepare(source: self.height, target: height, range: 0..<height)
        var across = [UInt8](repeating: 0, count: rows.sources.count * width * 3)
        var sums = [Int32](repeating: 0, count: width * 3)
        var result = Picture()
        result.reshape(width: width, height: height)
        let stride = self.width * 3
        pixels.withUnsafeBufferPointer { pixels in
            across.withUnsafeMutableBufferPointer { across in
                sums.withUnsafeMutableBufferPointer { sums in
                    result.pixels.withUnsafeMutableBufferPointer { target in
                        guard let source = pixels.baseAddress, let across = across.baseAddress,
                            let sums = sums.baseAddress, let target = target.baseAddress
                        else { return }
                        columns.resizeRows(
                            source + rows.sources.lowerBound * stride,
                            stride: stride,
                            rowCount: rows.sources.count,
                            into: across
                        )
                        rows.resizeColumns(across, rowLength: width * 3, sums: sums, into: target)
                    }
                }
            }
        }
        return result
    }

    /// The picture at most so wide and high, in its own proportions: smaller, never larger.
    public func resized(within width: Int, _ height: Int) throws(ImagingError) -> Picture {
        try check()
        let scale = min(Double(width) / Double(self.width), Double(height) / Double(self.height))
        guard scale < 1 else { return self }
        let scaled = { (length: Int) in max(1, Int((Double(length) * scale).rounded())) }
        return try resized(width: scaled(self.width), height: scaled(self.height))
    }
}
