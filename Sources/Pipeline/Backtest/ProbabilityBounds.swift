import Configuration
import Foundation
import Journal
import Matching

/// Between which bounds the probability of a trigger's scene lies, by cosines that are known to lie between bounds.
///
/// With an error e of each cosine, every rival's logit less the prompt's is off by at most twice that times the logit scale,
/// and so the odds by a factor of exp(2 · scale · e).
struct ProbabilityBounds: Sendable {
    /// The places of prompt and rivals among the queries.
    private let prompt: Int
    private let rivals: [Int]
    private let logitScale: Double
    /// What is certainly less than that need not be known better: on the same side of every threshold, if the thresholds
    /// allow.
    private let negligible: Double
    /// Whether by night it is another crop that decides: the conditions then look the other way.
    let isTurnedByNight: Bool
    /// Covers what rounding does to a query's components, and to sums.
    private static let rounding = 1e-6

    /// Nil for a trigger that looks at something else than probabilities, or for pictures.
    init?(_ trigger: TriggerSettings, _ matcher: Matcher?, places: [Int]?) {
        guard let matcher, let places, let prompt = places.first, trigger.combination == nil else { return nil }
        guard matcher.pictures == nil else { return nil }
        let conditions = [trigger.conditions] + (trigger.night.map { [$0] } ?? [])
        guard conditions.allSatisfy({ $0.when.measure == .probability }) else { return nil }
        self.prompt = prompt
        rivals = Array(places.dropFirst())
        logitScale = matcher.logitScale
        isTurnedByNight = conditions.contains { $0.when.comparison.looksUp != trigger.when.comparison.looksUp }
        negligible = conditions.flatMap { [$0.when.threshold, $0.clear.threshold] }.reduce(0.01, min)
    }

    /// The bounds of one crop. They are numbers, and the least is at most the greatest.
    @inline(__always)
    func of(_ cosines: UnsafeBufferPointer<Float>, error: Double) -> (least: Double, most: Double) {
        let own = Double(cosines[prompt])
        var best = -Float.infinity
        for rival in rivals { best = max(best, cosines[rival]) }
        let doubt = 2 * (error + Self.rounding) * logitScale
        // The best rival alone rules most scenes out.
        let most = 1 / (1 + exp(logitScale * (Double(best) - own) - doubt))
        if most < negligible { return (0, most) }
        var others = 0.0
        for rival in rivals { others += exp(logitScale * (Double(cosines[rival]) - own)) }
        let factor = exp(doubt)
        let bounds = (least: 1 / (1 + others * factor), most: 1 / (1 + others / factor))
        // An error of infinity, or a factor that is one, says nothing.
        return bounds.least <= bounds.most ? bounds : (0, 1)
    }

    /// The bounds of a look's deciding score: of the crop that most nearly satisfies a condition that looks up, or down.
    ///
    /// - Parameter look: one that can be compared.
    func of(_ look: ApproximateLook, looksUp: Bool) -> (least: Double, most: Double) {
        var all = look.withSimilarities(crop: 0) { of($0, error: look.error(crop: 0)) }
        for crop in 1..<max(1, look.crops) {
            let one = look.withSimilarities(crop: crop) { of($0, error: look.error(crop: crop)) }
            all =
                looksUp
                ? (max(all.least, one.least), max(all.most, one.most))
                : (min(all.least, one.least), min(all.most, one.most))
        }
        return all
    }

    /// What looks are to be compared with for the bounds: the texts, less what they have in common. That changes no
    /// difference of two cosines, and shorter queries have smaller errors.
    static func queries(_ texts: [[Float]]) -> [[Float]] {
        guard let first = texts.first else { return [] }
        let mean = first.indices.map { index in
            texts.reduce(0.0) { $0 + Double(index < $1.count ? $1[index] : 0) } / Double(texts.count)
        }
        return texts.map { text in zip(text, mean).map { Float(Double($0) - $1) } }
    }
}
