import Configuration
import EventSocket
import Foundation
import Journal

/// What a backtest found, as it is printed and sent.
package struct BacktestReport: Encodable {
    package struct Event: Encodable {
        package var camera: String
        package var started: Date
        package var ended: Date?
        package var reason: String?
        package var frame: Int
        /// Absent of a combination, like the score.
        package var crop: Int?
        package var score: EventLine.Score?
        package var suppressed: Int
    }

    /// Counts of scores in equal steps from the least to the greatest.
    package struct Histogram: Encodable {
        package var measure: String
        package var least: Double
        package var greatest: Double
        package var counts: [Int]
    }

    package struct Suggestion: Encodable {
        package var when: String
        package var clear: String
        /// `gap` or `moments`.
        package var from: String
        /// Of the named moments, those that would be told wrongly.
        package var falseMoments: Int?
        package var missedMoments: Int?
        /// How many events there would have been.
        package var events: Int
    }

    package struct Trigger: Encodable {
        package var name: String
        package var when: String
        package var clear: String
        package var events: [Event]
        /// Of the named moments, those that the events tell wrongly.
        package var falseMoments: Int?
        package var missedMoments: Int?
        package var histogram: Histogram?
        package var suggestion: Suggestion?
    }

    package var triggers: [Trigger]
    /// When the first and the last look were captured.
    package var firstLook: Date?
    package var lastLook: Date?
    package var looks: Int
    package var milliseconds: Int

    package init(_ judgement: PastJudgement, _ settings: [TriggerSettings], took: Duration) {
        let backtest = judgement.backtest
        (firstLook, lastLook) = (backtest.span?.lowerBound, backtest.span?.upperBound)
        looks = backtest.looks
        milliseconds = Int(took / .milliseconds(1))
        triggers = settings.indices.map { index in
            let trigger = settings[index]
            return Trigger(
                name: trigger.name,
                when: trigger.whenText,
                clear: trigger.clearText,
                events: backtest.events.filter { $0.start.trigger == trigger.name }.map(Event.init),
                falseMoments: backtest.scores[index].mistakes?.false,
                missedMoments: backtest.scores[index].mistakes?.missed,
                histogram: Histogram(backtest.scores[index]),
                suggestion: judgement.suggestions[index].map(Suggestion.init)
            )
        }
    }
}

extension BacktestReport.Event {
    fileprivate init(_ event: Backtest.Event) {
        self.init(
            camera: event.start.camera,
            started: event.start.at,
            ended: event.end?.at,
            reason: event.end?.reason.rawValue,
            frame: Int(event.start.frame),
            crop: event.start.crop,
            score: event.start.score.map(EventLine.Score.init),
            suppressed: event.start.suppressed
        )
    }
}

extension BacktestReport.Histogram {
    fileprivate init?(_ scores: PastScores) {
        guard let ends = scores.spread.ends else { return nil }
        let measure = scores.when.measure
        let range = measure == .probability ? measure.range : ends
        self.init(
            measure: measure.rawValue,
            least: range.lowerBound.rounded(decimals: 6),
            greatest: range.upperBound.rounded(decimals: 6),
            counts: scores.spread.counts(in: range)
        )
    }
}

extension BacktestReport.Suggestion {
    fileprivate init(_ found: PastJudgement.Suggestion) {
        self.init(
            when: found.thresholds.conditions.when.description,
            clear: found.thresholds.conditions.clear.description,
            from: found.thresholds.origin == .moments ? "moments" : "gap",
            falseMoments: found.mistakes?.false,
            missedMoments: found.mistakes?.missed,
            events: found.events
        )
    }
}
