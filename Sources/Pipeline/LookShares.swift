/// How often each camera is looked at when there is not time for all that is asked. A pure function.
///
/// While the thread that looks has time for everything, everybody gets what they ask for. When it has not, nobody gets
/// more than a common rate, which is as high as the time allows: who asks for less than that is served in full, and the
/// others share what is left equally (max-min fairness, in looks).
package enum LookShares {
    /// What a camera asks for.
    package struct Wish: Equatable, Sendable {
        /// Looks a second.
        package var rate: Double
        /// Seconds that a look takes.
        package var cost: Double

        package init(rate: Double, cost: Double) {
            self.rate = rate
            self.cost = cost
        }
    }

    /// The share of the thread's time that can be planned with; the rest is for what looks do not count.
    package static let capacity = 0.95

    /// The share of the thread's time that all looks together would take; above ``capacity`` it is too much.
    package static func load(_ wishes: [Wish]) -> Double {
        wishes.reduce(0) { $0 + $1.rate * $1.cost }
    }

    /// The rate that nobody may exceed; nil while all can have what they ask for.
    package static func commonRate(_ wishes: [Wish]) -> Double? {
        guard load(wishes) > capacity else { return nil }
        // From the most modest on: all behind get at least as much as the one in front asks for, if that is possible.
        let sorted = wishes.sorted { $0.rate < $1.rate }
        var left = capacity
        var costs = sorted.reduce(0) { $0 + $1.cost }
        for wish in sorted {
            guard costs > 0 else { break }
            let common = left / costs
            if wish.rate >= common { return common }
            left -= wish.rate * wish.cost
            costs -= wish.cost
        }
        return nil
    }
}
