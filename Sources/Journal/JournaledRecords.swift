import Foundation
import GRDB

/// An event as the journal has it.
public struct JournaledEvent: Sendable, Hashable {
    /// How it began.
    public var start: EventStart
    /// The number of the message of its start.
    public var seqStarted: Int64
    /// How it ended; nil while it is active.
    public var end: EventEnd?
    /// The number of the message of its end; nil while it is active.
    public var seqEnded: Int64?

    /// Makes an event out of its start and, when it has ended, its end.
    public init(start: EventStart, seqStarted: Int64, end: EventEnd? = nil, seqEnded: Int64? = nil) {
        self.start = start
        self.seqStarted = seqStarted
        self.end = end
        self.seqEnded = seqEnded
    }
}

/// A look as the journal has it.
public struct JournaledLook: Sendable, Hashable {
    /// The look's number in the views `looks` and `scores`.
    public var id: Int64
    /// The look; its embeddings in float16's precision, its scores in the order of trigger and crop.
    public var look: LookRecord
}

/// A score as the journal has it.
public struct JournaledScore: Sendable, Hashable {
    /// The look's number in the view `looks`.
    public var look: Int64
    /// The camera's name.
    public var camera: String
    /// When the frame was captured.
    public var at: Date
    /// The score.
    public var score: ScoreRecord
}

extension ScoreRecord {
    /// The six columns from `first` on: trigger, crop, similarity, probability, margin, rival.
    init(_ row: Row, from first: Int) {
        self.init(
            trigger: row[first],
            crop: row[first + 1],
            similarity: row[first + 2],
            probability: row[first + 3],
            margin: row[first + 4],
            rival: row[first + 5]
        )
    }
}

extension JournaledEvent {
    /// The columns that `JournalReader` selects of an event.
    init(row: Row) throws {
        let text: String = row[0]
        guard let id = EventID(text) else {
            throw RecordRefusal(reason: "\(text.debugDescription) is not an event's id")
        }
        var startScore: EventScore?
        if let similarity: Double = row[4], let probability: Double = row[5], let margin: Double = row[6] {
            startScore = EventScore(similarity: similarity, probability: probability, margin: margin, rival: row[7])
        }
        let start = EventStart(
            id: id,
            trigger: row[1],
            camera: row[2],
            at: Milliseconds.date(row[3]),
            score: startScore,
            crop: row[8],
            region: row[21],
            frame: UInt64(clamping: row[9] as Int64),
            suppressed: row[19],
            isDryRun: row[20]
        )
        self.init(start: start, seqStarted: row[10])
        guard let ended: Int64 = row[11] else { return }
        seqEnded = row[18]
        let reason: String = row[12]
        guard let reason = EventEndReason(rawValue: reason) else {
            throw RecordRefusal(reason: "\(reason.debugDescription) is no reason for an event's end")
        }
        var score: EventScore?
        if let similarity: Double = row[13], let probability: Double = row[14], let margin: Double = row[15] {
            score = EventScore(similarity: similarity, probability: probability, margin: margin, rival: row[16])
        }
        end = EventEnd(
            id: id,
            trigger: start.trigger,
            camera: start.camera,
            at: Milliseconds.date(ended),
            reason: reason,
            score: score,
            frame: (row[17] as Int64?).map { UInt64(clamping: $0) },
            isDryRun: start.isDryRun
        )
    }
}
