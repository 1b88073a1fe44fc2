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
        let losses = try reader.messages(after: 0, limit: .max).compactMap { message in
            if case .cameraLost(let change) = message.message, change.camera == camera { change.at } else { nil }
        }
        #expect(starts.count == events.count, sourceLocation: sourceLocation)

        var machine = TriggerMachine(rule: rule)
        var seen = (starts: 0, ends: 0)
        for (index, look) in looks.enumerated() {
            // The frames of a new daemon are counted from the start.
            if index > 0, look.sequence <= looks[index - 1].sequence { machine = TriggerMachine(rule: rule) }
            if index > 0, losses.contains(where: { looks[index - 1].at < $0 && $0 < look.at }) { machine.interrupt() }
            let isLast = index + 1 == looks.count || looks[index + 1].sequence <= look.sequence
            let scores = look.scores.filter { $0.trigger == trigger }.map(Score.init)
            let crop = try #require(rule.decidingCrop(of: scores), sourceLocation: sourceLocation)
            let moment = Moment(look.at, look.sequence)
            let told: TriggerMachine.Action? = starts.contains(moment) ? .start : ends.contains(moment) ? .end : nil
            if told == .start { seen.starts += 1 }
            if told == .end { seen.ends += 1 }
            // The daemon dwells on a monotonic clock, and the journal has the other one, in whole milliseconds.
            let time = Duration.milliseconds(Int64((look.at.timeIntervalSince1970 * 1000).rounded()))
            let outcomes = [.zero, .milliseconds(20), .milliseconds(-20)].map { (slack: Duration) in
                var machine = machine
                let action = machine.observe(rule.value(of: scores[crop]), at: time + slack)
                return (machine, action)
            }
            if let agreeing = outcomes.first(where: { $0.1 == told }) {
                machine = agreeing.0
            } else {
                machine = outcomes[0].0
                let says = String(describing: outcomes[0].1)
                #expect(
                    endsAbruptly && isLast && told == nil,
                    "frame \(look.sequence): scores say \(says), the journal \(String(describing: told))",
                    sourceLocation: sourceLocation
                )
            }
        }
        #expect(seen.starts == starts.count, "events begin at looks", sourceLocation: sourceLocation)
        #expect(seen.ends == ends.count, "cleared events end at looks", sourceLocation: sourceLocation)
        return seen.starts
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
