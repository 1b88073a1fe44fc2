/// Crops straight from the samples of a frame, each component resized by itself (``ComponentResampler``), and colours
/// converted at the crops' size. Squares, weights and matrix are those of the exact way, and so are the results but for
/// rounding, which happens once here and three times there, and for colours outside of RGB, which the exact way clamps
/// in every pixel before it takes means.
extension Preprocessor {
    /// The least shorter side of a smaller picture of a frame of which crops are as good as of the frame: a third more
    /// than the crops' side, so that there is something to take means of.
    public var leastShorterSide: Int { (side * 4 + 2) / 3 }

    /// Makes the crops of an uncompressed frame. See ``crops(of:layout:view:into:)-(UnsafeRawBufferPointer,_,_,_)``.
    public func crops(
        of bytes: [UInt8],
        layout: RawLayout,
        view: View,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            try self.crops(of: UnsafeRawBufferPointer(bytes), layout: layout, view: view, into: &crops)
        }
    }

    /// Makes the crops of an uncompressed frame without converting all of it: what ``RawPicture`` and then
    /// ``crops(of:view:into:)`` make of it, but for rounding.
    ///
    /// - Parameter crops: as with ``crops(of:view:into:)``.
    /// - Throws: when the layout makes no sense, there are too few bytes for it, or the frame is too long and thin for
    ///   view `full`.
    public func crops(
        of bytes: UnsafeRawBufferPointer,
        layout: RawLayout,
        view: View,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        let (width, height) = (layout.width, layout.height)
        try self.crops(of: bytes, layout: layout, frameWidth: width, frameHeight: height, view: view, into: &crops)
    }

    /// The same of samples that show a frame with fewer pixels.
    func crops(
        of bytes: UnsafeRawBufferPointer,
        layout: RawLayout,
        frameWidth: Int,
        frameHeight: Int,
        view: View,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        try layout.check(byteCount: bytes.count)
        let cut = try cut(view: view, width: frameWidth, height: frameHeight)
        guard let source = bytes.bindMemory(to: UInt8.self).baseAddress, resampler.prepare(cut, layout) else {
            guard layout.width == frameWidth, layout.height == frameHeight else {
                throw ImagingError(
                    "the picture is \(layout.width)×\(layout.height), too large for crops of \(side)×\(side)"
                )
            }
            // Larger than any camera's.
            var picture = Picture()
            try RawPicture.decode(bytes, layout, into: &picture)
            return try self.crops(of: picture, view: view, into: &crops)
        }
        resample(source, layout, cut, into: &crops)
    }

    /// Makes the crops of a frame of which `picture` shows all with fewer pixels, as
    /// ``JPEGDecoder/decode(_:into:shorterSideAtLeast:)-(UnsafeRawBufferPointer,_,_)`` gives it.
    ///
    /// The squares are those of the frame, wherever the picture's size had to be rounded.
    ///
    /// - Parameters:
    ///   - frameWidth: the frame's own width in pixels, at least the picture's.
    ///   - frameHeight: the frame's own height in pixels, at least the picture's.
    ///   - crops: as with ``crops(of:view:into:)``.
    /// - Throws: when the picture has no pixels or more than the frame, or the frame is too long and thin for view
    ///   `full`.
    public func crops(
        of picture: borrowing Picture,
        frameWidth: Int,
        frameHeight: Int,
        view: View,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        try picture.check()
        let (width, height) = (picture.width, picture.height)
        let cut = try cut(view: view, width: frameWidth, height: frameHeight)
        guard width <= frameWidth, height <= frameHeight else {
            throw ImagingError("a picture of \(width)×\(height) does not show a frame of \(frameWidth)×\(frameHeight)")
        }
        let layout = RawLayout(format: .rgb24, width: width, height: height, stride: width * 3, range: .full)
        guard resampler.prepare(cut, layout) else {
            guard width == frameWidth, height == frameHeight else {
                throw ImagingError("the picture is \(width)×\(height), too large for crops of \(side)×\(side)")
            }
            return try self.crops(of: picture, view: view, into: &crops)
        }
        picture.pixels.withUnsafeBufferPointer { pixels in
            if let source = pixels.baseAddress { resample(source, layout, cut, into: &crops) }
        }
    }

    private func cut(view: View, width: Int, height: Int) throws(ImagingError) -> Cut {
        if let cut = resampler.cut, cut.view == view, cut.width == width, cut.height == height {
            return cut
        }
        return try Cut(view: view, width: width, height: height, side: side)
    }

    private func resample(
        _ source: UnsafePointer<UInt8>,
        _ layout: RawLayout,
        _ cut: Cut,
        into crops: inout [[UInt8]]
    ) {
        let width = cut.across.range.count
        resampled.resize(to: width * cut.down.range.count * 3)
        resampled.withUnsafeMutableBufferPointer { target in
            if let target = target.baseAddress { resampler.resize(source, layout, into: target) }
        }
        shape(&crops, count: cut.offsets.count)
        resampled.withUnsafeBufferPointer {
            copy($0, rowLength: width * 3, begin: cut.span.lowerBound, cut, into: &crops)
        }
    }
}
