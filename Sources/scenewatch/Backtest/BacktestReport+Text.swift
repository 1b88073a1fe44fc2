import Configuration
import Foundation
import Pipeline
import Showing

extension BacktestReport {
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

extension BacktestReport.Histogram {
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
