/// Makes crops of the regions of frames: each is cut into squares as view `full` cuts a frame, so that all of it is seen
/// and nothing beside it. One per thread, as ``Preprocessor``.
public final class RegionPreprocessor {
    /// In whose order crops come.
    public let regions: [Region]
    /// The side of every crop in pixels.
    public let side: Int
    /// Of each crop that was made last, the name of its region.
    public private(set) var names: [String] = []
    /// Of each crop that was made last, where it lies in the frame.
    public private(set) var squares: [Square] = []

    /// One of each region, since each has tables of its own.
    private let preprocessors: [Preprocessor]
    private var parts: [[[UInt8]]]
    private var rectangles: [Rectangle] = []
    private var size = (width: 0, height: 0)

    /// - Parameter side: as for ``Preprocessor``.
    public init(side: Int, regions: [Region]) {
        self.side = side
        self.regions = regions
        preprocessors = regions.map { _ in Preprocessor(side: side) }
        parts = regions.map { _ in [] }
    }

    /// The least shorter side of a smaller picture of a frame of which the crops of all regions are as good as of the
    /// frame; at most a picture of the frame's own size helps.
    public func leastShorterSide(ofWidth width: Int, height: Int) -> Int {
        let shorter = min(width, height)
        guard let least = preprocessors.first?.leastShorterSide, (try? measure(width: width, height: height)) != nil,
            let shortest = rectangles.map({ min($0.width, $0.height) }).min()
        else { return shorter }
        return (least * shorter + shortest - 1) / shortest
    }

    /// Makes the crops of an uncompressed frame.
    ///
    /// - Parameter crops: one array a square, region after region; see ``Preprocessor/crops(of:view:into:)``.
    /// - Throws: when the layout makes no sense, there are too few bytes for it, or a region cannot be looked at in
    ///   pictures of this size.
    public func crops(of bytes: [UInt8], layout: RawLayout, into crops: inout [[UInt8]]) throws(ImagingError) {
        try layout.check(byteCount: bytes.count)
        try measure(width: layout.width, height: layout.height)
        try bytes.withUnsafeBufferPointer { bytes throws(ImagingError) in
            for index in regions.indices {
                try preprocessors[index].crops(
                    of: UnsafeRawBufferPointer(bytes),
                    layout: layout.part(rectangles[index]),
                    view: .full,
                    into: &parts[index]
                )
            }
        }
        gather(into: &crops)
    }

    /// Makes the crops of a frame of which `picture` shows all, perhaps at some eighths of its size, as ``JPEGDecoder``
    /// gives it.
    ///
    /// - Parameters:
    ///   - frameWidth: the frame's own width in pixels.
    ///   - frameHeight: the frame's own height in pixels.
    ///   - crops: one array a square, region after region; see ``Preprocessor/crops(of:view:into:)``.
    /// - Throws: when the picture has no pixels or does not show such a frame, or a region cannot be looked at in frames of
    ///   this size.
    public func crops(
        of picture: borrowing Picture,
        frameWidth: Int,
        frameHeight: Int,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        try picture.check()
        try measure(width: frameWidth, height: frameHeight)
        let whole = Rectangle(x: 0, y: 0, width: frameWidth, height: frameHeight)
        let (width, height) = (picture.width, picture.height)
        let eighths = (1...8).reversed().first { eighths in
            let scaled = whole.scaled(toEighths: eighths)
            return scaled.width == width && scaled.height == height
        }
        guard let eighths else {
            throw ImagingError("a picture of \(width)×\(height) does not show a frame of \(frameWidth)×\(frameHeight)")
        }
        let layout = RawLayout(format: .rgb24, width: width, height: height, stride: width * 3, range: .full)
        try picture.pixels.withUnsafeBufferPointer { pixels throws(ImagingError) in
            for index in regions.indices {
                let rectangle = rectangles[index]
                try preprocessors[index].crops(
                    of: UnsafeRawBufferPointer(pixels),
                    layout: layout.part(rectangle.scaled(toEighths: eighths)),
                    frameWidth: rectangle.width,
                    frameHeight: rectangle.height,
                    view: .full,
                    into: &parts[index]
                )
            }
        }
        gather(into: &crops)
    }

    /// Finds out where the regions lie in frames of a size, unless the last one will do.
    private func measure(width: Int, height: Int) throws(ImagingError) {
        guard size != (width, height) else { return }
        size = (0, 0)
        rectangles.removeAll()
        (names, squares) = ([], [])
        for (region, preprocessor) in zip(regions, preprocessors) {
            let rectangle = try region.rectangle(inWidth: width, height: height)
            rectangles.append(rectangle)
            for square in preprocessor.squares(of: .full, width: rectangle.width, height: rectangle.height) {
                names.append(region.name)
                squares.append(Square(x: rectangle.x + square.x, y: rectangle.y + square.y, side: square.side))
            }
        }
        size = (width, height)
    }

    /// Hands over the parts' crops, and takes the arrays that were there for the next ones.
    private func gather(into crops: inout [[UInt8]]) {
        let count = parts.reduce(0) { $0 + $1.count }
        if crops.count > count { crops.removeLast(crops.count - count) }
        while crops.count < count { crops.append([]) }
        var next = 0
        for part in parts.indices {
            for index in parts[part].indices {
                swap(&crops[next], &parts[part][index])
                next += 1
            }
        }
    }
}

extension RawLayout {
    /// The layout of a part alone, in the same bytes.
    ///
    /// - Parameter rectangle: inside the frame, with x and y even.
    func part(_ rectangle: Rectangle) -> RawLayout {
        var part = self
        part.width = rectangle.width
        part.height = rectangle.height
        for (index, plane) in planes.enumerated() {
            guard let component = format.components.first(where: { $0.plane == index }) else { continue }
            let column = component.isHalved ? rectangle.x / 2 : rectangle.x
            let row = index == 0 ? rectangle.y : rectangle.y / 2
            part.planes[index].offset = plane.offset + row * plane.stride + column * component.step
        }
        return part
    }
}
