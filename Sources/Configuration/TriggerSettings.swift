/// A named rule: which scene, on which cameras, how sure, for how long.
public struct TriggerSettings: Sendable, Equatable {
    /// The same rule as for a camera's name.
    public var name: String
    /// The scene in one or more phrasings, without surrounding white space, none empty and no two alike; empty for a
    /// combination, and where only pictures are looked for.
    public var prompt: [String]
    /// The descriptions that it competes with beside the built-in ones; may be empty, and has none of `prompt`.
    public var against: [String]
    /// Pictures of the scene, no two alike; may be empty beside a `prompt`.
    public var image: [PictureSetting]
    /// Pictures that those compete with: of the same view without the scene. Empty if and only if `image` is.
    public var againstImage: [PictureSetting]
    /// Names of cameras of the same file, at least one, no two alike; all of them where the file names none.
    public var cameras: [String]
    /// Names of regions, each of at least one of `cameras`, each of which has at least one of them: those on whose crops
    /// alone it is judged. Empty for all crops.
    public var regions: [String]
    /// What starts an event.
    public var when: Condition
    /// What ends it: of the same measure as `when`, and never true of a value of which `when` is.
    public var clear: Condition
    /// How long `when` must be true for an event to start.
    public var hold: Duration
    /// The conditions by night, where they differ.
    public var night: Conditions?
    /// How long `clear` must be true for an event to end.
    public var release: Duration
    /// For how long after an event's start no other starts.
    public var cooldown: Duration
    /// When it watches; nil for always.
    public var schedule: Schedule?
    /// Whether its events are only journalled and logged, and nobody is told.
    public var dryRun: Bool
    /// A program and its arguments, as for a camera's command, that is run when an event starts and when it ends; empty
    /// for none.
    public var run: [String]
    /// What starts an event in place of a scene: other triggers' states. `prompt`, `against`, `image`, `when`, `clear`
    /// and `night` say nothing then.
    public var combination: Combination?

    /// Takes values as they are; `clear` is the opposite of `when` where it is nil.
    public init(
        name: String,
        prompt: [String],
        against: [String] = [],
        image: [PictureSetting] = [],
        againstImage: [PictureSetting] = [],
        cameras: [String],
        regions: [String] = [],
        when: Condition = .standard,
        clear: Condition? = nil,
        night: Conditions? = nil,
        hold: Duration = .zero,
        release: Duration = .zero,
        cooldown: Duration = .zero,
        schedule: Schedule? = nil,
        dryRun: Bool = false,
        run: [String] = [],
        combination: Combination? = nil
    ) {
        self.name = name
        self.prompt = prompt
        self.against = against
        self.image = image
        self.againstImage = againstImage
        self.cameras = cameras
        self.regions = regions
        self.when = when
        self.clear = clear ?? when.inverted
        self.night = night
        self.hold = hold
        self.release = release
        self.cooldown = cooldown
        self.schedule = schedule
        self.dryRun = dryRun
        self.run = run
        self.combination = combination
    }

    /// The conditions by day.
    public var conditions: Conditions { Conditions(when: when, clear: clear) }
}

/// What starts an event and what ends it.
public struct Conditions: Sendable, Equatable {
    /// What must hold to start.
    public let when: Condition
    /// What must hold to end. It is of the same measure as `when`, and both never hold at once.
    public let clear: Condition

    /// Takes values as they are; `clear` is the opposite of `when` where it is nil.
    public init(when: Condition, clear: Condition? = nil) {
        self.when = when
        self.clear = clear ?? when.inverted
    }
}
