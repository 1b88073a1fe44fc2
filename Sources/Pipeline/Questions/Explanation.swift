import Configuration
import EventSocket
import Foundation
import Journal
import Matching

/// Finds out of a journal why there was an event. Pure but for the reader.
///
/// What scored and what was told is the journal's; by which rule is the configuration's as it is now. Where the two do not
/// agree, that is said, and the journal is right.
package struct Explanation {
    /// What is read at most of an event's beginning, and of its end.
    static let longest: TimeInterval = 300
    /// Before the event, and after it, beside what the rule takes.
    static let margin: TimeInterval = 10
    /// How long before the looks that are shown night and day are followed, where that matters.
    static let nightWarmUp: TimeInterval = 600
    static let (mostLooks, mostPictures, mostScores) = (4000, 12, 60_000)

    private let reader: JournalReader
    private let settings: [TriggerSettings]
    private let cameras: [CameraSettings]

    /// - Parameters:
    ///   - settings: the triggers that there are now.
    package init(_ reader: JournalReader, triggers settings: [TriggerSettings], cameras: [CameraSettings]) {
        self.reader = reader
        self.settings = settings
        self.cameras = cameras
    }

    /// The report of an event.
    package func report(of event: JournaledEvent) throws(JournalError) -> ExplanationReport {
        let start = event.start
        let trigger = settings.first { $0.name == start.trigger }
        let times = Self.times(of: event, trigger)
        let (seen, breaks) = try looks(of: start, in: times, trigger)
        let pictures = try pictures(of: start.camera, in: times)
        var report = ExplanationReport(
            event: start.id.description,
            trigger: start.trigger,
            camera: start.camera,
            started: start.at,
            ended: event.end?.at,
            reason: event.end?.reason.rawValue,
            suppressed: start.suppressed,
            isDryRun: start.isDryRun,
            frame: Int(clamping: start.frame),
            crop: start.crop,
            region: start.region,
            score: start.score.map(EventLine.Score.init),
            endScore: event.end?.score.map(EventLine.Score.init),
            rule: trigger.map(ExplanationReport.Rule.init),
            steps: [],
            looks: seen,
            rivals: Self.rivals(of: seen),
            members: try members(of: start, trigger, in: times),
            pictures: pictures,
            percentile: try percentile(of: start, trigger),
            notes: []
        )
        let steps = ExplanationSteps(report, trigger, breaks: breaks, previousStart: try previousStart(of: start))
        report.steps = steps.steps
        report.notes = notes(report, trigger, isCut: times.count > 1, isByAnotherRule: steps.isByAnotherRule)
        return report
    }

    // MARK: What is read

    /// The time around the event, or around its start and around its end where it lasted long.
    static func times(of event: JournaledEvent, _ trigger: TriggerSettings?) -> [ClosedRange<Date>] {
        let hold = (trigger?.hold ?? .zero) / .seconds(1)
        let release = (trigger?.release ?? .zero) / .seconds(1)
        let start = event.start.at
        let from = start - hold - margin
        guard let end = event.end?.at, end >= start else { return [from...(start + longest)] }
        if end - release - margin <= start + longest { return [from...(end + margin)] }
        return [from...(start + longest), (end - release - margin)...(end + margin)]
    }

    /// The looks, and the numbers of those with which triggers began anew: what was pending before them counts no more.
    private func looks(
        of start: EventStart,
        in times: [ClosedRange<Date>],
        _ trigger: TriggerSettings?
    ) throws(JournalError) -> (looks: [ExplanationReport.Look], breaks: Set<Int64>) {
        var looks: [ExplanationReport.Look] = []
        var breaks: Set<Int64> = []
        let camera = cameras.first { $0.name == start.camera }
        // Whether it is night is known by what was before.
        let warmUp = trigger?.night == nil ? 0 : Self.nightWarmUp
        for time in times {
            var previous: ScoredLook?
            var daylight = Daylight(nightBelow: camera?.nightBelow ?? CameraSettings.standardNight)
            let found = try reader.scoredLooks(
                camera: start.camera,
                trigger: start.trigger,
                since: time.lowerBound - warmUp,
                until: time.upperBound,
                limit: Self.mostLooks + (warmUp > 0 ? Self.mostLooks : 0)
            )
            for look in found {
                if previous.map({ $0.run != look.run }) ?? false {
                    daylight = Daylight(nightBelow: daylight.nightBelow)
                }
                let isNight =
                    look.brightness.map { luma in
                        daylight.observe(luma: luma, at: look.elapsed ?? .seconds(look.at.timeIntervalSince1970))
                    } ?? false
                defer { previous = look }
                guard look.at >= time.lowerBound else { continue }
                let isFirst = looks.last.map { $0.at < time.lowerBound } ?? true
                if isFirst || look.isAfterLoss || previous.map({ $0.run != look.run }) ?? false {
                    breaks.insert(look.id)
                }
                looks.append(Self.look(look, trigger, isNight: isNight))
            }
        }
        return (looks, breaks)
    }

    /// When the trigger's event before this one started on the camera; nil where the journal has none.
    private func previousStart(of start: EventStart) throws(JournalError) -> Date? {
        try reader.activeSpans(trigger: start.trigger, camera: start.camera, since: .distantPast, until: start.at)
            .map(\.from).filter { $0 < start.at }.max()
    }

    static func look(_ look: ScoredLook, _ trigger: TriggerSettings?, isNight: Bool) -> ExplanationReport.Look {
        var report = ExplanationReport.Look(look: look.id, at: look.at, isNight: isNight)
        let rule = trigger.map { TriggerRule($0) }
        let conditions = rule?.conditions(isNight: isNight) ?? Conditions(when: .standard)
        let scores = look.scores.map { score in
            Score(
                similarity: score.similarity,
                probability: score.probability,
                margin: score.margin,
                rival: score.rival
            )
        }
        if !look.isEvidence { report.verdict = .unbelieved }
        guard let place = conditions.decidingCrop(of: scores) else { return report }
        let score = scores[place]
        report.crop = look.scores[place].crop
        report.score = EventLine.Score(EventScore(score))
        guard let rule, look.isEvidence else { return report }
        if rule.watches(at: look.at) {
            report.verdict =
                switch conditions.evidence(of: conditions.value(of: score)) {
                case .seen: .when
                case .gone: .clear
                case .neither, .unscheduled: .between
                }
        } else {
            report.verdict = .unscheduled
        }
        return report
    }

    private func pictures(of camera: String, in times: [ClosedRange<Date>]) throws(JournalError)
        -> [ExplanationReport.Picture]
    {
        var pictures: [ExplanationReport.Picture] = []
        for time in times {
            let found = try reader.thumbnails(
                camera: camera,
                since: time.lowerBound,
                until: time.upperBound,
                limit: 1000
            )
            // The first and the last tell most, and those evenly between them.
            let most = Self.mostPictures / times.count
            let step = Double(max(0, found.count - 1)) / Double(max(1, min(most, found.count) - 1))
            for number in 0..<min(most, found.count) {
                let (look, picture) = found[Int((Double(number) * step).rounded())]
                pictures.append(
                    ExplanationReport.Picture(
                        look: look,
                        at: picture.at,
                        width: picture.width,
                        height: picture.height,
                        jpeg: picture.jpeg
                    )
                )
            }
        }
        return pictures
    }

    private func members(
        of start: EventStart,
        _ trigger: TriggerSettings?,
        in times: [ClosedRange<Date>]
    ) throws(JournalError) -> [ExplanationReport.Member] {
        guard let names = trigger?.combination?.triggers, let first = times.first, let last = times.last else {
            return []
        }
        var members: [ExplanationReport.Member] = []
        for name in names {
            let spans = try reader.activeSpans(
                trigger: name,
                camera: start.camera,
                since: first.lowerBound,
                until: last.upperBound
            )
            members.append(
                ExplanationReport.Member(trigger: name, spans: spans.map { .init(from: $0.from, to: $0.to) })
            )
        }
        return members
    }

    private func percentile(of start: EventStart, _ trigger: TriggerSettings?) throws(JournalError) -> Double? {
        guard let score = start.score else { return nil }
        let conditions = trigger?.conditions ?? Conditions(when: .standard)
        let past = try reader.scores(
            trigger: start.trigger,
            camera: start.camera,
            since: start.at - 86_400,
            before: start.at,
            limit: Self.mostScores
        )
        guard !past.isEmpty else { return nil }
        let value = conditions.value(of: Score(score))
        let less = past.count { scores in
            let scores = scores.map(Score.init)
            guard let place = conditions.decidingCrop(of: scores) else { return false }
            return conditions.value(of: scores[place]) < value
        }
        return (Double(less) / Double(past.count)).rounded(decimals: 4)
    }

    // MARK: What is made of it

    static func rivals(of looks: [ExplanationReport.Look]) -> [ExplanationReport.Rival] {
        var rivals: [String: ExplanationReport.Rival] = [:]
        for score in looks.compactMap(\.score) {
            guard let name = score.rival else { continue }
            var rival =
                rivals[name]
                ?? ExplanationReport.Rival(
                    rival: name,
                    looks: 0,
                    leastMargin: score.margin,
                    greatestMargin: score.margin
                )
            rival.looks += 1
            rival.leastMargin = min(rival.leastMargin, score.margin)
            rival.greatestMargin = max(rival.greatestMargin, score.margin)
            rivals[name] = rival
        }
        return rivals.values.sorted { ($1.looks, $0.rival) < ($0.looks, $1.rival) }
    }

    private func notes(
        _ report: ExplanationReport,
        _ trigger: TriggerSettings?,
        isCut: Bool,
        isByAnotherRule: Bool
    ) -> [String] {
        var notes: [String] = []
        if trigger == nil {
            notes.append("the configuration has no trigger “\(report.trigger)” now: its rule is not known")
        }
        if report.isDryRun { notes.append("the trigger was on trial: nobody was told") }
        if report.looks.isEmpty { notes.append("the journal no longer has the looks of that time") }
        if isCut { notes.append("it lasted long: what is shown are its beginning and its end") }
        if report.looks.contains(where: \.isNight), trigger?.night != nil {
            notes.append("some of it was by night, with the conditions for that")
        }
        if isByAnotherRule {
            notes.append("by the rule of now it would not have started then: the configuration has changed since")
        }
        return notes
    }
}

extension ExplanationReport.Rule {
    fileprivate init(_ trigger: TriggerSettings) {
        let isScene = trigger.combination == nil
        self.init(
            prompt: trigger.prompt,
            against: trigger.against,
            image: trigger.image.isEmpty ? nil : trigger.image.map(\.path),
            againstImage: trigger.againstImage.isEmpty ? nil : trigger.againstImage.map(\.path),
            when: trigger.whenText,
            clear: trigger.clearText,
            nightWhen: isScene ? trigger.night?.when.description : nil,
            nightClear: isScene ? trigger.night?.clear.description : nil,
            hold: trigger.hold / .seconds(1),
            release: trigger.release / .seconds(1),
            cooldown: trigger.cooldown / .seconds(1),
            isScheduled: trigger.schedule != nil
        )
    }
}

extension Score {
    fileprivate init(_ score: EventScore) {
        self.init(
            similarity: score.similarity,
            probability: score.probability,
            margin: score.margin,
            rival: score.rival
        )
    }

    fileprivate init(_ score: ScoreRecord) {
        self.init(
            similarity: score.similarity,
            probability: score.probability,
            margin: score.margin,
            rival: score.rival
        )
    }
}
