/// The weights that resize pictures along one axis: antialiased bilinear, in Pillow's fixed-point arithmetic.
///
/// Each target pixel is a weighted mean of the source pixels under a triangle around its centre, as wide as two source
/// pixels, or two target pixels when shrinking. Weights are computed and normalised in Double, then rounded to multiples
/// of 2⁻²²; sums are integers, begin at one half and are cut to 8 bits after each axis. So results are the same on every
/// host, and the same as `Image.resize(size, BILINEAR)` gives.
struct ResamplingAxis {
    static let precision: Int32 = 22
    /// The most source pixels to a target pixel. The squares of a ``View`` stay below: the shorter side of a picture of
    /// 10⁸ pixels has at most 10⁴, and becomes at least 8.
    static let mostShrinking = 8000
    private static let half: Int32 = 1 << (precision - 1)

    /// The source pixels that one target pixel is made of.
    private struct Taps {
        var first: Int32
        var count: Int32
        /// Where their weights begin in `weights`.
        var weights: Int32
    }

    /// The source pixels that the targets need, as a range over all of them.
    private(set) var sources = 0..<0
    private var taps: [Taps] = []
    private var weights: [Int32] = []
    private var exact: [Double] = []

    /// Takes the weights for resizing `source` pixels to `target`, of which only those in `range` are wanted.
    ///
    /// - Parameter length: how long the source really is, where its last pixel shows a part of one only; at most a pixel
    ///   less than `source`.
    mutating func prepare(source: Int, length: Double? = nil, target: Int, range: Range<Int>) {
        let scale = (length ?? Double(source)) / Double(target)
        let support = max(scale, 1)
        taps.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        for index in range {
            let center = (Double(index) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let end = min(source, Int(center + support + 0.5))
            exact.removeAll(keepingCapacity: true)
            var sum = 0.0
            for position in first..<end {
                let distance = abs((Double(position) - center + 0.5) * (1 / support))
                let weight = distance < 1 ? 1 - distance : 0
                exact.append(weight)
                sum += weight
            }
            taps.append(Taps(first: Int32(first), count: Int32(end - first), weights: Int32(weights.count)))
            for weight in exact {
                // No weight is negative, and at most n = 2 · 8000 + 1 share a target. Rounded, they add up to 2²² ± n/2:
                // a sum stays below 2³¹, and as 255 · n/2 < 2²¹, rounding cannot move a mean of 255.
                weights.append(Int32((sum == 0 ? weight : weight / sum) * Double(1 << Self.precision) + 0.5))
            }
        }
        let first = taps.first.map { Int($0.first) } ?? 0
        sources = first..<(taps.last.map { Int($0.first + $0.count) } ?? first)
    }

    /// Hands over the weights target by target, each with the source pixel to which the first one belongs.
    func forEachTarget(_ body: (_ first: Int, _ weights: ArraySlice<Int32>) -> Void) {
        for tap in taps {
            body(Int(tap.first), weights[Int(tap.weights)..<Int(tap.weights + tap.count)])
        }
    }

    /// Resizes rows of RGB pixels: `rowCount` rows from `source`, `stride` bytes apart, to rows without padding.
    func resizeRows(
        _ source: UnsafePointer<UInt8>,
        stride: Int,
        rowCount: Int,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        taps.withUnsafeBufferPointer { taps in
            weights.withUnsafeBufferPointer { weights in
                guard let allWeights = weights.baseAddress else {
                    return
                }
                var output = target
                for row in 0..<rowCount {
                    let pixels = source + row * stride
                    for tap in taps {
                        var input = pixels + Int(tap.first) * 3
                        let weights = allWeights + Int(tap.weights)
                        var (red, green, blue) = (Self.half, Self.half, Self.half)
                        for index in 0..<Int(tap.count) {
                            let weight = weights[index]
                            red &+= Int32(input[0]) &* weight
                            green &+= Int32(input[1]) &* weight
                            blue &+= Int32(input[2]) &* weight
                            input += 3
                        }
                        output[0] = UInt8(truncatingIfNeeded: red >> Self.precision)
                        output[1] = UInt8(truncatingIfNeeded: green >> Self.precision)
                        output[2] = UInt8(truncatingIfNeeded: blue >> Self.precision)
                        output += 3
                    }
                }
            }
        }
    }

    /// Resizes columns: rows of `rowLength` bytes without padding, of which `source` is the first in `sources`.
    ///
    /// - Parameter sums: room for `rowLength` sums.
    func resizeColumns(
        _ source: UnsafePointer<UInt8>,
        rowLength: Int,
        sums: UnsafeMutablePointer<Int32>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        weights.withUnsafeBufferPointer { weights in
            var output = target
            for tap in taps {
                sums.update(repeating: Self.half, count: rowLength)
                for index in 0..<Int(tap.count) {
                    let weight = weights[Int(tap.weights) + index]
                    let input = source + (Int(tap.first) + index - sources.lowerBound) * rowLength
                    for column in 0..<rowLength {
                        sums[column] &+= Int32(input[column]) &* weight
                    }
                }
                for column in 0..<rowLength {
                    output[column] = UInt8(truncatingIfNeeded: sums[column] >> Self.precision)
                }
                output += rowLength
            }
        }
    }
}
