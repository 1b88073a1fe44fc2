import Configuration

/// How many scores lie where: counts in fine steps of equal width, each with the least and the greatest of its scores.
///
/// Its size is fixed, however many scores there are; what it says is exact to a step. A score that is only known to lie
/// between two bounds can be taken where its own value would say no more (``absorb(_:)``).
package struct ScoreSpread: Sendable, Equatable {
    private struct Step: Sendable, Equatable {
        var count = 0
        var least = Double.infinity
        var greatest = -Double.infinity
    }

    /// In so many steps people are shown scores.
    package static let bars = 20

    private let range: ClosedRange<Double>
    private var steps: [Step]
    package private(set) var count = 0

    /// No scores yet, of a measure with that range.
    ///
    /// - Parameter steps: a multiple of what people are shown.
    package init(_ range: ClosedRange<Double>, steps: Int = 4000) {
        self.range = range
        self.steps = Array(repeating: Step(), count: steps)
    }

    /// No scores yet of a measure. Probabilities are shown over their whole range, and all of it is in use; so wide a step
    /// as a four-hundredth is fine enough, and more scores need not be known exactly.
    package init(of measure: Condition.Measure) {
        self.init(measure.range, steps: measure == .probability ? 400 : 4000)
    }

    /// Takes one score, a finite number. What rounding has brought out of the range counts with its end.
    package mutating func add(_ value: Double) {
        let index = place(of: value)
        steps[index].count += 1
        steps[index].least = min(steps[index].least, value)
        steps[index].greatest = max(steps[index].greatest, value)
        count += 1
    }

    // MARK: Scores between bounds

    /// Takes a score that is only known to lie between two bounds, if every score between them would say the same: it is
    /// shown in the same bar over the whole range, and no step there nor beside is empty, so that it can make no gap and
    /// end none. Else returns false.
    package mutating func absorb(_ bounds: ClosedRange<Double>) -> Bool {
        let (low, high) = (place(of: bounds.lowerBound), place(of: bounds.upperBound))
        let width = steps.count / Self.bars
        guard low / width == high / width else { return false }
        for index in max(0, low - 1)...min(steps.count - 1, high + 1) where steps[index].count == 0 { return false }
        steps[low].count += 1
        count += 1
        return true
    }

    /// Takes back a score that it has absorbed.
    package mutating func giveBack(_ bounds: ClosedRange<Double>) {
        steps[place(of: bounds.lowerBound)].count -= 1
        count -= 1
    }

    // MARK: What they say

    /// The least and the greatest score, to a step where some were absorbed at an end of the range; nil before the first.
    package var ends: ClosedRange<Double>? {
        guard let first = steps.first(where: { $0.count > 0 }), let last = steps.last(where: { $0.count > 0 }) else {
            return nil
        }
        return first.least...last.greatest
    }

    /// The widest gap between two neighbours that has as many scores as that on both sides. One without an empty step in it
    /// is not seen.
    package func widestGap(beside fewest: Int) -> (low: Double, high: Double)? {
        var best: (low: Double, high: Double)?
        var below = 0
        var earlier: Int?
        for (index, step) in steps.enumerated() where step.count > 0 {
            if let earlier, index > earlier + 1, below >= fewest, count - below >= fewest {
                let greatest = steps[earlier].greatest
                if step.least - greatest > best.map({ $0.high - $0.low }) ?? 0 { best = (greatest, step.least) }
            }
            below += step.count
            earlier = index
        }
        return best
    }

    /// Counts in ``bars`` equal steps of a range.
    package func counts(in range: ClosedRange<Double>) -> [Int] {
        var counts = [Int](repeating: 0, count: Self.bars)
        for (index, step) in steps.enumerated() where step.count > 0 {
            let bar =
                range == self.range
                ? index * Self.bars / steps.count
                : Self.place(of: (step.least + step.greatest) / 2, in: range, Self.bars)
            counts[bar] += step.count
        }
        return counts
    }

    private func place(of value: Double) -> Int { Self.place(of: value, in: range, steps.count) }

    private static func place(of value: Double, in range: ClosedRange<Double>, _ number: Int) -> Int {
        let width = range.upperBound - range.lowerBound
        let share = width > 0 ? (value - range.lowerBound) / width : 0
        return min(number - 1, max(0, Int(share * Double(number))))
    }
}
