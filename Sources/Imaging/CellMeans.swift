/// The mean colours of a crop in a grid of 32 × 32 cells: enough to tell whether a picture has changed, is dark, or shows
/// nothing.
///
/// A cell of a crop of side s goes from pixel ⌊i·s/32⌋ to ⌊(i+1)·s/32⌋, across and down: 7 or 8 pixels for the sides of
/// 224 and 256. Of crops with fewer than 32 pixels, cells share them.
public struct CellMeans: Sendable, Equatable {
    /// Cells across and down.
    public static let gridSide = 32
    /// The largest side of a crop.
    public static let maximumSide = 4096

    /// 32 × 32 × 3 bytes: the means of red, green and blue of the top left cell first, rounded (halves up).
    public private(set) var means = [UInt8](repeating: 0, count: gridSide * gridSide * 3)

    /// The sums of each column's channels over the rows of one cell.
    private var sums: [UInt16] = []

    /// The means of a black crop, to be measured into.
    public init() {}

    /// The means of a crop.
    ///
    /// - Throws: as ``measure(_:side:)``.
    public init(crop: [UInt8], side: Int) throws(ImagingError) {
        try measure(crop, side: side)
    }

    /// Takes the means of another crop. Takes no memory when the side is the one that it was before, and no copy of this
    /// value has been kept since.
    ///
    /// - Parameter crop: side × side × 3 bytes in RGB, row-major, as ``Preprocessor`` makes them.
    /// - Throws: when there are not as many bytes, or the side is not in 1…``maximumSide``.
    public mutating func measure(_ crop: [UInt8], side: Int) throws(ImagingError) {
        guard side >= 1, side <= Self.maximumSide, crop.count == side * side * 3 else {
            throw ImagingError("\(crop.count) bytes cannot be a crop of \(side)×\(side) in RGB")
        }
        sums.resize(to: side * 3)
        crop.withUnsafeBufferPointer { crop in
            sums.withUnsafeMutableBufferPointer { sums in
                means.withUnsafeMutableBufferPointer { means in
                    guard let crop = crop.baseAddress, let sums = sums.baseAddress, let means = means.baseAddress else {
                        return
                    }
                    for index in 0..<Self.gridSide {
                        let rows = Self.cell(index, side: side)
                        Self.add(crop, rows, rowLength: side * 3, into: sums)
                        Self.divide(sums, rows: rows.count, side: side, into: means + index * Self.gridSide * 3)
                    }
                }
            }
        }
    }

    /// The pixels of a cell along one axis; at least one.
    private static func cell(_ index: Int, side: Int) -> Range<Int> {
        let begin = index * side / gridSide
        return begin..<max(begin + 1, (index + 1) * side / gridSide)
    }

    /// Adds up rows: a cell has at most 128 of them, so that sums stay below 2¹⁶.
    private static func add(
        _ crop: UnsafePointer<UInt8>,
        _ rows: Range<Int>,
        rowLength: Int,
        into sums: UnsafeMutablePointer<UInt16>
    ) {
        sums.update(repeating: 0, count: rowLength)
        for row in rows {
            let pixels = crop + row * rowLength
            for column in 0..<rowLength {
                sums[column] &+= UInt16(pixels[column])
            }
        }
    }

    private static func divide(
        _ sums: UnsafePointer<UInt16>,
        rows: Int,
        side: Int,
        into means: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<gridSide {
            let columns = cell(index, side: side)
            let count = UInt32(columns.count &* rows)
            var (red, green, blue) = (count / 2, count / 2, count / 2)
            for column in columns {
                red &+= UInt32(sums[column &* 3])
                green &+= UInt32(sums[column &* 3 &+ 1])
                blue &+= UInt32(sums[column &* 3 &+ 2])
            }
            means[index &* 3] = UInt8(truncatingIfNeeded: red / count)
            means[index &* 3 &+ 1] = UInt8(truncatingIfNeeded: green / count)
            means[index &* 3 &+ 2] = UInt8(truncatingIfNeeded: blue / count)
        }
    }

    /// Whether both have the same means, whatever the side of their crops.
    public static func == (first: CellMeans, second: CellMeans) -> Bool {
        first.means == second.means
    }
}

extension CellMeans {
    /// The largest difference of any channel of any cell, 0 to 255.
    public func largestDifference(from other: CellMeans) -> Int {
        var largest: UInt8 = 0
        means.withUnsafeBufferPointer { means in
            other.means.withUnsafeBufferPointer { others in
                for index in 0..<min(means.count, others.count) {
                    largest = max(largest, Self.difference(means[index], others[index]))
                }
            }
        }
        return Int(largest)
    }

    /// The mean luma of all cells, 0 to 255.
    public var meanLuma: Double {
        var sum = 0
        forEachLuma { sum += $0 }
        return Double(sum) / Double(Self.gridSide * Self.gridSide)
    }

    /// How far the lumas of cells are apart, 0 to 255, but for the darkest and the brightest 2 %: little when a picture
    /// is uniform, as with a covered lens.
    ///
    /// Of the 1024 lumas in ascending order it is the 1004th less the 21st.
    public var lumaSpread: Int {
        let count = Self.gridSide * Self.gridSide
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { cells in
            cells.initialize(repeating: 0)
            forEachLuma { cells[$0] += 1 }
            func luma(ofRank rank: Int) -> Int {
                var passed = 0
                return cells.firstIndex { number in
                    passed += number
                    return passed > rank
                } ?? 255
            }
            let rank = count / 50
            return luma(ofRank: count - 1 - rank) - luma(ofRank: rank)
        }
    }

    /// Luma by BT.601 in 256ths, rounded.
    private func forEachLuma(_ body: (Int) -> Void) {
        means.withUnsafeBufferPointer { means in
            for cell in 0..<means.count / 3 {
                let (red, green, blue) = (Int(means[cell * 3]), Int(means[cell * 3 + 1]), Int(means[cell * 3 + 2]))
                body((77 * red + 150 * green + 29 * blue + 128) >> 8)
            }
        }
    }

    @inline(__always)
    private static func difference(_ first: UInt8, _ second: UInt8) -> UInt8 {
        max(first, second) &- min(first, second)
    }
}
