/// One trigger as it is in force: its prompts, its rivals, its conditions.
public struct PromptReport: Codable, Sendable, Equatable {
    /// Where a trigger comes from.
    public enum Origin: String, Codable, Sendable, Hashable, CaseIterable {
        /// The configuration's file.
        case file
        /// It was added while the daemon ran, and stays until it is removed.
        case added
    }

    /// The trigger's name.
    public var trigger: String
    /// The phrasings of the described scene; empty where only pictures are looked for.
    public var prompt: [String]
    /// The trigger's own rivals, without the built-in background set.
    public var against: [String]
    /// The paths of the pictures that are looked for; nil for none.
    public var image: [String]?
    /// The paths of those that compete with them.
    public var againstImage: [String]?
    /// The condition that starts an event, as configured: `probability >= 0.80`.
    public var when: String
    /// The condition that ends it: `probability < 0.50`.
    public var clear: String
    /// The names of the cameras that it watches.
    public var cameras: [String]
    /// The regions on whose crops alone it is judged; nil for all crops.
    public var regions: [String]?
    /// Where it comes from.
    public var origin: Origin

    /// Creates the report of a trigger.
    public init(
        trigger: String,
        prompt: [String],
        against: [String],
        image: [String]? = nil,
        againstImage: [String]? = nil,
        when: String,
        clear: String,
        cameras: [String],
        regions: [String]? = nil,
        origin: Origin = .file
    ) {
        self.trigger = trigger
        self.prompt = prompt
        self.against = against
        self.image = image
        self.againstImage = againstImage
        self.when = when
        self.clear = clear
        self.cameras = cameras
        self.regions = regions
        self.origin = origin
    }

    /// Reads a report. An older daemon knows one origin, and does not say so.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            trigger: try container.decode(String.self, forKey: .trigger),
            prompt: try container.decode([String].self, forKey: .prompt),
            against: try container.decode([String].self, forKey: .against),
            image: try container.decodeIfPresent([String].self, forKey: .image),
            againstImage: try container.decodeIfPresent([String].self, forKey: .againstImage),
            when: try container.decode(String.self, forKey: .when),
            clear: try container.decode(String.self, forKey: .clear),
            cameras: try container.decode([String].self, forKey: .cameras),
            regions: try container.decodeIfPresent([String].self, forKey: .regions),
            origin: try container.decodeIfPresent(Origin.self, forKey: .origin) ?? .file
        )
    }
}
