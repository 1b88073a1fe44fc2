import Configuration
import EventSocket
import Foundation
import Journal
import Pipeline
import Showing

/// What a backtest found, for people and for programs.
struct BacktestReport: Encodable {
    struct Event: Encodable {
        var camera: String
        var started: Date
        var ended: Date?
        var reason: String?
        var frame: Int
        /// Absent of a combination, like the score.
        var crop: Int?
        var score: EventLine.Score?
        var suppressed: Int
    }

    /// Counts of scores in equal steps from the least to the greatest.
    struct Histogram: Encodable {
        var measure: String
        var least: Double
        var greatest: Double
        var counts: [Int]
    }

    struct Suggestion: Encodable {
        var when: String
        var clear: String
        /// `gap` or `moments`.
        var from: String
        /// Of the named moments, those that would be told wrongly.
        var falseMoments: Int?
        var missedMoments: Int?
        /// How many events there would have been.
        var events: Int
    }

    struct Trigger: Encodable {
        var name: String
        var when: String
        var clear: String
        var events: [Event]
        /// Of the named moments, those that the events tell wrongly.
        var falseMoments: Int?
        var missedMoments: Int?
        var histogram: Histogram?
        var suggestion: Suggestion?
    }

    var triggers: [Trigger]
    /// When the first and the last look were captured.
    var firstLook: Date?
    var lastLook: Date?
    var looks: Int
    var milliseconds: Int

    init(_ judgement: PastJudgement, _ settings: [TriggerSettings], took: Duration) {
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

    /// For a person.
    var text: String {
        (triggers.map(text) + ["\(lookWords), \(milliseconds) ms"]).joined(separator: "\n\n")
    }

    /// How many looks, and of which time.
    var lookWords: String {
        guard let firstLook, let lastLook else { return "\(looks) looks" }
        return "\(looks) looks from \(LocalTime.text(firstLook)) to \(LocalTime.text(lastLook))"
    }

    private func text(_ trigger: Trigger) -> String {
        let count = trigger.events.count
        var lines = ["\(trigger.name): \(count) event\(count == 1 ? "" : "s") by \(trigger.when), \(trigger.clear)"]
        if let words = trigger.mistakeWords { lines.append("  of the moments named, \(words)") }
        if !trigger.events.isEmpty {
            let rows = trigger.events.map { event in
                [
                    LocalTime.text(event.started), event.camera,
                    event.ended.map { String(format: "%.1f s", $0.timeIntervalSince(event.started)) } ?? "goes on",
                    event.reason ?? "-", event.score.map { String(format: "%.2f", $0.probability) } ?? "-",
                    event.score.map { String(format: "%.3f", $0.similarity) } ?? "-",
                    event.score.map { String(format: "%+.3f", $0.margin) } ?? "-", event.score?.rival ?? "-",
                    event.suppressed > 0 ? "\(event.suppressed)" : "-",
                ]
            }
            let heading = [
                "STARTED", "CAMERA", "FOR", "REASON", "PROBABILITY", "SIMILARITY", "MARGIN", "RIVAL", "SUPPRESSED",
            ]
            lines.append(table(heading, rows))
        }
        if let histogram = trigger.histogram { lines += histogram.lines }
        if let suggestion = trigger.suggestion { lines.append("  " + suggestion.words) }
        return lines.joined(separator: "\n")
    }
}

extension BacktestReport.Trigger {
    /// Of the moments named, those told wrongly; nil where none are named.
    var mistakeWords: String? { words(ofMistakes: falseMoments, missedMoments) }
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
            score: event.start.score.map { score in
                EventLine.Score(
                    probability: score.probability,
                    similarity: score.similarity,
                    margin: score.margin,
                    rival: score.rival
                )
            },
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

    /// The least score of a step.
    func start(of step: Int) -> Double {
        least + (greatest - least) * Double(step) / Double(counts.count)
    }

    /// How long the bar of a step is, 0…1: as the logarithm of its count, since few looks are of interest among many.
    func length(of step: Int) -> Double {
        log(Double(counts[step]) + 1) / log(Double(counts.max() ?? 0) + 1)
    }

    fileprivate var lines: [String] {
        counts.indices.compactMap { step in
            guard counts[step] > 0 else { return nil }
            let bar = String(repeating: "█", count: max(1, Int((length(of: step) * 40).rounded())))
            return String(format: "  %@ %7.3f  ", measure, start(of: step)) + bar + " \(counts[step])"
        }
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

    var words: String {
        let count = "\(events) event\(events == 1 ? "" : "s")"
        let basis =
            scenewatch.words(ofMistakes: falseMoments, missedMoments).map { "by the moments named, \($0)" }
            ?? "in the widest gap between the scores; name moments with --yes and --no for better"
        return "suggestion: when \(when), clear \(clear): \(count), \(basis)"
    }
}

private func words(ofMistakes wrong: Int?, _ missed: Int?) -> String? {
    guard let wrong, let missed else { return nil }
    return "\(wrong) told falsely and \(missed) missed"
}
