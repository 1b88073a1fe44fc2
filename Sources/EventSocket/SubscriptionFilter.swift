/// Which lines a subscriber wants. A filter that is nil lets everything pass; one that is set lets pass only lines that
/// have the field, with a listed value: with `triggers` set, a `camera.lost` does not pass, since it has no trigger.
public struct SubscriptionFilter: Codable, Sendable, Equatable {
    /// The names of the wanted triggers.
    public var triggers: Set<String>?
    /// The names of the wanted cameras.
    public var cameras: Set<String>?
    /// The wanted kinds.
    public var kinds: Set<EventLine.Kind>?

    /// Creates a filter; by default it lets everything pass.
    public init(triggers: Set<String>? = nil, cameras: Set<String>? = nil, kinds: Set<EventLine.Kind>? = nil) {
        self.triggers = triggers
        self.cameras = cameras
        self.kinds = kinds
    }

    /// Whether a line is wanted.
    public func admits(_ line: EventLine) -> Bool {
        if let kinds, !kinds.contains(line.kind) { return false }
        return admits(line.trigger, in: triggers) && admits(line.camera, in: cameras)
    }

    /// Whether a state is wanted. `kinds` has no say in it.
    public func admits(_ state: TriggerState) -> Bool {
        admits(state.trigger, in: triggers) && admits(state.camera, in: cameras)
    }

    private func admits(_ name: String?, in wanted: Set<String>?) -> Bool {
        guard let wanted else { return true }
        guard let name else { return false }
        return wanted.contains(name)
    }
}
