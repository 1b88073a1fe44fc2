/// Makes of a picture the squares that an encoder sees, exactly as the published preprocessing does: the shorter side
/// resized to the model's side by antialiased bilinear (``ResamplingAxis``), then cut (``View``).
///
/// One per thread. It keeps tables and memory between pictures, and takes no memory while sizes and view stay the same.
/// Only the part of the resized picture that is cut out is computed. A picture whose shorter side is the model's already
/// is only cut.
public final class Preprocessor {
    /// The side of every crop in pixels: 256, or 224 for the B and L-14 models.
    public let side: Int

    private var cut: Cut?
    /// Makes crops without a picture of the frame's size; see Preprocessor+Components.swift.
    var resampler = ComponentResampler()
    /// The part of the resized frame that it makes.
    var resampled: [UInt8] = []
    private var columns = ResamplingAxis()
    private var rows = ResamplingAxis()
    /// The picture's needed rows after resizing across.
    private var across: [UInt8] = []
    /// The needed part of the resized picture.
    private var resized: [UInt8] = []
    private var sums: [Int32] = []

    /// A preprocessor for crops of `side` × `side` pixels.
    public init(side: Int) {
        precondition(side >= 8 && side <= 4096, "a model's side is a few hundred pixels")
        self.side = side
    }

    /// The squares that ``crops(of:view:into:)`` cuts a picture of this size into, in its own pixels and in that order;
    /// none when that refuses the size.
    public func squares(of view: View, width: Int, height: Int) -> [Square] {
        for cut in [cut, resampler.cut] {
            if let cut, cut.view == view, cut.width == width, cut.height == height {
                return cut.squares
            }
        }
        return (try? Cut(view: view, width: width, height: height, side: side))?.squares ?? []
    }

    /// Resizes and cuts `picture`.
    ///
    /// - Parameter crops: becomes one array a square, from left to right or top to bottom, each side × side × 3 bytes in
    ///   RGB, row-major. Arrays that have that length already are overwritten in place.
    /// - Throws: when the picture has no pixels, or is too long and thin for view `full`.
    public func crops(
        of picture: borrowing Picture,
        view: View,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        try picture.check()
        let cut = try prepare(view: view, width: picture.width, height: picture.height)
        shape(&crops, count: cut.offsets.count)
        if cut.needsResizing {
            picture.pixels.withUnsafeBufferPointer { resize($0, width: cut.width) }
            let rowLength = (cut.isTall ? side : cut.span.count) * 3
            resized.withUnsafeBufferPointer {
                copy($0, rowLength: rowLength, begin: cut.span.lowerBound, cut, into: &crops)
            }
        } else {
            picture.pixels.withUnsafeBufferPointer {
                copy($0, rowLength: cut.width * 3, begin: 0, cut, into: &crops)
            }
        }
    }

    private func prepare(view: View, width: Int, height: Int) throws(ImagingError) -> Cut {
        if let cut, cut.view == view, cut.width == width, cut.height == height {
            return cut
        }
        let cut = try Cut(view: view, width: width, height: height, side: side)
        if cut.needsResizing {
            // Both sides change or neither does: the longer one keeps its length only if the shorter one does.
            let (across, down) = (cut.across, cut.down)
            columns.prepare(source: width, target: across.length, range: across.range)
            rows.prepare(source: height, target: down.length, range: down.range)
            let (resizedWidth, resizedHeight) = (across.range.count, down.range.count)
            self.across.resize(to: rows.sources.count * resizedWidth * 3)
            resized.resize(to: resizedHeight * resizedWidth * 3)
            sums.resize(to: resizedWidth * 3)
        }
        self.cut = cut
        return cut
    }

    private func resize(_ pixels: UnsafeBufferPointer<UInt8>, width: Int) {
        let rowLength = sums.count
        across.withUnsafeMutableBufferPointer { across in
            resized.withUnsafeMutableBufferPointer { resized in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let source = pixels.baseAddress, let across = across.baseAddress,
                        let resized = resized.baseAddress, let sums = sums.baseAddress
                    else {
                        return
                    }
                    columns.resizeRows(
                        source + rows.sources.lowerBound * width * 3,
                        stride: width * 3,
                        rowCount: rows.sources.count,
                        into: across
                    )
                    rows.resizeColumns(across, rowLength: rowLength, sums: sums, into: resized)
                }
            }
        }
    }

    func shape(_ crops: inout [[UInt8]], count: Int) {
        let length = side * side * 3
        if crops.count > count {
            crops.removeLast(crops.count - count)
        }
        for index in crops.indices where crops[index].count != length {
            crops[index] = [UInt8](repeating: 0, count: length)
        }
        while crops.count < count {
            crops.append([UInt8](repeating: 0, count: length))
        }
    }

    /// Cuts the squares out of an image that shows the longer side from `begin` on.
    func copy(
        _ image: UnsafeBufferPointer<UInt8>,
        rowLength: Int,
        begin: Int,
        _ cut: Cut,
        into crops: inout [[UInt8]]
    ) {
        for (index, offset) in cut.offsets.enumerated() {
            let first = (offset - begin) * (cut.isTall ? rowLength : 3)
            crops[index].withUnsafeMutableBufferPointer { crop in
                guard let source = image.baseAddress, let target = crop.baseAddress else {
                    return
                }
                for row in 0..<side {
                    (target + row * side * 3).update(from: source + first + row * rowLength, count: side * 3)
                }
            }
        }
    }
}
