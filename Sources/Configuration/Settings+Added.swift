extension Settings {
    /// Reads a trigger that is given by itself, as the file's are read.
    ///
    /// - Parameters:
    ///   - json: its settings, an object. What `run` runs and which pictures are read is for who writes the file to say, and
    ///     is refused here.
    ///   - file: what problems call it.
    ///   - cameras: the cameras that there are.
    public static func trigger(
        parsing json: String,
        file: String,
        cameras: [CameraSettings]
    ) throws(InvalidConfiguration) -> TriggerSettings {
        do throws(Faults) {
            // JSON on one line is YAML.
            let value = try Document.read(try SourceText(json))
            var reader = SettingsReader(folder: "")
            if case .mapping(let entries) = value.content {
                // Before they are read: whoever asks need not be allowed to read them.
                let pictures = entries.filter { $0.key == "image" || $0.key == "against-image" }
                guard pictures.isEmpty else {
                    throw Faults(
                        pictures.map {
                            Fault(
                                place: $0.place,
                                message: "`\($0.key)` is for triggers in the configuration's file only"
                            )
                        }
                    )
                }
            }
            let list = Value.Entry(key: "triggers", place: value.place, value: Value(listing: value))
            let whole = Value(place: value.place, content: .mapping([list]))
            guard let top = reader.section(whole, called: "the trigger", path: "") else { throw Faults(reader.faults) }
            let triggers = reader.triggers(
                in: top,
                cameras: cameras.map(\.name),
                regions: cameras.regionNames
            )
            if case .mapping(let entries) = value.content, let run = entries.first(where: { $0.key == "run" }) {
                reader.report("`run` is for triggers in the configuration's file only", at: run.place)
            }
            if case .mapping(let entries) = value.content, let when = entries.first(where: { $0.key == "when" }),
                case .mapping = when.value.content
            {
                // What it goes by could be taken away from under it.
                reader = SettingsReader(folder: "")
                reader.report("combinations are for triggers in the configuration's file only", at: when.place)
            }
            guard reader.faults.isEmpty, let trigger = triggers.first else { throw Faults(reader.faults) }
            return trigger
        } catch {
            throw InvalidConfiguration(error.faults, file: file)
        }
    }
}

extension [CameraSettings] {
    /// The names of each camera's regions.
    var regionNames: [String: [String]] {
        Dictionary(map { ($0.name, $0.view.regionNames) }, uniquingKeysWith: +)
    }
}

extension Value {
    /// A list of that value alone.
    fileprivate init(listing value: Value) {
        self.init(place: value.place, content: .list([value]))
    }
}
