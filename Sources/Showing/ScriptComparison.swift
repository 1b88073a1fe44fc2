/// Events held against a script: which scenes were found, how late, and which events were of nothing.
///
/// An event belongs to a scene of its trigger when it starts from one second before the scene begins to two seconds and
/// the trigger's hold after it is over; where that is so of several, to the one whose beginning and hold it is nearest to.
/// A scene is found when its first event starts at most two seconds after its beginning and the hold. An event that
/// belongs to no scene is false, and so is a further one of the same scene: nobody wants to be woken twice.
public struct ScriptComparison: Sendable, Equatable {
    /// The start of an event.
    public struct Start: Sendable, Equatable {
        /// The trigger's name.
        public var trigger: String
        /// In seconds since the recording's first frame.
        public var at: Double

        /// A start.
        public init(trigger: String, at: Double) {
            self.trigger = trigger
            self.at = at
        }
    }

    /// How a scene or an event came out.
    public enum Verdict: String, Codable, Sendable {
        case found
        case missed
        case `false`
    }

    /// One scene, or one event that belongs to none.
    public struct Row: Codable, Sendable, Equatable {
        /// The trigger's name.
        public var trigger: String
        /// What was to be seen.
        public var what: String?
        /// When it begins by the script.
        public var start: Double?
        /// When it is over by the script.
        public var end: Double?
        /// When the event started.
        public var foundAt: Double?
        /// How long after the beginning and the hold that was; negative when it was sooner.
        public var delay: Double?
        /// How it came out.
        public var verdict: Verdict
    }

    /// How much sooner an event may start than its scene, in seconds.
    public static let earliest = 1.0
    /// How much later than the hold allows, in seconds.
    public static let latest = 2.0
    /// Times are of frames, to the millisecond; comparing them must not hang on the last bit.
    private static let tolerance = 1e-6

    /// By the time of the scene or the event.
    public let rows: [Row]

    /// - Parameters:
    ///   - holds: how long each trigger's condition must hold before it starts, in seconds, by its name.
    public init(script: [DemoScript.Scene], events: [Start], holds: [String: Double]) {
        var first = [Double?](repeating: nil, count: script.count)
        var rows: [Row] = []
        for event in events.sorted(by: { $0.at < $1.at }) {
            let hold = holds[event.trigger] ?? 0
            let distance = { (index: Int) in abs(event.at - script[index].start - hold) }
            let scenes = script.indices.filter { index in
                let scene = script[index]
                return scene.trigger == event.trigger
                    && event.at >= scene.start - Self.earliest - Self.tolerance
                    && event.at <= scene.end + hold + Self.latest + Self.tolerance
            }
            let scene = scenes.min { distance($0) < distance($1) }
            if let scene, first[scene] == nil {
                first[scene] = event.at
            } else {
                let what = scene.map { "\(script[$0].what), once more" }
                rows.append(Row(trigger: event.trigger, what: what, foundAt: event.at, verdict: .false))
            }
        }
        for (scene, found) in zip(script, first) {
            let delay = found.map { $0 - scene.start - (holds[scene.trigger] ?? 0) }
            let isInTime = delay.map { $0 <= Self.latest + Self.tolerance } ?? false
            rows.append(
                Row(
                    trigger: scene.trigger,
                    what: scene.what,
                    start: scene.start,
                    end: scene.end,
                    foundAt: found,
                    delay: delay.map { ($0 * 1000).rounded() / 1000 },
                    verdict: isInTime ? .found : .missed
                )
            )
        }
        self.rows = rows.enumerated().sorted { one, other in
            let times = [one, other].map { $0.element.start ?? $0.element.foundAt ?? 0 }
            return times[0] == times[1] ? one.offset < other.offset : times[0] < times[1]
        }.map(\.element)
    }

    /// How many rows have a verdict.
    public func count(_ verdict: Verdict) -> Int {
        rows.count { $0.verdict == verdict }
    }

    /// Whether every scene was found, and nothing else.
    public var isRight: Bool { rows.allSatisfy { $0.verdict == .found } }
}
