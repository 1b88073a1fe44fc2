import Foundation
import Showing

/// A diary as one page: of each camera and day a bar for each label, and the lines below it.
struct DiaryPage {
    private let rows: [DiaryRow]
    private let entries: [DiaryEntry]
    private let words: DiaryText

    init(_ entries: [DiaryEntry]) {
        self.entries = entries
        rows = DiaryRow.rows(of: entries)
        words = DiaryText(rows)
    }

    var text: String {
        let days = Dictionary(grouping: rows) { words.day($0.from) }
        let sections = days.keys.sorted().map { day in section(day, days[day] ?? []) }
        return page(
            "Diary",
            style: Self.style,
            body: """
                <h1>Diary</h1>
                <p>In the time of \(TimeZone.current.identifier.escaped)</p>
                \(sections.isEmpty ? "<p>nothing</p>" : sections.joined(separator: "\n"))
                """
        )
    }

    private func section(_ day: String, _ rows: [DiaryRow]) -> String {
        let byCamera = Dictionary(grouping: rows, by: \.camera)
        let cameras = byCamera.keys.sorted().map { camera in
            let lines = (byCamera[camera] ?? []).map { row in
                "<li><time>\(words.time(row))</time> \(words.words(of: row).escaped)</li>"
            }
            return """
                <section>
                <h3>\(camera.escaped)</h3>
                \(chart(day, camera))
                <ul>
                \(lines.joined(separator: "\n"))
                </ul>
                </section>
                """
        }
        return (["<h2>\(day)</h2>"] + cameras).joined(separator: "\n")
    }

    private static let most = 40

    /// A bar for each entry, a line for each thing that is told, those that were there for longest first.
    private func chart(_ day: String, _ camera: String) -> String {
        let own = entries.filter { $0.camera == camera && words.day($0.from) == day }
        guard let first = own.map(\.from).min(), let last = own.map(\.until).max(), last > first else { return "" }
        let whole = last.timeIntervalSince(first)
        let bySubject = Dictionary(grouping: own) { $0.kind == .unseen ? "nothing" : $0.subject }
        let sums = bySubject.mapValues { $0.reduce(0) { $0 + $1.until.timeIntervalSince($1.from) } }
        let names = bySubject.keys.sorted { (sums[$1] ?? 0, $0) < (sums[$0] ?? 0, $1) }.prefix(Self.most)
        let lines = names.map { name in
            let bars = (bySubject[name] ?? []).map { entry in
                let left = entry.from.timeIntervalSince(first) / whole * 100
                let width = max(0.3, entry.until.timeIntervalSince(entry.from) / whole * 100)
                let kind =
                    switch entry.kind {
                    case .seen: "seen"
                    case .event: "event"
                    case .unseen: "unseen"
                    }
                let place = String(format: "left:%.2f%%;width:%.2f%%", left, min(width, 100 - left))
                return "<i class=\"\(kind)\" style=\"\(place)\" title=\"\(entry.words.escaped)\"></i>"
            }
            return "<tr><th>\(name.escaped)</th><td><div>\(bars.joined())</div></td></tr>"
        }
        return "<table>\n\(lines.joined(separator: "\n"))\n</table>"
    }

    private static let style = """
        :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
        body { margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem; }
        table { width: 100%; border-collapse: collapse; font-size: 0.85rem; }
        th { font-weight: normal; text-align: right; padding-right: 0.7rem; width: 1%; white-space: nowrap; }
        td div { position: relative; height: 0.9rem; background: #8882; }
        td i { position: absolute; top: 0; bottom: 0; background: #4a8; border-radius: 2px; }
        td i.event { background: #d63; }
        td i.unseen { background: #8886; }
        ul { list-style: none; padding: 0; }
        time { font-variant-numeric: tabular-nums; opacity: 0.7; }
        """
}
