/// A named rectangle of a camera's pictures, in shares of them, so that it is the same whatever size the camera gives.
///
/// Its edges are put on the nearest pixel that is a multiple of ``grid``, or on the picture's own edge. So chroma that
/// pixels share is never cut in two, and a JPEG that is decoded at an eighth of its size still has the edge between two
/// of its pixels: a region is a frame by itself, and what holds for frames holds for it. Regions that meet in the
/// configuration meet in the picture.
public struct Region: Sendable, Hashable {
    /// Pixels between two places where an edge may lie: the side of a JPEG's blocks.
    public static let grid = 8
    /// The least pixels across and down.
    public static let leastSide = 16
    /// How many times as long as broad it may be.
    public static let mostElongated = 14
    /// What all of a picture is in the units of shares.
    public static let whole = 10_000

    /// What it is called.
    public var name: String
    /// From the picture's left edge, in ten-thousandths of its width.
    public var left: Int
    /// From the picture's top edge, in ten-thousandths of its height.
    public var top: Int
    /// In ten-thousandths of the picture's width.
    public var width: Int
    /// In ten-thousandths of the picture's height.
    public var height: Int

    /// Takes values as they are.
    public init(name: String, left: Int, top: Int, width: Int, height: Int) {
        self.name = name
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// Its pixels in pictures of a size.
    ///
    /// - Throws: when it reaches out of the picture, or is too small, or too long and thin, to be looked at.
    public func rectangle(inWidth pictureWidth: Int, height pictureHeight: Int) throws(ImagingError) -> Rectangle {
        try Picture.check(width: pictureWidth, height: pictureHeight, of: "picture")
        guard left >= 0, top >= 0, width > 0, height > 0, left + width <= Self.whole, top + height <= Self.whole else {
            throw ImagingError("the region \(name) reaches out of the picture")
        }
        let x = Self.edge(left, of: pictureWidth)
        let y = Self.edge(top, of: pictureHeight)
        let rectangle = Rectangle(
            x: x,
            y: y,
            width: Self.edge(left + width, of: pictureWidth) - x,
            height: Self.edge(top + height, of: pictureHeight) - y
        )
        let (short, long) = (min(rectangle.width, rectangle.height), max(rectangle.width, rectangle.height))
        let words = "\(rectangle.width)×\(rectangle.height) of \(pictureWidth)×\(pictureHeight) pixels"
        guard short >= Self.leastSide else {
            let least = "\(Self.leastSide)×\(Self.leastSide)"
            throw ImagingError("the region \(name) is \(words): it must be \(least) at least")
        }
        guard long <= short * Self.mostElongated else {
            throw ImagingError("the region \(name) is \(words): too long and thin to be looked at; divide it")
        }
        return rectangle
    }

    /// Where an edge lies: halves go up.
    private static func edge(_ share: Int, of length: Int) -> Int {
        guard share < whole else { return length }
        return min(length, (2 * share * length + whole * grid) / (2 * whole * grid) * grid)
    }
}

/// A rectangle of a picture, in its pixels.
public struct Rectangle: Sendable, Hashable {
    /// From the picture's left edge.
    public var x: Int
    /// From the picture's top edge.
    public var y: Int
    /// Across.
    public var width: Int
    /// Down.
    public var height: Int

    /// Takes values as they are.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The same part of a picture that was made as many eighths as large, sizes rounded up.
    func scaled(toEighths eighths: Int) -> Rectangle {
        func scaled(_ length: Int) -> Int { (length * eighths + 7) / 8 }
        return Rectangle(x: scaled(x), y: scaled(y), width: scaled(width), height: scaled(height))
    }
}
