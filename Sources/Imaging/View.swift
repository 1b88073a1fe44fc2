/// How a frame is cut into the squares that an encoder sees.
///
/// Both views resize the frame so that its shorter side is the model's side, then cut squares of that side.
///
/// `center` is the published preprocessing: one square from the middle, and what lies outside is not seen.
///
/// `full` shows all of the frame: squares evenly spaced along the longer side, from edge to edge, as few as overlap by at
/// least an eighth of their side, so that something on a seam is whole in one of them. With s the side and L the longer
/// side after resizing, n = ⌈(L − s/8) / (s − s/8)⌉, and square i begins at i·(L − s)/(n − 1), rounded (halves up).
/// A square frame is one square. For s = 256:
///
/// | frame | example | L | squares | begin at | overlap |
/// |---|---|---|---|---|---|
/// | 4:3 | 640×480 | 341 | 2 | 0, 85 | 171 (67 %) |
/// | 16:9 | 1280×720 | 455 | 2 | 0, 199 | 57 (22 %) |
/// | 2:1 | 1440×720 | 512 | 3 | 0, 128, 256 | 128 (50 %) |
/// | 21:9 | 1680×720 | 597 | 3 | 0, 171, 341 | 85 and 86 (33 %) |
/// | 9:16 | 720×1280 | 455 | 2 | 0, 199 from the top | 57 (22 %) |
///
/// More than ``maximumSquareCount`` squares are refused: such a frame is a strip, not a scene.
public enum View: String, Sendable, CaseIterable {
    case center
    case full

    /// The most squares that `full` cuts a frame into.
    public static let maximumSquareCount = 16
}

/// A square of a frame, in the frame's own pixels, rounded: what to tell people about where something was seen.
public struct Square: Sendable, Equatable {
    /// Pixels from the frame's left edge.
    public var x: Int
    /// Pixels from the frame's top edge.
    public var y: Int
    /// Pixels across and down.
    public var side: Int

    /// A square with its top left corner at (`x`, `y`).
    public init(x: Int, y: Int, side: Int) {
        self.x = x
        self.y = y
        self.side = side
    }
}

/// The geometry of one view of frames of one size: integers only, no pixels.
struct Cut: Equatable {
    let view: View
    let width: Int
    let height: Int
    let side: Int
    /// The longer side after the shorter one was resized to `side`.
    let resizedLength: Int
    /// Where the squares begin along the longer side of the resized frame; ascending.
    let offsets: [Int]

    var isTall: Bool { height > width }
    var needsResizing: Bool { min(width, height) != side }
    /// The part of the resized frame's longer side that squares cover.
    var span: Range<Int> { offsets[0]..<offsets[offsets.count - 1] + side }

    /// The length of the resized frame from left to right, and the part of it that squares cover.
    var across: (length: Int, range: Range<Int>) { isTall ? (side, 0..<side) : (resizedLength, span) }
    /// The same from top to bottom.
    var down: (length: Int, range: Range<Int>) { isTall ? (resizedLength, span) : (side, 0..<side) }

    /// - Throws: when the frame is empty, too large, or for `full` too long and thin.
    init(view: View, width: Int, height: Int, side: Int) throws(ImagingError) {
        try Picture.check(width: width, height: height, of: "picture")
        self.view = view
        self.width = width
        self.height = height
        self.side = side
        // Truncated, as torchvision does.
        resizedLength = side * max(width, height) / min(width, height)
        let spare = resizedLength - side
        switch view {
        case .center:
            // Half of the rest; a half pixel goes to the even number, as Python rounds.
            let half = spare / 2
            offsets = [spare.isMultiple(of: 2) || half.isMultiple(of: 2) ? half : half + 1]
        case .full:
            let overlap = side / 8
            let step = side - overlap
            let count = (resizedLength - overlap + step - 1) / step
            guard count <= View.maximumSquareCount else {
                throw ImagingError(
                    "the picture is \(width)×\(height): it is too long and thin for view full; use center"
                )
            }
            let gaps = count - 1
            offsets = count == 1 ? [0] : (0..<count).map { (2 * $0 * spare + gaps) / (2 * gaps) }
        }
    }

    /// The squares in the frame's pixels: where they begin in the way from edge to edge is kept.
    var squares: [Square] {
        let (short, long) = (min(width, height), max(width, height))
        let spare = max(resizedLength - side, 1)
        return offsets.map { offset in
            let begin = (2 * offset * (long - short) + spare) / (2 * spare)
            return isTall ? Square(x: 0, y: begin, side: short) : Square(x: begin, y: 0, side: short)
        }
    }
}
