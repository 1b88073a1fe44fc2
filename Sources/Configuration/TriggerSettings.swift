/// A named rule: which scene, on which cameras, how sure, for how long.
public struct TriggerSettings: Sendable, Equatable {
    /// The same rule as for a camera's name.
    public var name: String
    /// The scene in one or more phrasings, without surrounding white space, none empty and no two alike.
    public var prompt: [String]
    /// The descriptions that it competes with beside the built-in ones; may be empty, and has none of `prompt`.
    public var against: [String]
    /// Names of cameras of the same file, at least one, no two alike; all of them where the file names none.
    public var cameras: [String]
    /// What starts an event.
    public var when: Condition
    /// What ends it: of the same measure as `when`, and never true of a value of which `when` is.
    public var clear: Condition
    /// How long `when` must be true for an event to start.
    public var hold: Duration
    /// How long `clear` must be true for an event to end.
    public var release: Duration

    /// Takes values as they are; `clear` is the opposite of `when` where it is nil.
    public init(
        name: String,
        prompt: [String],
        against: [String] = [],
        cameras: [String],
        when: Condition = .standard,
        clear: Condition? = nil,
        hold: Duration = .zero,
        release: Duration = .zero
    ) {
        self.name = name
        self.prompt = prompt
        self.against = against
        self.cameras = cameras
        self.when = when
        self.clear = clear ?? when.inverted
        self.hold = hold
        self.release = release
    }
}
