/// A trigger that is read, and what can be checked when all of them are.
struct TriggerDraft {
    var settings: TriggerSettings
    /// The triggers that a combination names, as they stand there.
    var members: [Placed] = []
    /// Its own list of cameras, where a combination has one.
    var cameras: Value.Entry?
}

extension SettingsReader {
    // MARK: Reading

    /// The combination that `when` is; nil when it is none. What is wrong in it is reported, and left out.
    mutating func combination(in section: Section) -> (value: Combination, names: [Placed])? {
        guard let entry = section.entry("when"), case .mapping = entry.value.content else { return nil }
        for key in ["prompt", "against", "image", "against-image", "regions", "clear", "night"] {
            guard let other = section.entry(key) else { continue }
            let reason =
                key == "clear"
                ? "an event of a combination ends when it no longer holds" : "a combination goes by other triggers"
            report("`\(key)` does not go with a `when` of other triggers: \(reason)", at: other.place)
        }
        var names: [Placed] = []
        let value = combination(entry.value, &names)
        return (value ?? .all([]), names)
    }

    private mutating func combination(_ value: Value, of key: String = "when", _ names: inout [Placed]) -> Combination?
    {
        if case .text = value.content {
            let name = read(Value.Entry(key: "when", place: value.place, value: value)) { entry throws(Faults) in
                try entry.phrase()
            }
            guard let name else { return nil }
            names.append(Placed(text: name, place: value.place))
            return .trigger(name)
        }
        guard case .mapping = value.content else {
            report(
                "a part of \(quoted(key)) must be a trigger's name, or one of `all`, `any` and `not`, not \(value.kind)",
                at: value.place
            )
            return nil
        }
        guard let section = section(value, called: "`when`", path: "triggers[].when") else { return nil }
        let entries = ["all", "any", "not"].compactMap(section.entry).sorted { $0.place < $1.place }
        guard let entry = entries.first else {
            report("`when` needs one of `all`, `any` and `not`, or a condition on a score", at: value.place)
            return nil
        }
        for other in entries.dropFirst() {
            report("`\(other.key)` stands beside `\(entry.key)`: put one of them inside the other", at: other.place)
        }
        if entry.key == "not" {
            guard let part = read(entry, as: { entry throws(Faults) in entry.value }) else { return nil }
            return combination(part, of: "not", &names).map(Combination.not)
        }
        let parts = read(entry) { entry throws(Faults) in
            let items = try entry.items()
            guard !items.isEmpty else { throw Faults("`\(entry.key)` is empty", at: entry.value.place) }
            return items
        }
        let combinations = (parts ?? []).compactMap { combination($0, of: entry.key, &names) }
        return entry.key == "all" ? .all(combinations) : .any(combinations)
    }

    // MARK: Checking

    /// The settings, when combinations have been checked against all triggers and have their cameras.
    mutating func combined(_ drafts: [TriggerDraft]) -> [TriggerSettings] {
        guard drafts.contains(where: { $0.settings.combination != nil }) else { return drafts.map(\.settings) }
        let names = drafts.map(\.settings.name).filter { !$0.isEmpty }
        let places = Dictionary(
            drafts.indices.map { (drafts[$0].settings.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var settings = drafts.map(\.settings)
        var isDone = [Bool](repeating: false, count: drafts.count)
        var path: [Int] = []

        func visit(_ index: Int, _ reader: inout SettingsReader) {
            guard !isDone[index] else { return }
            path.append(index)
            for member in drafts[index].members {
                guard let place = places[member.text] else {
                    let hint = suggestion(for: member.text, among: names)
                    reader.report("there is no trigger \(quoted(member.text))\(hint)", at: member.place)
                    continue
                }
                if let first = path.firstIndex(of: place) {
                    let circle = (path[first...] + [place]).map { drafts[$0].settings.name }.joined(separator: " → ")
                    reader.report("the triggers go in a circle, \(circle): take one of them out", at: member.place)
                } else {
                    visit(place, &reader)
                }
            }
            path.removeLast()
            isDone[index] = true
            let others = settings
            reader.takeCameras(of: drafts[index], &settings[index]) { name in places[name].map { others[$0].cameras } }
        }
        for index in drafts.indices { visit(index, &self) }
        return settings
    }

    /// A combination watches the cameras on which all that it names do, or those of them that it says.
    private mutating func takeCameras(
        of draft: TriggerDraft,
        _ settings: inout TriggerSettings,
        _ cameras: (String) -> [String]?
    ) {
        guard settings.combination != nil, let place = draft.members.first?.place else { return }
        guard let entry = draft.cameras else {
            let watched = draft.members.compactMap { cameras($0.text) }
            settings.cameras = settings.cameras.filter { camera in watched.allSatisfy { $0.contains(camera) } }
            if settings.cameras.isEmpty {
                report("the triggers that `when` names have no camera in common", at: place)
            }
            return
        }
        for member in draft.members {
            guard let watched = cameras(member.text) else { continue }
            for camera in settings.cameras where !watched.contains(camera) {
                report(
                    "the trigger \(quoted(member.text)) does not watch \(quoted(camera)); "
                        + "add it there, or leave `cameras` out to watch what they have in common",
                    at: entry.place
                )
            }
        }
    }
}
