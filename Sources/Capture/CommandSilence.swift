/// How long a command may be silent. A pure value.
///
/// Commands have paces of their own, from thirty pictures a second to one in a minute, and hang without ending: a network
/// camera behind them went away. So a silence is measured against the longest pause that was followed by a picture.
package struct CommandSilence: Sendable {
    package enum Judgement: Equatable, Sendable {
        case patient
        /// It is worth telling that nothing has come for so long. Said once a silence.
        case amiss(Duration)
        /// Nothing will come any more.
        case lost(Duration)
    }

    private static let patienceForFirst = Duration.seconds(30)
    // Nothing is known of its pace yet.
    private static let patienceForSecond = Duration.seconds(300)

    private var latest: Duration
    /// nil before the second picture.
    private var longestPause: Duration?
    private var isTold = false
    /// Whether a picture has come.
    package private(set) var hasPicture = false

    package init(start: Duration) {
        latest = start
    }

    package mutating func pictureCame(at now: Duration) {
        if hasPicture { longestPause = max(longestPause ?? .zero, now - latest) }
        hasPicture = true
        latest = now
        isTold = false
    }

    package mutating func judge(at now: Duration) -> Judgement {
        let pause = now - latest
        guard hasPicture else { return pause >= Self.patienceForFirst ? .lost(pause) : .patient }
        let limit = longestPause.map { max(.seconds(10), $0 * 4) } ?? Self.patienceForSecond
        if pause >= limit { return .lost(pause) }
        guard !isTold, pause >= limit / 2 else { return .patient }
        isTold = true
        return .amiss(pause)
    }
}
