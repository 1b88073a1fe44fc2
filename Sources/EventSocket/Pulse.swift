import Foundation

/// That the daemon is there, and how far it is: the answer to `ping`, and what a heartbeat says.
public struct Pulse: Codable, Sendable, Equatable {
    /// What time it is there.
    public var at: Date
    /// The number of a message: all that were asked for, up to this one, have been sent before.
    public var seq: Int

    /// Creates a sign of life.
    public init(at: Date, seq: Int) {
        self.at = at
        self.seq = seq
    }
}
