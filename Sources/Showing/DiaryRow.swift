import Foundation

/// Something that a diary tells of one camera: words and when they were true.
public struct DiaryEntry: Sendable, Equatable {
    /// What kind of thing it is.
    public enum Kind: Sendable, Equatable {
        /// A label was seen.
        case seen
        /// An event was told.
        case event
        /// Nothing could be seen.
        case unseen
    }

    /// The camera's name.
    public var camera: String
    /// What it is.
    public var kind: Kind
    /// In words.
    public var words: String
    /// What it is of, without what only this one has, such as an event's score.
    public var subject: String
    /// From when on.
    public var from: Date
    /// Until when; not before `from`.
    public var until: Date

    /// Takes values as they are; without a subject, it is the words.
    public init(camera: String, kind: Kind, words: String, subject: String? = nil, from: Date, until: Date) {
        self.camera = camera
        self.kind = kind
        self.words = words
        self.subject = subject ?? words
        self.from = from
        self.until = until
    }

    fileprivate var length: Double { until.timeIntervalSince(from) }
}

/// A line of a diary: what was there at the same time, and what came and went in between. A pure value.
///
/// Labels that begin and end together, as far as a reader cares, share a line. What was there for less than half of that
/// time, and events, stand behind them with their own times, unless they are more than three: then each has its own line.
public struct DiaryRow: Sendable, Equatable {
    /// What was there, the first of them since `from`.
    public private(set) var entries: [DiaryEntry]
    /// What came and went meanwhile, in the order of time.
    public private(set) var within: [DiaryRow] = []

    private static let mostWithin = 3

    /// The camera's name.
    public var camera: String { entries[0].camera }
    /// When the first of its entries begins.
    public var from: Date { entries.map(\.from).min() ?? .distantPast }
    /// When the last of its entries ends.
    public var until: Date { entries.map(\.until).max() ?? .distantPast }

    private var length: Double { until.timeIntervalSince(from) }
    private var isSeen: Bool { entries[0].kind == .seen }

    /// The lines of some entries, in the order of time.
    public static func rows(of entries: [DiaryEntry]) -> [DiaryRow] {
        let byCamera = Dictionary(grouping: entries, by: \.camera)
        return byCamera.keys.sorted().flatMap { rows(ofCamera: byCamera[$0] ?? []) }.sorted(by: isBefore)
    }

    private static func isBefore(_ one: DiaryRow, _ other: DiaryRow) -> Bool {
        (one.from, other.until, one.camera, one.entries[0].words)
            < (other.from, one.until, other.camera, other.entries[0].words)
    }

    private static func rows(ofCamera entries: [DiaryEntry]) -> [DiaryRow] {
        // The shortest first, so that each can find the shortest that holds it.
        var rows = together(entries).sorted { ($0.length, $0.from) < ($1.length, $1.from) }
        var settled: [DiaryRow] = []
        // Those that are long enough to hold the next row, and all that come.
        var holders = rows.indices.filter { rows[$0].isSeen }[...]
        for index in rows.indices {
            var row = rows[index]
            if row.within.count > mostWithin {
                settled += row.within
                row.within = []
            }
            holders = holders.drop { $0 <= index || rows[$0].length < 2 * row.length }
            let holder = holders.first { rows[$0].holds(row) }
            if row.within.isEmpty, let holder {
                rows[holder].within.append(row)
            } else {
                settled.append(row)
            }
        }
        for index in settled.indices { settled[index].within.sort(by: isBefore) }
        return settled
    }

    private func holds(_ row: DiaryRow) -> Bool {
        isSeen && row.entries[0].kind != .unseen && from <= row.from && row.until <= until && 2 * row.length <= length
    }

    /// Labels that begin and end at about the same time: within 2 s, or a twentieth of their length.
    private static func together(_ entries: [DiaryEntry]) -> [DiaryRow] {
        var rows: [DiaryRow] = []
        // Lines that can still get labels: those that began a moment ago.
        var recent: [Int] = []
        for entry in entries.sorted(by: { ($0.from, $1.until, $0.words) < ($1.from, $0.until, $1.words) }) {
            guard entry.kind == .seen else {
                rows.append(DiaryRow(entries: [entry]))
                continue
            }
            let slack = max(2, entry.length / 20)
            recent.removeAll { index in
                entry.from.timeIntervalSince(rows[index].entries[0].from) > max(slack, rows[index].length / 20)
            }
            let fitting = recent.first { index in
                let first = rows[index].entries[0]
                return abs(entry.from.timeIntervalSince(first.from)) <= slack
                    && abs(entry.until.timeIntervalSince(first.until)) <= slack
            }
            if let fitting {
                rows[fitting].entries.append(entry)
            } else {
                recent.append(rows.count)
                rows.append(DiaryRow(entries: [entry]))
            }
        }
        return rows
    }
}

/// Lines of a diary as text.
public struct DiaryText: Sendable {
    private let zone: TimeZone
    private let hasSeconds: Bool

    /// - Parameter rows: what is to be told; seconds are where all of it lies within ten minutes.
    public init(_ rows: [DiaryRow], in zone: TimeZone = .current) {
        self.zone = zone
        let first = rows.map(\.from).min() ?? .distantPast
        let last = rows.map(\.until).max() ?? .distantPast
        hasSeconds = last.timeIntervalSince(first) < 600
    }

    /// All lines, with a heading for each day.
    ///
    /// - Parameter columns: how much room there is; nil for as much as it takes.
    public func text(of rows: [DiaryRow], columns: Int? = nil) -> String {
        var lines: [String] = []
        var day: String?
        for row in rows {
            let own = self.day(row.from)
            if own != day {
                if day != nil { lines.append("") }
                lines.append(own)
                day = own
            }
            lines += Self.wrapped("\(time(row)) \(row.camera.shown): \(words(of: row))", to: columns)
        }
        return lines.joined(separator: "\n")
    }

    /// What a line says, without its time and camera: `a parked car, rain; a person 08:09`.
    public func words(of row: DiaryRow) -> String {
        let within = row.within.map { "; \(Self.words($0)) \(time($0))" }
        return Self.words(row) + within.joined()
    }

    private static func words(_ row: DiaryRow) -> String {
        row.entries.map(\.words.shown).joined(separator: ", ")
    }

    /// From when until when, or one time where the two read the same.
    public func time(_ row: DiaryRow) -> String {
        let (from, until) = (clock(row.from), clock(row.until))
        if day(row.from) != day(row.until) { return "\(from)–\(day(row.until)) \(until)" }
        return from == until ? from : "\(from)–\(until)"
    }

    /// The day of a time, `2026-11-23`.
    public func day(_ date: Date) -> String { String(local(date).prefix(10)) }

    private func clock(_ date: Date) -> String { String(local(date).dropFirst(11).prefix(hasSeconds ? 8 : 5)) }

    private func local(_ date: Date) -> String { LocalTime.text(date, in: zone) }

    /// Broken between words; what does not fit into the first line is indented.
    private static func wrapped(_ text: String, to columns: Int?) -> [String] {
        guard let columns, columns > 20, text.cells > columns else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.cells + 1 + String(word).cells > columns {
                lines.append(line)
                line = "    " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
