import Configuration
import Foundation

/// Thresholds for a prompt, out of what it scored in the past.
package struct ThresholdSuggestion: Sendable, Equatable {
    /// Where they come from.
    package enum Origin: Sendable, Equatable {
        /// The widest gap between the scores of the past: a guess, since nobody has said which side is which.
        case gap
        /// Moments of which somebody has said whether the scene was there, parted where the fewest scores are on the wrong
        /// side.
        case moments
    }

    package var conditions: Conditions
    package var origin: Origin

    /// Out of the moments that were named, where some were; else out of the widest gap.
    package init?(_ scores: PastScores) {
        guard let found = scores.moments.isEmpty ? Self.fromGap(scores) : Self.fromMoments(scores) else { return nil }
        self = found
    }

    private init(conditions: Conditions, origin: Origin) {
        self.conditions = conditions
        self.origin = origin
    }

    /// From the widest gap; nil when there is none that has three looks on both sides.
    private static func fromGap(_ scores: PastScores) -> ThresholdSuggestion? {
        guard let gap = scores.spread.widestGap(beside: 3) else { return nil }
        return between(gap.low, gap.high, like: scores.when, .gap)
    }

    /// The thresholds that have the fewest of the moments on the wrong side. Nil when no look is near any moment of either kind.
    private static func fromMoments(_ scores: PastScores) -> ThresholdSuggestion? {
        let sign = scores.when.comparison.looksUp ? 1.0 : -1.0
        let (seen, unseen) = (scores.peaks(whereThere: true), scores.peaks(whereThere: false))
        guard !seen.isEmpty, !unseen.isEmpty else { return nil }
        let all = (seen + unseen).map { sign * $0 }.sorted()
        // Every cut between two neighbours, the one that costs least, and of those the widest.
        let cuts = zip(all, all.dropFirst()).map { low, high in
            (
                low: low, high: high, width: high - low,
                cost: unseen.count { sign * $0 > low } + seen.count { sign * $0 < high }
            )
        }
        guard
            let best = cuts.filter({ $0.width > 0 }).min(by: {
                ($0.cost, -$0.width) < ($1.cost, -$1.width)
            })
        else { return nil }
        let (low, high) = sign > 0 ? (best.low, best.high) : (-best.high, -best.low)
        return between(low, high, like: scores.when, .moments)
    }

    /// `when` in the upper part of the gap and `clear` in the lower, or the other way round where `when` looks down.
    private static func between(
        _ low: Double,
        _ high: Double,
        like when: Condition,
        _ origin: Origin
    ) -> ThresholdSuggestion? {
        let exact = (lower: low + (high - low) * 0.4, upper: low + (high - low) * 0.6)
        // As short as can be read, within the gap.
        let short = (2...6).lazy.map { (lower: exact.lower.rounded($0), upper: exact.upper.rounded($0)) }
            .first { low < $0.lower && $0.lower < $0.upper && $0.upper < high }
        let (lower, upper) = short ?? exact
        let looksUp = when.comparison.looksUp
        guard let start = try? Condition(when.measure, when.comparison, looksUp ? upper : lower),
            let end = try? Condition(when.measure, when.comparison.inverted, looksUp ? lower : upper)
        else { return nil }
        return ThresholdSuggestion(conditions: Conditions(when: start, clear: end), origin: origin)
    }
}

extension Double {
    fileprivate func rounded(_ decimals: Int) -> Double {
        let power = pow(10, Double(decimals))
        return (self * power).rounded() / power
    }
}
