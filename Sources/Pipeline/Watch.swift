import Configuration
import Foundation
import Journal
import Matching

/// One trigger on one camera: scores crops or goes by other triggers' states, follows the trigger's life, and names its
/// events. Pure but for the ids.
package struct Watch: Sendable {
    /// What a look made of it.
    package struct Outcome {
        /// The crops that it goes by, by number.
        package var crops: [Int]
        /// What each of those scored.
        package var scores: [Score]
        package var message: JournalMessage?
    }

    package let trigger: String
    package let camera: String
    /// Whether nobody is told of its events.
    package let isDryRun: Bool
    /// What it goes by in place of scores.
    package let combination: Combination?
    /// It is judged after all of a lesser depth.
    package let depth: Int
    /// The regions on whose crops alone it is judged; empty for all crops.
    private let regions: Set<String>
    private let matcher: Matcher?
    private var machine: TriggerMachine
    private var event: EventID?
    package private(set) var since: Date?
    /// What the deciding crop of the latest look scored, and when that was captured; nil while the state is unknown. A
    /// combination has no score, nor has a look that was taken quietly.
    package private(set) var latest: (score: Score?, at: Date)?

    /// - Parameters:
    ///   - matcher: nil for a combination.
    ///   - regions: on whose crops alone it is judged; empty for all crops.
    ///   - lastStart: when its last event started, by the clock of the looks to come.
    package init(
        trigger: String,
        camera: String,
        matcher: Matcher?,
        combination: Combination? = nil,
        regions: Set<String> = [],
        depth: Int = 0,
        rule: TriggerRule,
        isDryRun: Bool = false,
        lastStart: Duration? = nil
    ) {
        self.trigger = trigger
        self.camera = camera
        self.matcher = matcher
        self.combination = combination
        self.regions = regions
        self.depth = depth
        self.isDryRun = isDryRun
        machine = TriggerMachine(rule: rule, lastStart: lastStart)
    }

    package var state: TriggerMachine.State { machine.state }
    package var eventID: EventID? { event }

    /// Takes one look: a unit vector of each crop.
    ///
    /// - Parameters:
    ///   - cropRegions: whose the crops are.
    ///   - isTrusted: whether the camera can be believed; scores alone come of a look that cannot.
    ///   - holds: whether its combination does after this look, where it is one; nil for unknown.
    package mutating func look(
        _ embeddings: [[Float]],
        of cropRegions: CropRegions = CropRegions([]),
        frame: UInt64,
        monotonic: Duration,
        wallClock: Date,
        isTrusted: Bool = true,
        isNight: Bool = false,
        holds: Bool? = nil,
        newEvent: (Date) -> EventID
    ) -> Outcome {
        let crops = matcher == nil ? [] : crops(among: embeddings.count, of: cropRegions)
        let scores = matcher.map { matcher in crops.map { matcher.score(embeddings[$0]) } } ?? []
        let message = look(
            scored: scores,
            of: crops,
            in: cropRegions,
            frame: frame,
            monotonic: monotonic,
            wallClock: wallClock,
            isTrusted: isTrusted,
            isNight: isNight,
            holds: holds,
            newEvent: newEvent
        )
        return Outcome(crops: crops, scores: scores, message: message)
    }

    /// Takes one look of which the scores are known, one of each crop that it goes by; none for a combination.
    ///
    /// - Parameters:
    ///   - crops: their numbers.
    ///   - cropRegions: whose all the look's crops are.
    package mutating func look(
        scored scores: [Score],
        of crops: [Int],
        in cropRegions: CropRegions = CropRegions([]),
        frame: UInt64,
        monotonic: Duration,
        wallClock: Date,
        isTrusted: Bool = true,
        isNight: Bool = false,
        holds: Bool? = nil,
        newEvent: (Date) -> EventID
    ) -> JournalMessage? {
        let conditions = machine.rule.conditions(isNight: isNight)
        let deciding = conditions.decidingCrop(of: scores)
        guard isTrusted, combination != nil || deciding != nil else { return nil }
        let crop = deciding.map { crops[$0] }
        let score = deciding.map { scores[$0] }
        var evidence = score.map { conditions.evidence(of: conditions.value(of: $0)) }
        if combination != nil { evidence = holds.map { $0 ? .seen : .gone } }
        // As the journal keeps it, so that the past is judged by the same moment.
        if !machine.rule.watches(at: wallClock.inWholeMilliseconds) { evidence = .unscheduled }
        guard let evidence else {
            // What is unknown neither starts nor ends anything, and what was pending is to be shown anew.
            machine.interrupt()
            return nil
        }
        latest = (score, wallClock)
        if since == nil { since = wallClock }
        switch machine.observe(evidence, at: monotonic) {
        case nil:
            return nil
        case .start(let suppressed):
            let id = newEvent(wallClock)
            event = id
            since = wallClock
            return .eventStarted(
                EventStart(
                    id: id,
                    trigger: trigger,
                    camera: camera,
                    at: wallClock,
                    score: score.map(EventScore.init),
                    crop: crop,
                    region: crop.flatMap(cropRegions.name(ofCrop:)),
                    frame: frame,
                    suppressed: suppressed,
                    isDryRun: isDryRun
                )
            )
        case .end(let cause):
            since = wallClock
            let reason: EventEndReason = cause == .schedule ? .schedule : .cleared
            return end(at: wallClock, reason: reason, score: score.map(EventScore.init), frame: frame)
        }
    }

    /// Takes one look of a trusted camera whose deciding score is only known to lie between two bounds, if no message comes
    /// of it and every score between them says the same; else the look is still to be taken, and it returns false. Not for
    /// a combination.
    package mutating func lookQuietly(
        least: Double,
        most: Double,
        monotonic: Duration,
        wallClock: Date,
        isNight: Bool
    ) -> Bool {
        let conditions = machine.rule.conditions(isNight: isNight)
        var evidence = conditions.evidence(of: least)
        if machine.rule.schedule != nil, !machine.rule.watches(at: wallClock.inWholeMilliseconds) {
            evidence = .unscheduled
        } else if !(least <= most) || evidence != conditions.evidence(of: most) {
            return false
        }
        guard machine.observeQuietly(evidence, at: monotonic) else { return false }
        latest = (nil, wallClock)
        if since == nil { since = wallClock }
        return true
    }

    /// The numbers of the crops that it goes by.
    package func crops(among count: Int, of cropRegions: CropRegions) -> [Int] {
        guard !regions.isEmpty else { return Array(0..<count) }
        return (0..<min(count, cropRegions.names.count)).filter { regions.contains(cropRegions.names[$0]) }
    }

    /// The camera gave no pictures for a while.
    package mutating func interrupt() {
        machine.interrupt()
    }

    /// Nothing is seen any more: an active event ends, and the state is unknown until the next look.
    package mutating func stop(at date: Date, reason: EventEndReason) -> JournalMessage? {
        let action = machine.stop()
        since = nil
        latest = nil
        return action != nil ? end(at: date, reason: reason, score: nil, frame: nil) : nil
    }

    private mutating func end(
        at date: Date,
        reason: EventEndReason,
        score: EventScore?,
        frame: UInt64?
    ) -> JournalMessage? {
        guard let id = event else { return nil }
        event = nil
        return .eventEnded(
            EventEnd(
                id: id,
                trigger: trigger,
                camera: camera,
                at: date,
                reason: reason,
                score: score,
                frame: frame,
                isDryRun: isDryRun
            )
        )
    }
}

extension EventScore {
    init(_ score: Score) {
        self.init(
            similarity: score.similarity,
            probability: score.probability,
            margin: score.margin,
            rival: score.rival
        )
    }
}
