import Configuration
import Foundation
import Journal
import Matching
import Testing

/// Compares the events of a journal with what the trigger machine makes of the journal's own scores.
struct Replay {
    let trigger: String
    let camera: String
    let rule: TriggerRule
    /// The daemon was killed: what its very last look brought about may not have reached the journal.
    var endsAbruptly = false

    /// Expects exactly the events that follow from the scores, at the same frames, and returns how many began.
    @discardableResult
    func expectAgreement(with journal: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
        let reader = try JournalReader(path: journal)
        defer { reader.close() }
        let looks = try reader.looks(camera: camera, limit: .max).reversed().map(\.look)
        let events = try reader.events(limit: .max).filter { $0.start.trigger == trigger && $0.start.camera == camera }
        let starts = Set(events.map { Moment($0.start.at, $0.start.frame) })
        let ends = Set(
            events.compactMap(\.end).filter { $0.reason == .cleared }.map { Moment($0.at, $0.frame ?? .max) }
        )
        #expect(starts.count == events.count, sourceLocation: sourceLocation)

        var machine = TriggerMachine(rule: rule)
        var seen = (starts: 0, ends: 0)
        for (index, look) in looks.enumerated() {
            // The frames of a new daemon are counted from the start.
            if index > 0, look.sequence <= looks[index - 1].sequence { machine = TriggerMachine(rule: rule) }
            if look.isAfterLoss || !look.isEvidence { machine.interrupt() }
            guard look.isEvidence else { continue }
            let isLast = index + 1 == looks.count || looks[index + 1].sequence <= look.sequence
            let scores = look.scores.filter { $0.trigger == trigger }.map(Score.init)
            let crop = try #require(rule.day.decidingCrop(of: scores), sourceLocation: sourceLocation)
            let moment = Moment(look.at, look.sequence)
            let told: Told? = starts.contains(moment) ? .start : ends.contains(moment) ? .end : nil
            if told == .start { seen.starts += 1 }
            if told == .end { seen.ends += 1 }
            let elapsed = try #require(look.elapsed, sourceLocation: sourceLocation)
            let says = machine.observe(rule.day.evidence(of: rule.day.value(of: scores[crop])), at: elapsed).map(
                Told.init
            )
            #expect(
                says == told || endsAbruptly && isLast && told == nil,
                "frame \(look.sequence): scores say \(String(describing: says)), the journal \(String(describing: told))",
                sourceLocation: sourceLocation
            )
        }
        #expect(seen.starts == starts.count, "events begin at looks", sourceLocation: sourceLocation)
        #expect(seen.ends == ends.count, "cleared events end at looks", sourceLocation: sourceLocation)
        return seen.starts
    }

    private enum Told {
        case start, end

        init(_ action: TriggerMachine.Action) {
            switch action {
            case .start: self = .start
            case .end: self = .end
            }
        }
    }

    private struct Moment: Hashable {
        let milliseconds: Int64
        let frame: UInt64

        init(_ date: Date, _ frame: UInt64) {
            milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
            self.frame = frame
        }
    }
}

extension Score {
    init(_ record: ScoreRecord) {
        self.init(
            similarity: record.similarity,
            probability: record.probability,
            margin: record.margin,
            rival: record.rival
        )
    }
}
