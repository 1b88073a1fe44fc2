/// A line that a subscriber reads.
public struct ServerLine: Sendable, Equatable {
    /// What a line can be.
    public enum Content: Sendable, Equatable {
        /// Something happened.
        case event(EventLine)
        /// Lines are missing here: this client was too slow.
        case lagged(Lag)
        /// The daemon is there, and there was nothing to tell.
        case heartbeat(Pulse)
        /// A line that this version does not know, from a newer daemon.
        case unknown
    }

    /// The line as it came, without its line feed.
    public var text: String
    /// What it says.
    public var content: Content

    /// Creates a line.
    public init(text: String, content: Content) {
        self.text = text
        self.content = content
    }
}
