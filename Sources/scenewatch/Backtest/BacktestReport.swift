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
        var histogram: Histogram?
        var suggestion: Suggestion?
    }

    var triggers: [Trigger]
    var looks: Int
    var milliseconds: Int

    init(_ backtest: Backtest, _ settings: [TriggerSettings], yes: [Date], no: [Date], took: Duration) {
        looks = backtest.looks
        milliseconds = Int(took / .milliseconds(1))
        triggers = settings.map { trigger in
            let values = backtest.values[trigger.name] ?? []
            return Trigger(
                name: trigger.name,
                when: trigger.whenText,
                clear: trigger.clearText,
                events: backtest.events.filter { $0.start.trigger == trigger.name }.map(Event.init),
                histogram: Histogram(values, of: trigger.when.measure),
                suggestion: Suggestion(values, trigger, yes: yes, no: no)
            )
        }
    }

    /// For a person.
    var text: String {
        (triggers.map(text) + ["\(looks) looks, \(milliseconds) ms"]).joined(separator: "\n\n")
    }

    private func text(_ trigger: Trigger) -> String {
        let count = trigger.events.count
        var lines = ["\(trigger.name): \(count) event\(count == 1 ? "" : "s") by \(trigger.when), \(trigger.clear)"]
        if !trigger.events.isEmpty {
            let rows = trigger.events.map { event in
                [
                    WireTime.text(event.started), event.camera,
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
        if let suggestion = trigger.suggestion { lines.append(suggestion.words) }
        return lines.joined(separator: "\n")
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
    private static let steps = 20

    fileprivate init?(_ values: [PastValue], of measure: Condition.Measure) {
        let values = values.map(\.value).filter(\.isFinite)
        guard var least = values.min(), var greatest = values.max() else { return nil }
        if measure == .probability { (least, greatest) = (0, 1) }
        var counts = [Int](repeating: 0, count: Self.steps)
        for value in values {
            let share = greatest > least ? (value - least) / (greatest - least) : 0
            counts[min(Self.steps - 1, Int(share * Double(Self.steps)))] += 1
        }
        self.init(
            measure: measure.rawValue,
            least: least.rounded(decimals: 6),
            greatest: greatest.rounded(decimals: 6),
            counts: counts
        )
    }

    /// A bar for each step, as long as the logarithm of its count: few looks are of interest among many.
    fileprivate var lines: [String] {
        let longest = log(Double(counts.max() ?? 0) + 1)
        return counts.enumerated().compactMap { step, count in
            guard count > 0 else { return nil }
            let start = least + (greatest - least) * Double(step) / Double(counts.count)
            let bar = String(repeating: "█", count: max(1, Int((log(Double(count) + 1) / longest * 40).rounded())))
            return String(format: "  %@ %7.3f  ", measure, start) + bar + " \(count)"
        }
    }
}

extension BacktestReport.Suggestion {
    fileprivate init?(_ values: [PastValue], _ trigger: TriggerSettings, yes: [Date], no: [Date]) {
        let found =
            yes.isEmpty
            ? ThresholdSuggestion.fromGap(values, like: trigger.when)
            : ThresholdSuggestion.from(yes: yes, no: no, values, like: trigger.when)
        guard let found else { return nil }
        self.init(
            when: found.conditions.when.description,
            clear: found.conditions.clear.description,
            from: "gap",
            events: found.events(in: values, of: trigger)
        )
        if case .moments(let wrong, let missed) = found.origin {
            (from, falseMoments, missedMoments) = ("moments", wrong, missed)
        }
    }

    fileprivate var words: String {
        let count = "\(events) event\(events == 1 ? "" : "s")"
        let basis =
            falseMoments.map { wrong in
                "by the moments named, \(wrong) of them told falsely and \(missedMoments ?? 0) missed"
            } ?? "in the widest gap between the scores; name moments with --yes and --no for better"
        return "  suggestion: when \(when), clear \(clear): \(count), \(basis)"
    }
}
