/// Vectors of one length, side by side.
public struct UnitVectors: Sendable {
    /// Values in each.
    public let width: Int
    /// How many there are.
    public var count: Int { width == 0 ? 0 : values.count / width }
    private var values: [Float] = []

    /// None yet.
    public init(width: Int) {
        self.width = width
    }

    /// Adds one of length 1 and of `width` values.
    public mutating func append(_ vector: [Float]) {
        precondition(vector.count == width, "vectors are compared with those of their own width")
        values.append(contentsOf: vector)
    }

    /// The cosine of the angle to a vector among others, in an order of additions that does not depend on the machine.
    package func similarity(_ index: Int, _ others: UnitVectors, _ other: Int) -> Float {
        values.withUnsafeBufferPointer { one in
            others.values.withUnsafeBufferPointer { two in
                var (left, right) = (index * width, other * width)
                let end = left + width / 8 * 8
                var sums = SIMD8<Float>()
                while left < end {
                    var (a, b) = (SIMD8<Float>(), SIMD8<Float>())
                    for lane in 0..<8 { (a[lane], b[lane]) = (one[left + lane], two[right + lane]) }
                    sums += a * b
                    left += 8
                    right += 8
                }
                var sum = sums.sum()
                while left < (index + 1) * width {
                    sum += one[left] * two[right]
                    left += 1
                    right += 1
                }
                return sum
            }
        }
    }

    /// The cosines of one with all others, in their order.
    package func similarities(_ index: Int, _ others: UnitVectors) -> [Float] {
        (0..<others.count).map { similarity(index, others, $0) }
    }
}

extension [Float] {
    /// How many places come before one when the greatest is first; of equals the earlier is first.
    package func rank(of place: Int) -> Int {
        var before = 0
        for (index, value) in enumerated() where value > self[place] || (value == self[place] && index < place) {
            before += 1
        }
        return before
    }

    /// The places of the greatest, the greatest first.
    package func greatest(_ count: Int) -> [Int] {
        var best: [Int] = []
        for (index, value) in enumerated() {
            guard best.count < count || value > self[best[best.count - 1]] else { continue }
            let place = best.firstIndex { self[$0] < value } ?? best.count
            best.insert(index, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
