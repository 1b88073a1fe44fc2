import Configuration
import Foundation

/// What happened on the way to an event and through it, told from what the looks say. Pure.
package struct ExplanationSteps {
    /// In the order of time.
    package private(set) var steps: [ExplanationReport.Step] = []
    /// Whether the rule as it is now would not have started the event when it started.
    package private(set) var isByAnotherRule = false

    private let report: ExplanationReport
    private let trigger: TriggerSettings?
    private let breaks: Set<Int64>
    private let previousStart: Date?

    /// How many vain beginnings are told.
    private static let mostVain = 5

    /// - Parameters:
    ///   - report: whose steps are not looked at.
    ///   - trigger: as the configuration has it now; nil where it has none.
    ///   - breaks: the numbers of looks before which nothing counts for them: their camera had been lost, the daemon had
    ///     started, or looks are left out.
    ///   - previousStart: when the event before this one started, from which a cooldown counts.
    package init(
        _ report: ExplanationReport,
        _ trigger: TriggerSettings?,
        breaks: Set<Int64> = [],
        previousStart: Date? = nil
    ) {
        self.report = report
        self.trigger = trigger
        self.breaks = breaks
        self.previousStart = previousStart
        if let trigger, trigger.combination == nil {
            tellBefore(trigger)
            tellStart(trigger)
            tellMiddle(trigger)
            tellEnd(trigger)
        } else {
            tellMembers()
            tell(report.started, "the event starts")
            if let ended = report.ended { tell(ended, ending(report.reason)) }
        }
        steps.sort { $0.at < $1.at }
    }

    private mutating func tell(_ at: Date, _ what: String) {
        steps.append(ExplanationReport.Step(at: at, what: what))
    }

    // MARK: Of a scene

    /// Scenes that were seen for too short a time.
    private mutating func tellBefore(_ trigger: TriggerSettings) {
        let before = report.looks.filter { $0.at < report.started }
        // What leads to the event is told with its start.
        let vain = runs(of: .when, in: before).filter { $0.upperBound < before.count - 1 }
        for run in vain.suffix(Self.mostVain) {
            let length = before[run.upperBound].at.timeIntervalSince(before[run.lowerBound].at)
            tell(before[run.lowerBound].at, "`when` holds for \(seconds(length)), \(value(of: before[run.lowerBound]))")
        }
    }

    private mutating func tellStart(_ trigger: TriggerSettings) {
        let hold = trigger.hold / .seconds(1)
        defer {
            if report.suppressed > 0 {
                let scenes = report.suppressed == 1 ? "one scene" : "\(report.suppressed) scenes"
                tell(report.started, "\(scenes) before it came and went within the cooldown")
            }
        }
        guard let place = report.looks.firstIndex(where: { $0.at == report.started }) else {
            return tell(report.started, "the event starts")
        }
        guard let first = beginning(of: .when, at: place) else {
            isByAnotherRule = true
            return tell(report.started, "the event starts, \(value(of: report.looks[place]))")
        }
        let length = report.started.timeIntervalSince(first.at)
        if first.at < report.started { tell(first.at, "`when` begins to hold, \(value(of: first))") }
        let why: String
        if isHeldBack(since: first.at + hold) {
            why = ": the cooldown of the one before is over, and the scene is still there"
        } else {
            // The looks that are read begin a while before, not with the scene.
            isByAnotherRule = length < hold - 0.001 && first.look != report.looks.first?.look
            why = hold > 0 ? ": `when` has held for \(seconds(length))" : ""
        }
        tell(report.started, "the event starts\(why), \(value(of: report.looks[place]))")
    }

    /// Whether a scene that could have been told at a time has waited for a cooldown. One that has held before, and then
    /// was between the thresholds, is told at the first look that shows it again.
    private func isHeldBack(since ready: Date) -> Bool {
        guard let previousStart, let cooldown = trigger?.cooldown, cooldown > .zero else { return false }
        let over = previousStart + cooldown / .seconds(1)
        // Times are kept to the millisecond.
        guard over <= report.started + 0.001 else { return false }
        if over > ready { return true }
        // What was before the looks that are read is not known.
        return ready > report.started && over >= report.looks.first?.at ?? .distantFuture
    }

    /// Times in which the event nearly ended.
    private mutating func tellMiddle(_ trigger: TriggerSettings) {
        let during = report.looks.filter { $0.at > report.started && $0.at <= report.ended ?? .distantFuture }
        let vain = runs(of: .clear, in: during).filter { $0.upperBound < during.count - 1 }
        for run in vain.prefix(Self.mostVain) {
            let length = during[run.upperBound].at.timeIntervalSince(during[run.lowerBound].at)
            tell(
                during[run.lowerBound].at,
                "`clear` holds for \(seconds(length)), \(value(of: during[run.lowerBound])): the event goes on"
            )
        }
        if vain.count > Self.mostVain, let last = vain.dropFirst(Self.mostVain).first {
            tell(during[last.lowerBound].at, "and so \(vain.count - Self.mostVain) times more")
        }
    }

    private mutating func tellEnd(_ trigger: TriggerSettings) {
        guard let ended = report.ended else { return }
        guard report.reason == "cleared", let place = report.looks.lastIndex(where: { $0.at == ended }),
            let first = beginning(of: .clear, at: place)
        else { return tell(ended, ending(report.reason)) }
        if first.at < ended { tell(first.at, "`clear` begins to hold, \(value(of: first))") }
        let length = ended.timeIntervalSince(first.at)
        let why = trigger.release > .zero ? ": `clear` has held for \(seconds(length))" : ""
        tell(ended, "the event ends\(why), \(value(of: report.looks[place]))")
    }

    /// The first of the looks up to a place that all say the same; nil where that one does not.
    private func beginning(of verdict: ExplanationReport.Verdict, at place: Int) -> ExplanationReport.Look? {
        var first: ExplanationReport.Look?
        for look in report.looks[...place].reversed() {
            guard look.verdict == verdict else { break }
            first = look
            if breaks.contains(look.look) { break }
        }
        return first
    }

    /// The places of looks that follow each other and say that.
    private func runs(
        of verdict: ExplanationReport.Verdict,
        in looks: [ExplanationReport.Look]
    ) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for index in looks.indices where looks[index].verdict == verdict {
            if let last = runs.last, last.upperBound == index - 1, !breaks.contains(looks[index].look) {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs
    }

    // MARK: Of a combination

    private mutating func tellMembers() {
        for member in report.members {
            for span in member.spans {
                tell(span.from, "\(member.trigger) becomes active")
                if let to = span.to { tell(to, "\(member.trigger) is active no more") }
            }
        }
    }

    // MARK: In words

    private func ending(_ reason: String?) -> String {
        switch reason {
        case "camera-lost": "the event ends: the camera is lost"
        case "config-changed": "the event ends: its trigger was changed"
        case "shutdown": "the event ends: the daemon stops"
        case "recovered": "the event ends: the daemon died, and this was the last look"
        case "schedule": "the event ends: the schedule is over"
        default: "the event ends"
        }
    }

    private func value(of look: ExplanationReport.Look) -> String {
        guard let score = look.score else { return "without a score" }
        return switch trigger?.when.measure ?? .probability {
        case .probability: String(format: "probability %.3f", score.probability)
        case .similarity: String(format: "similarity %.3f", score.similarity)
        case .margin: String(format: "margin %+.3f", score.margin)
        }
    }

    private func seconds(_ length: TimeInterval) -> String {
        String(format: length < 100 ? "%.1f s" : "%.0f s", length)
    }
}
