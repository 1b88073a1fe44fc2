import Foundation

/// How a trigger stands on one camera.
public struct TriggerState: Codable, Sendable, Equatable {
    /// The three states.
    public enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// An event is open.
        case active
        /// No event is open.
        case inactive
        /// Nothing can be said: the camera is lost, dark, frozen or not yet seen.
        case unknown
    }

    /// The trigger's name.
    public var trigger: String
    /// The camera's name.
    public var camera: String
    /// The state.
    public var state: State
    /// Since when it has been so, if that is known.
    public var since: Date?
    /// The id of the open event, when the state is active.
    public var event: String?
    /// What the latest look scored: the crop that decides. Absent before the first look, and while the state is unknown.
    public var score: EventLine.Score?
    /// When that look was captured.
    public var at: Date?
    /// True for a trigger on trial, which only `status` shows: subscribers are not told of its events. Absent for others.
    public var dryRun: Bool?

    /// Creates the state of a trigger on a camera.
    public init(
        trigger: String,
        camera: String,
        state: State,
        since: Date? = nil,
        event: String? = nil,
        score: EventLine.Score? = nil,
        at: Date? = nil,
        dryRun: Bool? = nil
    ) {
        self.trigger = trigger
        self.camera = camera
        self.state = state
        self.since = since
        self.event = event
        self.score = score
        self.at = at
        self.dryRun = dryRun
    }
}
