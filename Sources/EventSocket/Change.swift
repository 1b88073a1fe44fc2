/// What a peer that may write asks the daemon to change.
public enum Change: Sendable, Equatable {
    /// Read the configuration again.
    case reload
    /// Add a trigger, or replace the one of that name: its settings as the text of a JSON object, at most
    /// ``longestTrigger`` bytes. Nothing else is known of them here.
    case addPrompts(trigger: String)
    /// Remove the trigger of that name.
    case removePrompts(trigger: String)

    /// The most bytes that a trigger's settings may have: 64 KiB.
    public static let longestTrigger = 1 << 16
    /// For how long the daemon may not answer before the request is refused, in seconds. It may be done all the same.
    public static let patience = 30
}

/// What came of a ``Change``.
public struct ChangeReport: Codable, Sendable, Equatable {
    /// What was done, for people.
    public var message: String
    /// The number of the message that tells subscribers; nil when nothing was to be changed.
    public var seq: Int?
    /// What is to be said against it, although it was done; nil when there is nothing.
    public var warnings: [String]?

    /// Creates the answer.
    public init(message: String, seq: Int? = nil, warnings: [String]? = nil) {
        self.message = message
        self.seq = seq
        self.warnings = warnings
    }
}
