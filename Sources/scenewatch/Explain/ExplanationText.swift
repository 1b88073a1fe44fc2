import Foundation
import Pipeline
import Showing

/// An explanation for a person at a terminal.
struct ExplanationText {
    private let report: ExplanationReport

    /// So many lines of looks at most.
    private static let mostRows = 24

    init(_ report: ExplanationReport) {
        self.report = report
    }

    var text: String {
        var parts = [heading, steps]
        if !report.looks.isEmpty { parts.append(course) }
        if !report.rivals.isEmpty { parts.append(rivals) }
        if !report.notes.isEmpty { parts.append(report.notes.map { "note: \($0)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n")
    }

    private var heading: String {
        var lines = ["\(report.trigger) on \(report.camera), \(report.lengthWords)", "event  \(report.event)"]
        if let rule = report.rule { lines += rule.words.map { "\($0.padded(to: 6)) \($1)" } }
        if let score = report.score {
            var words = String(
                format: "started with probability %.2f, similarity %.3f, margin %+.3f",
                score.probability,
                score.similarity,
                score.margin
            )
            if let rival = score.rival { words += " over “\(rival)”" }
            if let region = report.region { words += ", in the region \(region)" }
            lines.append(words)
        }
        if let percentile = report.percentileWords { lines.append(percentile) }
        return lines.joined(separator: "\n")
    }

    private var steps: String {
        report.steps.map { "\(Self.clock($0.at))  \($0.what)" }.joined(separator: "\n")
    }

    /// Looks, evenly chosen where there are many, with a bar for their value.
    private var course: String {
        let looks = report.looks
        let count = min(Self.mostRows, looks.count)
        let step = Double(looks.count - 1) / Double(max(1, count - 1))
        let rows = (0..<count).map { number in
            let look = looks[Int((Double(number) * step).rounded())]
            let value = report.value(of: look)
            let share = value.map { report.share(of: $0) } ?? 0
            let bar = String(repeating: "█", count: Int((share * 20).rounded())).padded(to: 20)
            return [
                Self.clock(look.at), value.map { String(format: "%7.3f", $0) } ?? "-", bar, look.verdictWords,
                look.score?.rival ?? "-",
            ]
        }
        return table(["TIME", report.measure.uppercased(), "", "SAYS", "BEST RIVAL"], rows)
    }

    private var rivals: String {
        let rows = report.rivals.prefix(8).map { rival in
            [
                "\(rival.looks)", String(format: "%+.3f … %+.3f", rival.leastMargin, rival.greatestMargin),
                rival.rival,
            ]
        }
        return table(["LOOKS", "MARGIN", "BEST RIVAL"], rows)
    }

    /// `08:14:03.2`, of where one is.
    static func clock(_ date: Date) -> String {
        let text = LocalTime.text(date)
        let tenth = Int((date.timeIntervalSince1970 * 10).rounded(.down)) % 10
        return text.dropFirst(11).prefix(8) + ".\(abs(tenth))"
    }
}

// MARK: What text and page have in common

extension ExplanationReport {
    /// What of a score `when` looks at.
    var measure: String {
        rule.flatMap { $0.when.split(separator: " ").first.map(String.init) }
            .flatMap { ["probability", "similarity", "margin"].contains($0) ? $0 : nil } ?? "probability"
    }

    func value(of look: Look) -> Double? {
        look.score.map { score in
            switch measure {
            case "similarity": score.similarity
            case "margin": score.margin
            default: score.probability
            }
        }
    }

    /// The values that a drawing has room for.
    var range: ClosedRange<Double> {
        guard measure != "probability" else { return 0...1 }
        let thresholds = [rule?.when, rule?.clear].compactMap { $0 }.compactMap(ExplanationReport.threshold)
        let values = looks.compactMap(value) + thresholds
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
        return least < greatest ? least...greatest : least...(least + 1)
    }

    func share(of value: Double) -> Double {
        let range = range
        return min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
    }

    /// The number in `probability >= 0.8`.
    static func threshold(of condition: String) -> Double? {
        condition.split(separator: " ").last.flatMap { Double($0) }
    }

    var lengthWords: String {
        let from = LocalTime.text(started)
        guard let ended else { return "active since \(from)" }
        let length = String(format: "%.1f s", ended.timeIntervalSince(started))
        return "\(length) from \(from), \(reason ?? "ended")"
    }

    var percentileWords: String? {
        percentile.map { share in
            String(format: "%.1f %% of the camera's looks in the day before scored less", share * 100)
        }
    }
}

extension ExplanationReport.Rule {
    /// What it says, line by line.
    var words: [(String, String)] {
        var lines: [(String, String)] = []
        if !prompt.isEmpty { lines.append(("prompt", prompt.joined(separator: " / "))) }
        if !against.isEmpty { lines.append(("against", against.joined(separator: " / "))) }
        if let image { lines.append(("image", image.joined(separator: " / "))) }
        if let againstImage { lines.append(("against", againstImage.joined(separator: " / "))) }
        lines.append(("when", "\(when), for \(Self.seconds(hold))"))
        lines.append(("clear", "\(clear), for \(Self.seconds(release))"))
        if let nightWhen, let nightClear { lines.append(("night", "when \(nightWhen), clear \(nightClear)")) }
        if cooldown > 0 { lines.append(("cooldown", Self.seconds(cooldown))) }
        return lines
    }

    private static func seconds(_ value: Double) -> String { String(format: "%g s", value) }
}

extension ExplanationReport.Look {
    var verdictWords: String {
        switch verdict {
        case .when: "when"
        case .clear: "clear"
        case .between: "between"
        case .unbelieved: "not believed"
        case .unscheduled: "not watched"
        case nil: "-"
        }
    }
}
