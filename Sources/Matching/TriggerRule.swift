import Configuration
import Foundation

/// When a trigger is active: conditions on a score, how long they must hold, how often it may tell, and when it watches.
public struct TriggerRule: Sendable, Equatable {
    /// What must hold by day.
    public let day: Conditions
    /// What must hold by night; nil where that is the same.
    public let night: Conditions?
    /// For how long `when` must hold before the trigger starts.
    public let hold: Duration
    /// For how long `clear` must hold before it ends.
    public let release: Duration
    /// For how long after the start of an event no other starts.
    public let cooldown: Duration
    /// When it watches; nil for always.
    public let schedule: Schedule?

    /// A rule of the given parts.
    public init(
        _ day: Conditions,
        night: Conditions? = nil,
        hold: Duration = .zero,
        release: Duration = .zero,
        cooldown: Duration = .zero,
        schedule: Schedule? = nil
    ) {
        self.day = day
        self.night = night
        self.hold = hold
        self.release = release
        self.cooldown = cooldown
        self.schedule = schedule
    }

    /// The rule that a configuration describes.
    public init(_ settings: TriggerSettings) {
        self.init(
            settings.conditions,
            night: settings.night,
            hold: settings.hold,
            release: settings.release,
            cooldown: settings.cooldown,
            schedule: settings.schedule
        )
    }

    /// The conditions in force.
    public func conditions(isNight: Bool) -> Conditions {
        isNight ? night ?? day : day
    }

    /// Whether the trigger watches at that time.
    public func watches(at date: Date) -> Bool {
        schedule?.contains(date) ?? true
    }
}

extension Conditions {
    /// The measure of a score that they look at.
    public func value(of score: Score) -> Double {
        switch when.measure {
        case .probability: score.probability
        case .similarity: score.similarity
        case .margin: score.margin
        }
    }

    /// The crop that decides a look: the one that most nearly satisfies `when`. So a trigger starts when any crop
    /// satisfies it, and ends when all crops satisfy `clear`.
    ///
    /// - Parameter scores: one of each crop; nil where there are none.
    public func decidingCrop(of scores: [Score]) -> Int? {
        let rank = { (score: Score) in when.comparison.looksUp ? value(of: score) : -value(of: score) }
        return scores.indices.max { rank(scores[$0]) < rank(scores[$1]) }
    }

    /// What a value says of the scene.
    public func evidence(of value: Double) -> TriggerMachine.Evidence {
        when.holds(for: value) ? .seen : clear.holds(for: value) ? .gone : .neither
    }
}
