import Foundation
import Pipeline
import Showing

/// An explanation as one page: what happened, the scores over time as a drawing, and the pictures that were kept.
struct ExplanationPage {
    private let report: ExplanationReport
    private static let (width, height) = (720.0, 220.0)
    /// A pause between looks at which the line breaks: what was not looked at is not drawn.
    private static let pause: TimeInterval = 5

    init(_ report: ExplanationReport) {
        self.report = report
    }

    var text: String {
        var parts = ["<h1>\(report.trigger.escaped) on \(report.camera.escaped)</h1>", summary]
        if report.looks.contains(where: { $0.score != nil }) { parts.append(drawing) }
        if !report.members.isEmpty { parts.append(members) }
        parts.append(steps)
        if !report.pictures.isEmpty { parts.append(pictures) }
        if !report.rivals.isEmpty { parts.append(rivals) }
        return page("\(report.trigger) on \(report.camera)", style: Self.style, body: parts.joined(separator: "\n"))
    }

    private var summary: String {
        let rows = (report.rule?.words ?? []).map { "<tr><th>\($0.escaped)</th><td>\($1.escaped)</td></tr>" }
        let notes = report.notes.map { "<p class=\"note\">\($0.escaped)</p>" }
        return """
            <p>\(report.lengthWords.escaped), in the time of \(TimeZone.current.identifier.escaped). \
            Event <code>\(report.event)</code>.</p>
            \(report.percentileWords.map { "<p>\($0)</p>" } ?? "")
            \(rows.isEmpty ? "" : "<table class=\"rule\">\(rows.joined())</table>")
            \(notes.joined(separator: "\n"))
            """
    }

    // MARK: The scores

