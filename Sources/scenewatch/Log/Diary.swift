import Foundation
import Journal
import Matching
import Showing

/// What the journal's cameras saw in a part of the past, read page by page: spans are kept, looks are not.
struct Diary: Sendable {
    /// A span of a label, an event, or a time in which nothing could be seen; as a program reads it.
    struct Line: Encodable, Sendable {
        enum Kind: String, Encodable {
            case seen, event, unseen
        }

        var kind: Kind
        var camera: String
        var from: Date
        /// Nil of an event that is still active.
        var until: Date?
        var label: String?
        /// In how many looks the label was.
        var looks: Int?
        /// An event's id.
        var event: String?
        var trigger: String?
        var probability: Double?
        var dryRun: Bool?
        /// Why nothing could be seen.
        var reason: String?
    }

    /// In the order of time.
    private(set) var lines: [Line] = []
    /// How many looks there were.
    private(set) var looks = 0
    /// How many of them had labels.
    private(set) var described = 0

    private let now: Date

    /// - Parameter now: until when cameras can have been watched.
    init(
        _ reader: JournalReader,
        cameras: [String],
        since: Date,
        until: Date,
        now: Date = Date()
    ) throws(JournalError) {
        self.now = now
        for camera in cameras {
            try addLooks(of: camera, reader, since, until)
        }
        try addEvents(of: cameras, reader, since, until)
        lines.sort { ($0.from, $1.until ?? now, $0.camera, $0.words) < ($1.from, $0.until ?? now, $1.camera, $1.words) }
    }

    /// For a person.
    var entries: [DiaryEntry] {
        lines.map { line in
            let kind: DiaryEntry.Kind =
                switch line.kind {
                case .seen: .seen
                case .event: .event
                case .unseen: .unseen
                }
            let until = max(line.until ?? now, line.from)
            return DiaryEntry(
                camera: line.camera,
                kind: kind,
                words: line.words,
                subject: line.subject,
                from: line.from,
                until: until
            )
        }
    }

    // MARK: Reading

    private mutating func addLooks(
        of camera: String,
        _ reader: JournalReader,
        _ since: Date,
        _ until: Date
    ) throws(JournalError) {
        var folding = LabelFolding()
        var spans: [LabelFolding.Span] = []
        var (count, described) = (0, 0)
        var ends: (first: Int64, last: Int64)?
        try reader.eachDescribedLook(camera: camera, since: since, until: until) { look in
            count += 1
            if look.labels != nil { described += 1 }
            ends = (ends?.first ?? look.at, look.at)
            spans += folding.look(at: look.at, labels: look.labels, isEvidence: look.isEvidence)
        }
        spans += folding.finish()
        looks += count
        self.described += described
        lines += spans.compactMap { Line($0, camera) }.filter { $0.kind == .seen }

        var holes = spans.compactMap { Line($0, camera) }.filter { $0.kind == .unseen }
        let first = ends.map { Self.date($0.first) } ?? min(until, now)
        let last = ends.map { Self.date($0.last) } ?? now
        let pause = Double(LabelFolding.longestPause) / 1000
        if first.timeIntervalSince(since) > pause {
            holes.append(Line(unseen: Self.unwatched, camera, since, first))
        }
        if min(until, now).timeIntervalSince(last) > pause {
            holes.append(Line(unseen: Self.unwatched, camera, last, min(until, now)))
        }
        for loss in try reader.losses(camera: camera, since: since, until: until) {
            let end = loss.until ?? max(now, loss.from)
            // A hole with a known cause is told once.
            if let hole = holes.firstIndex(where: { $0.from <= end && loss.from <= $0.until ?? now }) {
                holes[hole].reason = "nothing could be seen: \(loss.reason)"
            } else if loss.until != nil || ends.map({ loss.from > Self.date($0.last) }) ?? true {
                holes.append(Line(unseen: "nothing could be seen: \(loss.reason)", camera, loss.from, end))
            }
        }
        lines += holes
    }

    private mutating func addEvents(
        of cameras: [String],
        _ reader: JournalReader,
        _ since: Date,
        _ until: Date
    ) throws(JournalError) {
        let selection = PastSelection(since: since, until: until, cameras: Set(cameras))
        var seq: Int64 = 0
        while true {
            let page = try reader.events(after: seq, selection, limit: 1000)
            lines += page.map(Line.init)
            guard page.count == 1000, let last = page.last else { return }
            seq = last.seqStarted
        }
    }

    fileprivate static let unwatched = "nothing was looked at"

    fileprivate static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension Diary.Line {
    fileprivate init(unseen reason: String, _ camera: String, _ from: Date, _ until: Date) {
        self.init(kind: .unseen, camera: camera, from: from, until: until, reason: reason)
    }

    /// Nil where there is nothing to tell.
    fileprivate init?(_ span: LabelFolding.Span, _ camera: String) {
        let (from, until) = (Diary.date(span.from), Diary.date(span.until))
        switch span.part {
        case .label(let label, let looks):
            self.init(kind: .seen, camera: camera, from: from, until: until, label: label, looks: looks)
        case .unwatched: self.init(unseen: Diary.unwatched, camera, from, until)
        case .blind: self.init(unseen: "nothing could be seen", camera, from, until)
        case .silent: self.init(unseen: "nothing that there are words for", camera, from, until)
        }
    }

    fileprivate init(_ event: JournaledEvent) {
        self.init(
            kind: .event,
            camera: event.start.camera,
            from: event.start.at,
            until: event.end?.at,
            event: event.start.id.description,
            trigger: event.start.trigger,
            probability: event.start.score?.probability,
            dryRun: event.start.isDryRun ? true : nil
        )
    }

    /// What it is of.
    fileprivate var subject: String {
        kind == .event ? "event \(trigger ?? "")" : words
    }

    /// What it says, for a person.
    var words: String {
        switch kind {
        case .seen: return label ?? ""
        case .unseen: return reason ?? ""
        case .event:
            let score = probability.map { String(format: " (%.2f)", $0) } ?? ""
            let trial = dryRun == true ? " on trial" : ""
            let active = until == nil ? ", still active" : ""
            return "event \(trigger ?? "")\(trial)\(score)\(active)"
        }
    }
}
