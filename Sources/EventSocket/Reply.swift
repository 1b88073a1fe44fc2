/// The answer to a request: `{"id":…,"ok":{…}}`.
package struct Reply<Payload: Codable & Sendable>: Codable, Sendable {
    /// The request's id, left out when it had none.
    package var id: JSONValue?
    /// What was asked for.
    package var ok: Payload
}

/// The refusal of a request: `{"id":…,"error":{"code":…,"message":…}}`.
package struct Refusal: Codable, Sendable {
    /// The request's id, left out when it had none.
    package var id: JSONValue?
    /// Why.
    package var error: RequestError
}

/// The first line of a connection: `{"hello":{…}}`.
package struct Greeting: Codable, Sendable {
    /// Who is there.
    package var hello: Hello
}

/// Tells a subscriber that it was too slow: `{"lagged":{"from":…,"to":…}}`.
package struct LagNotice: Codable, Sendable {
    /// What it missed.
    package var lagged: Lag
}

/// Tells a subscriber that the daemon is there: `{"heartbeat":{"at":…,"seq":…}}`.
package struct HeartbeatNotice: Codable, Sendable {
    /// Since when, and how far.
    package var heartbeat: Pulse
}

/// The lines that a slow subscriber missed: those that it had asked for, from the first to the last.
public struct Lag: Codable, Sendable, Equatable {
    /// The sequence number of the first missed line.
    public var from: Int
    /// The sequence number of the last missed line.
    public var to: Int

    /// Creates the notice of a gap.
    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }
}

/// The answer to `subscribe`: where live lines begin, and how things stand there.
public struct SubscriptionStart: Codable, Sendable, Equatable {
    /// The sequence number of the latest message; the live lines are those after it.
    public var seq: Int
    /// The state of every wanted trigger on every wanted camera.
    public var states: [TriggerState]

    /// Creates the answer.
    public init(seq: Int, states: [TriggerState]) {
        self.seq = seq
        self.states = states
    }
}

/// The answer to `prompts list`.
public struct PromptList: Codable, Sendable, Equatable {
    /// The triggers in force.
    public var prompts: [PromptReport]

    /// Creates the answer.
    public init(prompts: [PromptReport]) {
        self.prompts = prompts
    }
}
