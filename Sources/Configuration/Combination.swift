/// A condition on the states of other triggers on the same camera, such as `all: [parcel, {not: person}]`.
///
/// It is three-valued, as Kleene has it: a trigger's state may be unknown, and what is unknown stays so unless the rest
/// decides. `not` of unknown is unknown, `all` is false as soon as one is false, `any` is true as soon as one is true.
public indirect enum Combination: Sendable, Equatable, CustomStringConvertible {
    /// Another trigger is active: it has an open event.
    case trigger(String)
    case all([Combination])
    case any([Combination])
    case not(Combination)

    /// The names in it, each once, in the order in which they stand.
    public var triggers: [String] {
        var seen = Set<String>()
        return names.filter { seen.insert($0).inserted }
    }

    /// Whether it holds; nil for unknown.
    ///
    /// - Parameter isActive: of a trigger; nil for unknown.
    public func holds(_ isActive: (String) -> Bool?) -> Bool? {
        switch self {
        case .trigger(let name):
            return isActive(name)
        case .not(let part):
            return part.holds(isActive).map { !$0 }
        case .all(let parts):
            let values = parts.map { $0.holds(isActive) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .any(let parts):
            let values = parts.map { $0.holds(isActive) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
    }

    /// As in the configuration: `all: [parcel, {not: person}]`.
    public var description: String {
        switch self {
        case .trigger(let name): name
        case .all(let parts): "all: [\(parts.map(\.asItem).joined(separator: ", "))]"
        case .any(let parts): "any: [\(parts.map(\.asItem).joined(separator: ", "))]"
        case .not(let part): "not: \(part.asItem)"
        }
    }

    private var asItem: String {
        if case .trigger(let name) = self { name } else { "{\(self)}" }
    }

    private var names: [String] {
        switch self {
        case .trigger(let name): [name]
        case .all(let parts), .any(let parts): parts.flatMap(\.names)
        case .not(let part): part.names
        }
    }
}

extension TriggerSettings {
    /// What starts an event, in words: `probability >= 0.8`, or `all: [parcel, {not: person}]`.
    public var whenText: String { combination?.description ?? when.description }
    /// What ends it.
    public var clearText: String { combination.map { Combination.not($0).description } ?? clear.description }
}

extension [TriggerSettings] {
    /// How deep combinations are nested, by name: 0 of one with a prompt, else one more than the deepest of what it names.
    /// In this order each is judged after all that it goes by.
    public var depths: [String: Int] {
        let members = Dictionary(
            map { ($0.name, $0.combination?.triggers ?? []) },
            uniquingKeysWith: { first, _ in first }
        )
        var depths: [String: Int] = [:]
        func depth(of name: String) -> Int {
            if let known = depths[name] { return known }
            // The reader refuses cycles; settings that were made otherwise must not hang.
            depths[name] = 0
            let deepest = (members[name] ?? []).map(depth).max()
            depths[name] = deepest.map { $0 + 1 } ?? 0
            return depths[name] ?? 0
        }
        for trigger in self { _ = depth(of: trigger.name) }
        return depths
    }

    /// What combinations among some of them go by, without these.
    public func members(of some: [TriggerSettings]) -> [TriggerSettings] {
        let wanted = withMembers(of: some.filter { $0.combination != nil }.map(\.name))
        return filter { one in wanted.contains(one.name) && !some.contains { $0.name == one.name } }
    }

    /// The names of those triggers and of all that they go by.
    public func withMembers(of names: some Sequence<String>) -> Set<String> {
        let members = Dictionary(
            map { ($0.name, $0.combination?.triggers ?? []) },
            uniquingKeysWith: { first, _ in first }
        )
        var found = Set<String>()
        var open = [String](names)
        while let name = open.popLast() {
            if found.insert(name).inserted { open += members[name] ?? [] }
        }
        return found
    }
}
