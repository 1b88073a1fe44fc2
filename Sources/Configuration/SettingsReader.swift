/// Walks the values of a document, and keeps every problem that it meets instead of stopping at the first.
///
/// A reading function that meets one reports it and gives its fallback; the settings that come of it are never handed
/// out.
struct SettingsReader {
    /// Absolute or relative, without a `/` at its end: where relative paths begin.
    let folder: String
    private(set) var faults: [Fault] = []

    init(folder: String) {
        self.folder = folder
    }

    mutating func report(_ message: String, at place: Place) {
        faults.append(Fault(place: place, message: message))
    }

    mutating func report(_ error: Faults) {
        faults += error.faults
    }

    // MARK: - Mappings

    /// A mapping whose keys are known.
    struct Section {
        var place: Place
        fileprivate var entries: [String: Value.Entry]

        func entry(_ key: String) -> Value.Entry? { entries[key] }
    }

    /// Reports unknown keys; nil when the value is no mapping. `path` as in `Schema.keys(at:)`.
    mutating func section(_ value: Value, called name: String, path: String) -> Section? {
        guard case .mapping(let entries) = value.content else {
            report("\(name) must be a mapping of keys to values, not \(value.kind)", at: value.place)
            return nil
        }
        let known = Schema.keys(at: path)
        for entry in entries where !known.contains(entry.key) {
            switch entry.key {
            case "": report("a key is empty", at: entry.place)
            case "<<": report("merging mappings with `<<` is not understood; write the keys out", at: entry.place)
            default:
                let place = path.isEmpty ? "" : " in \(name)"
                report(
                    "unknown key \(quoted(entry.key))\(place)\(suggestion(for: entry.key, among: known))",
                    at: entry.place
                )
            }
        }
        let byKey = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        return Section(place: value.place, entries: byKey)
    }

    /// The mapping at a key that may be missing, or be there without a value: all its keys have defaults.
    mutating func optionalSection(_ key: String, in parent: Section) -> Section {
        guard let entry = parent.entry(key) else { return Section(place: parent.place, entries: [:]) }
        if case .nothing = entry.value.content { return Section(place: entry.place, entries: [:]) }
        return section(entry.value, called: quoted(key), path: key) ?? Section(place: entry.place, entries: [:])
    }

    // MARK: - Values

    /// The value of a key that has a default.
    mutating func read<T>(
        _ key: String,
        in section: Section,
        or standard: T,
        as parse: (Value.Entry) throws(Faults) -> T
    ) -> T {
        guard let entry = section.entry(key) else { return standard }
        return read(entry, as: parse) ?? standard
    }

    /// The value of a key that must be there; nil when it is missing or wrong.
    mutating func require<T>(
        _ key: String,
        in section: Section,
        as parse: (Value.Entry) throws(Faults) -> T
    ) -> T? {
        guard let entry = section.entry(key) else {
            report("the key \(quoted(key)) is missing", at: section.place)
            return nil
        }
        return read(entry, as: parse)
    }

    mutating func read<T>(_ entry: Value.Entry, as parse: (Value.Entry) throws(Faults) -> T) -> T? {
        if case .nothing = entry.value.content {
            report("\(quoted(entry.key)) has no value", at: entry.place)
            return nil
        }
        do {
            return try parse(entry)
        } catch {
            report(error)
            return nil
        }
    }
}
