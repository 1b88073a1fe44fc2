import Foundation

/// What a peer that may read asks of the journal. What the answers are like is the daemon's concern.
public enum Question: Sendable, Equatable {
    /// When a camera showed something like this.
    case search(SearchQuestion)
    /// When triggers would have fired.
    case backtest(BacktestQuestion)
    /// Why there was an event: its id, the beginning or the end of it, or `last`.
    case explain(event: String)

    /// For how long the daemon may take to answer, in seconds.
    public static let patience = 120
    /// So many may be asked at once, the one that is being answered among them.
    public static let most = 8
}

/// A ``Question`` for moments by what they show.
public struct SearchQuestion: Sendable, Equatable {
    /// What is looked for, in one phrasing or several; empty where a look is given.
    public var text: [String]
    /// The number of a look that is looked for the like of.
    public var like: Int64?
    /// What of the past is searched.
    public var past: PastSpan
    /// How many moments at most, 1…``mostMoments``.
    public var limit: Int

    /// The most moments that can be asked for.
    public static let mostMoments = 1000

    /// Takes values as they are.
    public init(text: [String] = [], like: Int64? = nil, past: PastSpan = PastSpan(), limit: Int = 20) {
        self.text = text
        self.like = like
        self.past = past
        self.limit = limit
    }
}

/// A ``Question`` for the events that there would have been.
public struct BacktestQuestion: Sendable, Equatable {
    /// A trigger's settings as the text of a JSON object, as for ``Change/addPrompts(trigger:)``; nil for those in force.
    public var trigger: String?
    /// The names of those in force that are judged; nil for all.
    public var triggers: Set<String>?
    /// What of the past is gone through.
    public var past: PastSpan

    /// Takes values as they are.
    public init(trigger: String? = nil, triggers: Set<String>? = nil, past: PastSpan = PastSpan()) {
        self.trigger = trigger
        self.triggers = triggers
        self.past = past
    }
}

/// A part of the past.
public struct PastSpan: Sendable, Equatable {
    /// From when on; nil for all that there is.
    public var since: Date?
    /// Before when; nil for until now.
    public var until: Date?
    /// The names of cameras; nil for all.
    public var cameras: Set<String>?

    /// Takes values as they are.
    public init(since: Date? = nil, until: Date? = nil, cameras: Set<String>? = nil) {
        self.since = since
        self.until = until
        self.cameras = cameras
    }
}
