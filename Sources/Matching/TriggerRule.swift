import Configuration

/// When a trigger is active: conditions on a score, and how long they must hold.
public struct TriggerRule: Sendable, Equatable {
    /// What must hold to start.
    public let when: Condition
    /// What must hold to end. It is of the same measure as `when`, and both never hold at once.
    public let clear: Condition
    /// For how long `when` must hold before the trigger starts.
    public let hold: Duration
    /// For how long `clear` must hold before it ends.
    public let release: Duration

    /// A rule of the given parts.
    public init(when: Condition, clear: Condition, hold: Duration, release: Duration) {
        self.when = when
        self.clear = clear
        self.hold = hold
        self.release = release
    }

    /// The measure of a score that the rule looks at.
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
}
