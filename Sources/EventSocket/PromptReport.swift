/// One trigger as it is in force: its prompts, its rivals, its conditions.
public struct PromptReport: Codable, Sendable, Equatable {
    /// The trigger's name.
    public var trigger: String
    /// The phrasings of the described scene.
    public var prompt: [String]
    /// The trigger's own rivals, without the built-in background set.
    public var against: [String]
    /// The condition that starts an event, as configured: `probability >= 0.80`.
    public var when: String
    /// The condition that ends it: `probability < 0.50`.
    public var clear: String
    /// The names of the cameras that it watches.
    public var cameras: [String]

    /// Creates the report of a trigger.
    public init(
        trigger: String,
        prompt: [String],
        against: [String],
        when: String,
        clear: String,
        cameras: [String]
    ) {
        self.trigger = trigger
        self.prompt = prompt
        self.against = against
        self.when = when
        self.clear = clear
        self.cameras = cameras
    }
}
