/// Bounds of the probabilities of looks, kept small: four bytes of each look and trigger. What is not kept is anything.
package struct KeptBounds: Sendable {
    private let first: Int64
    private let triggers: Int
    /// The least and the greatest of each, in steps of a 65 535th, widened to whole ones.
    private var values: [(least: UInt16, most: UInt16)]

    /// More than that would take too much memory: 128 MB.
    private static let capacity = 32_000_000
    private static let steps = 65_535.0

    /// Nothing yet of looks with these numbers; nil for too many.
    init?(of looks: ClosedRange<Int64>, triggers: Int) {
        guard triggers > 0, looks.count <= Self.capacity / triggers else { return nil }
        first = looks.lowerBound
        self.triggers = triggers
        values = Array(repeating: (0, .max), count: looks.count * triggers)
    }

    /// - Parameter bounds: within 0…1.
    mutating func keep(_ bounds: (least: Double, most: Double), of look: Int64, trigger: Int) {
        let place = Int(look - first) * triggers + trigger
        guard values.indices.contains(place) else { return }
        // One more on both sides than what rounding may have done.
        let least = UInt16(clamping: Int(bounds.least * Self.steps) - 1)
        values[place] = (least, UInt16(clamping: Int(bounds.most * Self.steps) + 2))
    }

    /// The bounds of a look.
    func of(_ look: Int64, trigger: Int) -> (least: Double, most: Double) {
        let place = Int(look - first) * triggers + trigger
        guard values.indices.contains(place) else { return (0, 1) }
        return (Double(values[place].least) / Self.steps, Double(values[place].most) / Self.steps)
    }

    /// Those of some of the triggers, as of all that there are.
    func of(triggers numbers: [Int]) -> KeptBounds {
        guard numbers != Array(0..<triggers) else { return self }
        return KeptBounds(self, numbers)
    }

    private init(_ other: KeptBounds, _ numbers: [Int]) {
        first = other.first
        triggers = numbers.count
        values = (0..<(other.values.count / other.triggers)).flatMap { look in
            numbers.map { other.values[look * other.triggers + $0] }
        }
    }
}
