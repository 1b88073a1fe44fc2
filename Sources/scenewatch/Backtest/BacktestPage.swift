import Configuration
import Foundation
import Showing

/// The report as one page that needs nothing else: of each trigger its events, how the scores lie, and what is suggested.
///
/// It is HTML that is XML, too, without scripts, and light or dark as its reader's screen is.
struct BacktestPage {
    private let report: BacktestReport

    init(_ report: BacktestReport) {
        self.report = report
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Backtest</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <h1>Backtest</h1>
        <p>\(report.lookWords), in the time of \(TimeZone.current.identifier.escaped)</p>
        \(report.triggers.map(section).joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private func section(_ trigger: BacktestReport.Trigger) -> String {
        let count = trigger.events.count
        var parts = [
            "<section>", "<h2>\(trigger.name.escaped)</h2>",
            "<p>\(count) event\(count == 1 ? "" : "s") by <code>\(trigger.when.escaped)</code>, "
                + "<code>\(trigger.clear.escaped)</code></p>",
        ]
        if let words = trigger.mistakeWords { parts.append("<p>Of the moments named, \(words).</p>") }
        if let timeline = timeline(of: trigger) { parts.append(timeline) }
        if let histogram = trigger.histogram { parts.append(drawing(of: histogram, trigger)) }
        if let suggestion = trigger.suggestion { parts.append("<p>\(suggestion.words.escaped)</p>") }
        if count > 0 { parts.append(table(of: trigger.events)) }
        return (parts + ["</section>"]).joined(separator: "\n")
    }

    // MARK: Drawings

    private static let (width, height) = (640.0, 160.0)

    /// A bar for each step, with lines where the thresholds are.
    private func drawing(of histogram: BacktestReport.Histogram, _ trigger: BacktestReport.Trigger) -> String {
        let step = Self.width / Double(histogram.counts.count)
        let bars = histogram.counts.indices.filter { histogram.counts[$0] > 0 }.map { index in
            let high = max(2, histogram.length(of: index) * Self.height)
            let (from, to) = (histogram.start(of: index), histogram.start(of: index + 1))
            let words = String(format: "%.3f to %.3f: %ld looks", from, to, histogram.counts[index])
            return """
                <rect class="bar" x="\(short(Double(index) * step + 1))" y="\(short(Self.height - high))" \
                width="\(short(step - 2))" height="\(short(high))"><title>\(words)</title></rect>
                """
        }
        let thresholds = [
            ("when", trigger.when), ("clear", trigger.clear), ("suggested", trigger.suggestion?.when),
            ("suggested", trigger.suggestion?.clear),
        ].compactMap { kind, text in
            text.flatMap { try? Condition(parsing: $0) }.flatMap { line($0, kind, in: histogram) }
        }
        let middle = (histogram.least + histogram.greatest) / 2
        let marks = [(0.0, "start", histogram.least), (0.5, "middle", middle), (1, "end", histogram.greatest)]
            .map { share, anchor, value in
                """
                <text x="\(short(share * Self.width))" y="\(short(Self.height + 16))" text-anchor="\(anchor)">\
                \(String(format: "%.3f", value))</text>
                """
            }
        return """
            <figure>
            <svg viewBox="0 0 \(short(Self.width)) \(short(Self.height + 20))" role="img" \
            aria-label="how the scores lie">
            \((bars + thresholds + marks).joined(separator: "\n"))
            </svg>
            <figcaption>\(histogram.measure), the number of looks as its logarithm. Lines: when (whole), clear (broken)\
            \(trigger.suggestion == nil ? "" : ", suggested (dotted)").</figcaption>
            </figure>
            """
    }

    private func line(_ condition: Condition, _ kind: String, in histogram: BacktestReport.Histogram) -> String? {
        let width = histogram.greatest - histogram.least
        let share = width > 0 ? (condition.threshold - histogram.least) / width : 0
        guard (0...1).contains(share) else { return nil }
        let x = short(share * Self.width)
        return """
            <line class="\(kind)" x1="\(x)" x2="\(x)" y1="0" y2="\(short(Self.height))">\
            <title>\(condition.description.escaped)</title></line>
            """
    }

    /// The events from the first look to the last, a row for each camera.
    private func timeline(of trigger: BacktestReport.Trigger) -> String? {
        guard let first = report.firstLook, let last = report.lastLook, last > first, !trigger.events.isEmpty else {
            return nil
        }
        let cameras = Set(trigger.events.map(\.camera)).sorted()
        let whole = last.timeIntervalSince(first)
        let place = { (date: Date) in
            min(max(date.timeIntervalSince(first) / whole, 0), 1) * Self.width
        }
        let rows = cameras.enumerated().map { row, camera in
            let top = Double(row) * 28
            let events = trigger.events.filter { $0.camera == camera }.map { event in
                let (from, to) = (place(event.started), place(event.ended ?? last))
                return """
                    <rect class="event" x="\(short(from))" y="\(short(top + 16))" width="\(short(max(2, to - from)))" \
                    height="8"><title>\(LocalTime.text(event.started))</title></rect>
                    """
            }
            let ground = """
                <rect class="ground" x="0" y="\(short(top + 16))" width="\(short(Self.width))" height="8"/>
                """
            return """
                <text x="0" y="\(short(top + 12))">\(camera.escaped)</text>
                \(([ground] + events).joined(separator: "\n"))
                """
        }
        return """
            <figure>
            <svg viewBox="0 0 \(short(Self.width)) \(cameras.count * 28)" role="img" aria-label="when there were events">
            \(rows.joined(separator: "\n"))
            </svg>
            </figure>
            """
    }

    // MARK: Events

    private func figure(_ format: String, _ value: Double?) -> String? {
        value.map { String(format: format, $0) }
    }

    private func table(of events: [BacktestReport.Event]) -> String {
        let heading = [
            "started", "camera", "for", "reason", "probability", "similarity", "margin", "rival", "suppressed",
        ]
        let rows = events.map { event in
            let length = event.ended.map { String(format: "%.1f s", $0.timeIntervalSince(event.started)) }
            let score = event.score
            let cells: [String?] = [
                LocalTime.text(event.started), event.camera, length ?? "goes on", event.reason,
                figure("%.2f", score?.probability), figure("%.3f", score?.similarity),
                figure("%+.3f", score?.margin), score?.rival,
                event.suppressed > 0 ? "\(event.suppressed)" : nil,
            ]
            return "<tr>" + cells.map { "<td>\(($0 ?? "").escaped)</td>" }.joined() + "</tr>"
        }
        return """
            <div class="wide"><table>
            <thead><tr>\(heading.map { "<th>\($0)</th>" }.joined())</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    private func short(_ value: Double) -> String {
        String(format: "%.1f", value)
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1d1f; --ground: #fcfcfa; --faint: #e4e4df; --bar: #7d93ab;
          --event: #2f7d4f; --when: #b3401f; --suggested: #7a4fb3; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e2; --ground: #17191b; --faint: #303437;
          --bar: #5f7891; --event: #58b07c; --when: #ef8a62; --suggested: #b491e6; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
          color: var(--ink); background: var(--ground); }
        section { border-top: 1px solid var(--faint); margin-top: 2rem; }
        figure { margin: 1rem 0; } figcaption { font-size: 0.85rem; opacity: 0.75; }
        svg { width: 100%; max-width: 40rem; height: auto; display: block; overflow: visible; }
        svg text { font-size: 12px; fill: var(--ink); } line { stroke-width: 2; }
        .bar { fill: var(--bar); } .ground { fill: var(--faint); } .event { fill: var(--event); }
        .when { stroke: var(--when); } .clear { stroke: var(--when); stroke-dasharray: 7 4; }
        .suggested { stroke: var(--suggested); stroke-dasharray: 2 3; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; }
        th, td { text-align: left; padding: 0.2rem 1rem 0.2rem 0; border-bottom: 1px solid var(--faint);
          white-space: nowrap; font-variant-numeric: tabular-nums; }
        """
}

extension String {
    /// As text or an attribute's value in a page. What XML has no way to write, such as most control characters, is
    /// replaced.
    var escaped: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
