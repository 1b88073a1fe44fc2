import Configuration
import EventSocket
import Imaging

/// What a live view shows.
public struct LiveState: Sendable {
    /// One trigger on one camera.
    public struct Row: Sendable, Equatable {
        /// The trigger's name.
        public var trigger: String
        /// The camera's name.
        public var camera: String
        /// How it stands.
        public var state: TriggerState.State
        /// What starts it.
        public var condition: Condition
        /// What the latest look scored; nil before the first.
        public var value: Double?

        /// A row of the given parts.
        public init(
            trigger: String,
            camera: String,
            state: TriggerState.State,
            condition: Condition,
            value: Double? = nil
        ) {
            self.trigger = trigger
            self.camera = camera
            self.state = state
            self.condition = condition
            self.value = value
        }
    }

    /// The first line.
    public var title: String
    /// What time it is, beside the title.
    public var clock = ""
    /// In the order of the daemon's report.
    public var rows: [Row] = []
    /// What happened, oldest first.
    public private(set) var lines: [String] = []
    /// What the camera shows.
    public var picture: Picture?
    private let conditions: [String: Condition]
    private static let mostLines = 200

    /// - Parameters:
    ///   - title: the first line.
    ///   - conditions: what starts each trigger, by its name.
    public init(title: String, conditions: [String: Condition]) {
        self.title = title
        self.conditions = conditions
    }

    /// Takes over how the triggers stand.
    public mutating func update(_ states: [TriggerState]) {
        rows = states.map { state in
            let condition = conditions[state.trigger] ?? .standard
            let value = state.score.map { score in
                switch condition.measure {
                case .probability: score.probability
                case .similarity: score.similarity
                case .margin: score.margin
                }
            }
            return Row(
                trigger: state.trigger,
                camera: state.camera,
                state: state.state,
                condition: condition,
                value: value
            )
        }
    }

    /// Adds a line about something that happened.
    public mutating func tell(_ line: String) {
        lines.append(line)
        if lines.count > Self.mostLines { lines.removeFirst(lines.count - Self.mostLines) }
    }
}

extension [PromptReport] {
    /// What starts each trigger, by its name. A condition of a newer daemon that cannot be read is left out.
    public var conditions: [String: Condition] {
        var conditions: [String: Condition] = [:]
        for report in self {
            if let condition = try? Condition(parsing: report.when) { conditions[report.trigger] = condition }
        }
        return conditions
    }
}
