/// The names of one kind of thing, each of which may be given once.
struct DistinctNames {
    /// What they name, for messages.
    let kind: String
    private(set) var all: [String] = []
    private var lines: [String: Int] = [:]

    init(called kind: String) {
        self.kind = kind
    }

    /// The line at which `name` was first given, when this is not the first time.
    mutating func insert(_ name: String, at place: Place) -> Int? {
        if let line = lines[name] { return line }
        lines[name] = place.line
        all.append(name)
        return nil
    }
}

extension SettingsReader {
    /// The `name` of a camera or trigger; empty when there is none, and as it stands when it is not allowed.
    mutating func name(in section: Section, distinctFrom others: inout DistinctNames) -> String {
        let text = require("name", in: section) { entry throws(Faults) in try entry.text() }
        guard let text, let place = section.entry("name")?.value.place else { return "" }
        if let line = others.insert(text, at: place) {
            report("the name \(quoted(text)) already belongs to the \(others.kind) at line \(line)", at: place)
        } else if !isName(text) {
            let rule = "a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`"
            report("the name \(quoted(text)) is not allowed: it must be \(rule)", at: place)
        }
        return text
    }
}
