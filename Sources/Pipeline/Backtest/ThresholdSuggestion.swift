import Configuration
import Foundation
import Matching

/// Thresholds for a prompt, out of what it scored in the past.
package struct ThresholdSuggestion: Sendable, Equatable {
    /// Where they come from.
    package enum Origin: Sendable, Equatable {
        /// The widest gap between the scores of the past: a guess, since nobody has said which side is which.
        case gap
        /// Moments of which somebody has said whether the scene was there; so many of those would be told wrongly.
        case moments(false: Int, missed: Int)
    }

    package var conditions: Conditions
    package var origin: Origin

    /// A prompt's value is taken within this many seconds of a moment that somebody names.
    package static let reach = 5.0

    /// From the widest gap; nil when there is none that has three looks on both sides.
    ///
    /// - Parameter when: gives measure and direction.
    package static func fromGap(_ values: [PastValue], like when: Condition) -> ThresholdSuggestion? {
        let sorted = values.map(\.value).filter(\.isFinite).sorted()
        guard sorted.count >= 6 else { return nil }
        let gaps = (2..<sorted.count - 3).map { (width: sorted[$0 + 1] - sorted[$0], at: $0) }
        guard let widest = gaps.max(by: { $0.width < $1.width }), widest.width > 0 else { return nil }
        return between(sorted[widest.at], sorted[widest.at + 1], like: when, .gap)
    }

    /// From moments at which the scene was there, and others at which it was not: the thresholds that tell the fewest
    /// of them wrongly. Nil when no look is near any moment of either kind.
    package static func from(
        yes: [Date],
        no: [Date],
        _ values: [PastValue],
        like when: Condition
    ) -> ThresholdSuggestion? {
        let sign = when.comparison.looksUp ? 1.0 : -1.0
        let peaks = { (moments: [Date]) in
            moments.compactMap { moment in
                values.filter { abs($0.at.timeIntervalSince(moment)) <= reach }
                    .map { sign * $0.value }.max()
            }.sorted()
        }
        let (seen, unseen) = (peaks(yes), peaks(no))
        let all = (seen + unseen).sorted()
        guard !seen.isEmpty, !unseen.isEmpty else { return nil }
        // Every cut between two neighbours, the one that costs least, and of those the widest.
        let cuts = zip(all, all.dropFirst()).map { low, high in
            (
                low: low, high: high, false: unseen.count { $0 > low }, missed: seen.count { $0 < high },
                width: high - low
            )
        }
        guard
            let best = cuts.filter({ $0.width > 0 }).min(by: {
                ($0.false + $0.missed, -$0.width) < ($1.false + $1.missed, -$1.width)
            })
        else { return nil }
        let (low, high) = sign > 0 ? (best.low, best.high) : (-best.high, -best.low)
        return between(low, high, like: when, .moments(false: best.false, missed: best.missed))
    }

    /// How many events the suggested conditions would have told, with the trigger's dwell and cooldown.
    package func events(in values: [PastValue], of trigger: TriggerSettings) -> Int {
        let rule = TriggerRule(
            conditions,
            hold: trigger.hold,
            release: trigger.release,
            cooldown: trigger.cooldown,
            schedule: trigger.schedule
        )
        return Dictionary(grouping: values, by: \.camera).values.reduce(0) { sum, values in
            var machine = TriggerMachine(rule: rule)
            return sum
                + values.count { value in
                    let evidence = conditions.evidence(of: value.value)
                    let action = machine.observe(
                        rule.watches(at: value.at) ? evidence : .unscheduled,
                        at: .milliseconds(Int64((value.at.timeIntervalSince1970 * 1000).rounded()))
                    )
                    if case .start = action { return true }
                    return false
                }
        }
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
