/// Folds the labels of one camera's looks, in the order of time, into spans: a pure state machine in bounded memory.
///
/// - A label that is not there for a moment is still there: its span ends when it has been missing in ``fewestMisses`` looks
///   and for ``patience``.
/// - One that is seen in a single look is not told, unless looks are so rare (``rareLooks``) that there is no other. Nor is
///   one that is missing in more than half of the looks of its span.
/// - Where there was no look for longer than ``longestPause``, and four times as long as between the looks before, nothing
///   is known: spans end before, and the pause is a hole. So are looks that show nothing, or of which nothing was said, when
///   they are as long in a row.
///
/// Times are milliseconds of any clock that does not go back; a look from before the last one is left out.
public struct LabelFolding: Sendable {
    /// For how long a label must be missing for its span to end.
    public static let patience: Int64 = 3000
    /// In how many looks it must be missing.
    public static let fewestMisses = 3
    /// How far apart looks are when one of them is enough.
    public static let rareLooks: Int64 = 10_000
    /// How long there may be no look.
    public static let longestPause: Int64 = 60_000
    /// For how long looks must show nothing, or say nothing, for that to be told.
    public static let longestSilence: Int64 = 10_000

    /// What is told.
    public enum Part: Sendable, Equatable {
        /// A label was there, in so many looks.
        case label(String, looks: Int)
        /// There was no look.
        case unwatched
        /// Pictures showed nothing, or could not be believed.
        case blind
        /// Of what there was nothing was said.
        case silent
    }

    /// When something was.
    public struct Span: Sendable, Equatable {
        /// What it was.
        public var part: Part
        /// The first look of it; of a pause the last look before.
        public var from: Int64
        /// The last look of it; of a pause the first look after.
        public var until: Int64

        /// Takes values as they are.
        public init(part: Part, from: Int64, until: Int64) {
            self.part = part
            self.from = from
            self.until = until
        }
    }

    private struct Open {
        var from: Int64
        var until: Int64
        var looks: Int
        /// The looks since its first one.
        var all: Int
        var misses: Int
        /// The looks that there were when it was seen last.
        var allWhenSeen: Int
    }

    private var open: [String: Open] = [:]
    private var last: Int64?
    /// From one look to the next, smoothed; nil before the second.
    private var interval: Double?
    private var blind: (from: Int64, until: Int64)?
    private var silent: (from: Int64, until: Int64)?

    /// No look yet.
    public init() {}

    /// Takes a look, and gives the spans that are over with it.
    ///
    /// - Parameters:
    ///   - labels: nil where nothing was said of it.
    ///   - isEvidence: whether its picture could be believed, and showed something; else its labels count for nothing.
    public mutating func look(at time: Int64, labels: [String]?, isEvidence: Bool = true) -> [Span] {
        if let last, time < last { return [] }
        var spans: [Span] = []
        if let last {
            let pause = time - last
            if pause > Self.longestPause, Double(pause) > 4 * (interval ?? 0) {
                spans = finish()
                spans.append(Span(part: .unwatched, from: last, until: time))
                interval = interval ?? Double(pause)
            } else {
                // One that follows a pause is soon known.
                interval = interval.map { $0 + (Double(pause) - $0) / (Double(pause) < $0 ? 2 : 8) } ?? Double(pause)
            }
        }
        last = time
        guard isEvidence else {
            spans += endSilence()
            let blind = (from: blind?.from ?? time, until: time)
            self.blind = blind
            // What may have gone meanwhile does not go on.
            if blind.until - blind.from >= Self.longestSilence {
                for label in open.keys { spans += end(label) }
            }
            return spans.inOrder
        }
        spans += endBlindness()
        let seen = Set(labels ?? [])
        for label in seen {
            var span = open[label] ?? Open(from: time, until: time, looks: 0, all: 0, misses: 0, allWhenSeen: 0)
            span.until = time
            span.looks += 1
            span.all += 1
            span.allWhenSeen = span.all
            span.misses = 0
            open[label] = span
        }
        for (label, span) in open where !seen.contains(label) {
            var span = span
            span.all += 1
            span.misses += 1
            open[label] = span
            guard span.misses >= Self.fewestMisses, time - span.until >= Self.patience else { continue }
            spans += end(label)
        }
        // While something may still be there, it is not silent.
        if open.isEmpty {
            silent = (silent?.from ?? time, time)
        } else {
            spans += endSilence()
        }
        return spans.inOrder
    }

    /// Ends all that is open: no more looks come.
    public mutating func finish() -> [Span] {
        var spans = endBlindness() + endSilence()
        for label in open.keys { spans += end(label) }
        return spans.inOrder
    }

    private mutating func end(_ label: String) -> [Span] {
        guard let span = open.removeValue(forKey: label) else { return [] }
        let isRare = (interval ?? Double(Self.rareLooks)) >= Double(Self.rareLooks)
        guard span.looks > 1 || isRare, 2 * span.looks >= span.allWhenSeen else { return [] }
        return [Span(part: .label(label, looks: span.looks), from: span.from, until: span.until)]
    }

    private mutating func endBlindness() -> [Span] {
        defer { blind = nil }
        guard let blind, blind.until - blind.from >= Self.longestSilence else { return [] }
        return [Span(part: .blind, from: blind.from, until: blind.until)]
    }

    private mutating func endSilence() -> [Span] {
        defer { silent = nil }
        guard let silent, silent.until - silent.from >= Self.longestSilence else { return [] }
        return [Span(part: .silent, from: silent.from, until: silent.until)]
    }
}

extension [LabelFolding.Span] {
    /// By when they began, and then by name, so that the same looks give the same spans.
    fileprivate var inOrder: [LabelFolding.Span] {
        sorted { ($0.from, $0.until, "\($0.part)") < ($1.from, $1.until, "\($1.part)") }
    }
}
