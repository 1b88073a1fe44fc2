/// How many scores lie where: counts in fine steps of equal width, each with the least and the greatest of its scores.
///
/// Its size is fixed, however many scores there are; what it says is exact to a step, a four-thousandth of the range.
package struct ScoreSpread: Sendable, Equatable {
    private struct Step: Sendable, Equatable {
        var count = 0
        var least = Double.infinity
        var greatest = -Double.infinity
    }

    /// A multiple of what people are shown, so that both begin at the same scores.
    private static let steps = 4000

    private let range: ClosedRange<Double>
    private var steps: [Step]
    package private(set) var count = 0

    /// No scores yet, of a measure with that range.
    package init(_ range: ClosedRange<Double>) {
        self.range = range
        steps = Array(repeating: Step(), count: Self.steps)
    }

    /// Takes one score, a finite number. What rounding has brought out of the range counts with its end.
    package mutating func add(_ value: Double) {
        let index = place(of: value, in: range, Self.steps)
        steps[index].count += 1
        steps[index].least = min(steps[index].least, value)
        steps[index].greatest = max(steps[index].greatest, value)
        count += 1
    }

    /// The least and the greatest score; nil before the first.
    package var ends: ClosedRange<Double>? {
        guard let first = steps.first(where: { $0.count > 0 }), let last = steps.last(where: { $0.count > 0 }) else {
            return nil
        }
        return first.least...last.greatest
    }

    /// The widest gap between two neighbours that has as many scores as that on both sides. One within a step is not seen.
    package func widestGap(beside fewest: Int) -> (low: Double, high: Double)? {
        var best: (low: Double, high: Double)?
        var below = 0
        var earlier: Step?
        for step in steps where step.count > 0 {
            if let earlier, below >= fewest, count - below >= fewest {
                let width = step.least - earlier.greatest
                if width > best.map({ $0.high - $0.low }) ?? 0 { best = (earlier.greatest, step.least) }
            }
            below += step.count
            earlier = step
        }
        return best
    }

    /// Counts in so many equal steps of a range.
    package func counts(in range: ClosedRange<Double>, steps number: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: number)
        for step in steps where step.count > 0 {
            counts[place(of: (step.least + step.greatest) / 2, in: range, number)] += step.count
        }
        return counts
    }

    private func place(of value: Double, in range: ClosedRange<Double>, _ number: Int) -> Int {
        let width = range.upperBound - range.lowerBound
        let share = width > 0 ? (value - range.lowerBound) / width : 0
        return min(number - 1, max(0, Int(share * Double(number))))
    }
}
