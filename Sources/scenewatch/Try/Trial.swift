import Configuration
import EventSocket
import Foundation
import Journal
import Matching
import Pipeline

/// A prompt that is scored on looks as they come. Pure.
struct Trial {
    /// What one look scored: of the crop that decides.
    struct Result: Encodable {
        var at: Date
        var camera: String
        var look: Int64
        var crop: Int
        var score: EventLine.Score
        /// Whether `when` holds.
        var when: Bool
    }

    private let conditions: Conditions
    private let matcher: Matcher
    private let modelID: String
    private var looks = 0
    private var held = 0
    private var best: (value: Double, result: Result)?
    /// How many looks were of another model.
    private(set) var others = 0

    init(_ conditions: Conditions, _ matcher: Matcher, modelID: String) {
        self.conditions = conditions
        self.matcher = matcher
        self.modelID = modelID
    }

    /// Takes a look; nil for one that says nothing.
    mutating func take(_ look: PastLook) -> Result? {
        guard look.modelID == modelID else {
            others += 1
            return nil
        }
        let scores = look.embeddings.map(matcher.score)
        guard look.isEvidence, let crop = conditions.decidingCrop(of: scores) else { return nil }
        let value = conditions.value(of: scores[crop])
        let result = Result(
            at: look.at,
            camera: look.camera,
            look: look.id,
            crop: crop,
            score: EventLine.Score(
                probability: scores[crop].probability,
                similarity: scores[crop].similarity,
                margin: scores[crop].margin,
                rival: scores[crop].rival
            ),
            when: conditions.when.holds(for: value)
        )
        looks += 1
        if result.when { held += 1 }
        let isBetter = best.map { conditions.when.comparison.looksUp ? value > $0.value : value < $0.value } ?? true
        if isBetter { best = (value, result) }
        return result
    }

    /// What came of it, for a person; nil where there was no look.
    var summary: String? {
        guard let best else { return nil }
        let measure = conditions.when.measure.rawValue
        let words = String(format: "%@ %.3f on %@", measure, best.value, best.result.camera)
        return "\(conditions.when) held on \(held) of \(looks) looks; the nearest to it had \(words)"
    }
}

extension Trial.Result {
    /// For a person, with a bar for the probability.
    var text: String {
        let bar = String(repeating: "█", count: Int((min(max(score.probability, 0), 1) * 20).rounded()))
        var words = "\(ExplanationText.clock(at))  \(camera)  \(bar.padded(to: 20))  "
        words += String(
            format: "probability %.2f, similarity %.3f, margin %+.3f",
            score.probability,
            score.similarity,
            score.margin
        )
        if let rival = score.rival { words += " over “\(rival)”" }
        return when ? words + "  when" : words
    }
}
