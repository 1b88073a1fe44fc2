/// The weights of a ``ResamplingAxis`` for the samples of one component, of which pixels may share one, as they do chroma.
///
/// A sample's weight is the sum of those of its pixels, so that what comes out is what resizing the pixels would give if
/// each had the value of its sample. Weights are rounded to multiples of 2⁻¹⁵ in such a way that
/// those of one target add up to exactly 1. Values are sums of 16 bits in units of 2⁻⁷: products are cut, for which each
/// sum begins with half a unit for each of them, so that a value is off by at most half a unit for each sample.
struct SampleAxis {
    /// The fraction's bits in values.
    static let valueBits = 7
    /// The most samples to a target. Two axes with no more are off by less than half a level together: black stays
    /// black, and white white.
    static let mostTaps = 60
    private static let one: Int64 = 1 << 15

    /// The samples that one target is made of.
    private struct Taps {
        var first: Int32
        var count: Int32
        /// Where their weights begin in `weights`.
        var weights: Int32
    }

    /// The samples that the targets need, as a range over all of them.
    private(set) var samples = 0..<0
    /// The most samples that one target has.
    private(set) var largestCount = 0
    private var taps: [Taps] = []
    private var weights: [UInt16] = []
    private var shares: [Int32] = []

    /// How many targets there are.
    var count: Int { taps.count }

    /// Takes the weights of `axis` for samples of `pixelsPerSample` pixels each; the last one may have fewer.
    mutating func prepare(_ axis: ResamplingAxis, pixelsPerSample: Int) {
        taps.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        largestCount = 0
        axis.forEachTarget { pixel, weights in
            let first = pixel / pixelsPerSample
            shares.removeAll(keepingCapacity: true)
            for (index, weight) in weights.enumerated() {
                if (pixel + index) / pixelsPerSample - first == shares.count { shares.append(0) }
                shares[shares.count - 1] += weight
            }
            append(first: first)
        }
        let first = taps.first.map { Int($0.first) } ?? 0
        samples = first..<(taps.last.map { Int($0.first + $0.count) } ?? first)
    }

    /// Takes `shares` as the weights of the next target.
    private mutating func append(first: Int) {
        taps.append(Taps(first: Int32(first), count: Int32(shares.count), weights: Int32(weights.count)))
        largestCount = max(largestCount, shares.count)
        let total = shares.reduce(0) { $0 + Int64($1) }
        var (sum, rounded): (Int64, Int64) = (0, 0)
        for share in shares {
            sum += Int64(share)
            let next = (sum * Self.one + total / 2) / total
            weights.append(UInt16(next - rounded))
            rounded = next
        }
    }

    /// Makes one row of values: target `index` of rows of samples `stride` bytes apart, the topmost of all at `source`.
    ///
    /// - Parameter count: samples in a row.
    func resizeColumns(
        to index: Int,
        _ source: UnsafePointer<UInt8>,
        stride: Int,
        count: Int,
        into target: UnsafeMutablePointer<UInt16>
    ) {
        let tap = taps[index]
        let tapCount = Int(tap.count)
        let source = source + Int(tap.first) * stride
        weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress.map({ $0 + Int(tap.weights) }) else {
                return
            }
            let start = UInt16(truncatingIfNeeded: tapCount / 2)
            var column = 0
            // Written lane by lane, since only so does the compiler find the one instruction for a product's upper half.
            while column &+ 16 <= count {
                var sums = SIMD16<UInt16>(repeating: start)
                var input = UnsafeRawPointer(source + column)
                for index in 0..<tapCount {
                    let samples = input.loadUnaligned(as: SIMD16<UInt8>.self)
                    let weight = weights[index]
                    var products = SIMD16<UInt16>()
                    for lane in 0..<16 {
                        products[lane] = Self.upperHalf(UInt16(samples[lane]) &<< 8, weight)
                    }
                    sums &+= products
                    input += stride
                }
                UnsafeMutableRawPointer(target + column).storeBytes(of: sums, as: SIMD16<UInt16>.self)
                column &+= 16
            }
            while column < count {
                var sum = start
                for index in 0..<tapCount {
                    sum &+= Self.upperHalf(UInt16(source[column &+ index &* stride]) &<< 8, weights[index])
                }
                target[column] = sum
                column &+= 1
            }
        }
    }

    /// Resizes sixteen rows of values at once, which lie side by side: sixteen values of one column, then of the next.
    ///
    /// - Parameters:
    ///   - source: the values of the first sample in `samples`.
    ///   - step: columns from one sample to the next.
    func resizeRows(
        _ source: UnsafePointer<UInt16>,
        step: Int,
        into target: UnsafeMutablePointer<UInt16>
    ) {
        weights.withUnsafeBufferPointer { allWeights in
            guard let allWeights = allWeights.baseAddress else {
                return
            }
            var output = UnsafeMutableRawPointer(target)
            for tap in taps {
                let weights = allWeights + Int(tap.weights)
                var sums = SIMD16<UInt16>(repeating: UInt16(truncatingIfNeeded: tap.count / 2))
                var input = UnsafeRawPointer(source + (Int(tap.first) &- samples.lowerBound) &* step &* 16)
                for index in 0..<Int(tap.count) {
                    let values = input.loadUnaligned(as: SIMD16<UInt16>.self)
                    let weight = weights[index]
                    var products = SIMD16<UInt16>()
                    for lane in 0..<16 {
                        products[lane] = Self.upperHalf(values[lane] &<< 1, weight)
                    }
                    sums &+= products
                    input += step &* 32
                }
                output.storeBytes(of: sums, as: SIMD16<UInt16>.self)
                output += 32
            }
        }
    }

    @inline(__always)
    private static func upperHalf(_ first: UInt16, _ second: UInt16) -> UInt16 {
        UInt16(truncatingIfNeeded: (UInt32(first) &* UInt32(second)) &>> 16)
    }
}