    private var drawing: String {
        let looks = report.looks.filter { $0.score != nil }
        guard let first = looks.first?.at, let last = looks.last?.at else { return "" }
        let whole = max(last.timeIntervalSince(first), 0.001)
        let across = { (date: Date) in
            min(max(date.timeIntervalSince(first) / whole, 0), 1) * Self.width
        }
        let up = { (value: Double) in Self.height * (1 - report.share(of: value)) }
        let (from, to) = (across(report.started), across(report.ended ?? last))
        var parts = [
            """
            <rect class="event" x="\(short(from))" y="0" width="\(short(max(1, to - from)))" \
            height="\(short(Self.height))"><title>the event</title></rect>
            """
        ]
        parts += [("when", report.rule?.when), ("clear", report.rule?.clear)].compactMap { kind, condition in
            condition.flatMap { condition in
                ExplanationReport.threshold(of: condition).map { line($0, kind, condition, at: up($0)) }
            }
        }
        var previous: Date?
        var path = ""
        for look in looks {
            guard let value = report.value(of: look) else { continue }
            let isNew = previous.map { look.at.timeIntervalSince($0) > Self.pause } ?? true
            path += "\(isNew ? "M" : "L")\(short(across(look.at))) \(short(up(value)))"
            previous = look.at
        }
        parts.append(#"<path class="score" d="\#(path)"/>"#)
        if looks.count <= 400 {
            parts += looks.compactMap { look in
                report.value(of: look).map { value in
                    let words = "\(ExplanationText.clock(look.at)): \(String(format: "%.3f", value))"
                    let rival = look.score?.rival.map { ", best rival “\($0)”" } ?? ""
                    return """
                        <circle class="\(look.verdict?.rawValue ?? "none")" cx="\(short(across(look.at)))" \
                        cy="\(short(up(value)))" r="2.5"><title>\((words + rival).escaped)</title></circle>
                        """
                }
            }
        }
        let range = report.range
        parts += [(range.upperBound, 10.0), (range.lowerBound, Self.height - 2)].map { value, y in
            "<text x=\"-6\" y=\"\(short(y))\" text-anchor=\"end\">\(String(format: "%g", (value * 1000).rounded() / 1000))</text>"
        }
        parts += [(first, "start", 0.0), (last, "end", Self.width)].map { date, anchor, x in
            """
            <text x="\(short(x))" y="\(short(Self.height + 16))" text-anchor="\(anchor)">\
            \(ExplanationText.clock(date))</text>
            """
        }
        return """
            <figure>
            <svg viewBox="-50 0 \(short(Self.width + 60)) \(short(Self.height + 20))" role="img" \
            aria-label="\(report.measure) over time">
            \(parts.joined(separator: "\n"))
            </svg>
            <figcaption>\(report.measure) of the crop that decides, look by look. Shaded: the event. Lines: when (whole), \
            clear (broken).</figcaption>
            </figure>
            """
    }

    private func line(_ value: Double, _ kind: String, _ condition: String, at y: Double) -> String {
        """
        <line class="\(kind)" x1="0" x2="\(short(Self.width))" y1="\(short(y))" y2="\(short(y))">\
        <title>\(kind) \(condition.escaped)</title></line>
        """
    }

    // MARK: The rest

    private var steps: String {
        let items = report.steps.map { step in
            "<li><time>\(ExplanationText.clock(step.at))</time> \(step.what.replacing("`", with: "").escaped)</li>"
        }
        return "<h2>What happened</h2>\n<ol>\n\(items.joined(separator: "\n"))\n</ol>"
    }

    private var members: String {
        let rows = report.members.map { member in
            let spans = member.spans.map { span in
                "\(ExplanationText.clock(span.from)) – \(span.to.map(ExplanationText.clock) ?? "…")"
            }
            let words = spans.isEmpty ? "not active" : spans.joined(separator: ", ")
            return "<tr><th>\(member.trigger.escaped)</th><td>\(words)</td></tr>"
        }
        return "<h2>What it goes by</h2>\n<table class=\"rule\">\(rows.joined())</table>"
    }

    private var pictures: String {
        let figures = report.pictures.map { picture in
            let clock = ExplanationText.clock(picture.at)
            let isDuring = picture.at >= report.started && picture.at <= report.ended ?? .distantFuture
            return """
                <figure\(isDuring ? " class=\"during\"" : "")>\(image(picture.jpeg, alt: clock))\
                <figcaption>\(clock)</figcaption></figure>
                """
        }
        return "<h2>Pictures</h2>\n<div class=\"pictures\">\n\(figures.joined(separator: "\n"))\n</div>"
    }

    private var rivals: String {
        let rows = report.rivals.map { rival in
            let margins = String(format: "%+.3f to %+.3f", rival.leastMargin, rival.greatestMargin)
            return "<tr><td>\(rival.rival.escaped)</td><td>\(rival.looks)</td><td>\(margins)</td></tr>"
        }
        return """
            <h2>Best rivals</h2>
            <table><thead><tr><th>rival</th><th>looks</th><th>the prompt's margin</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1d1f; --ground: #fcfcfa; --faint: #e4e4df; --score: #456a91;
          --event: #2f7d4f; --when: #b3401f; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e2; --ground: #17191b; --faint: #303437;
          --score: #86a9cd; --event: #58b07c; --when: #ef8a62; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
          color: var(--ink); background: var(--ground); }
        h2 { font-size: 1.1rem; margin-top: 2rem; } figure { margin: 1rem 0; }
        figcaption { font-size: 0.85rem; opacity: 0.75; }
        svg { width: 100%; height: auto; display: block; overflow: visible; }
        svg text { font-size: 12px; fill: var(--ink); } line { stroke-width: 1.5; stroke: var(--when); }
        line.clear { stroke-dasharray: 7 4; } path.score { fill: none; stroke: var(--score); stroke-width: 1.5; }
        circle { fill: var(--score); } circle.when { fill: var(--event); } circle.unbelieved { fill: var(--faint); }
        rect.event { fill: var(--event); opacity: 0.14; }
        ol { list-style: none; padding: 0; } time { font-variant-numeric: tabular-nums; margin-right: 1rem; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.75rem; }
        .pictures figure { margin: 0; } img { width: 100%; border-radius: 4px; display: block; }
        .during img { outline: 3px solid var(--event); }
        table { border-collapse: collapse; } th, td { text-align: left; padding: 0.15rem 1.2rem 0.15rem 0;
          vertical-align: top; font-weight: normal; } th { opacity: 0.7; } .note { font-style: italic; }
        """
}
