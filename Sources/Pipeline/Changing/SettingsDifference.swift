import Configuration

/// What it takes to go from the settings in force to others, while cameras run and events are open. A pure value.
///
/// What is kept is not touched: a camera with the same settings goes on, and so does a trigger on it that goes by the
/// same rule. All else ends and begins anew.
package struct SettingsDifference: Sendable, Equatable {
    /// A trigger on a camera.
    package struct Seat: Sendable, Hashable {
        package var trigger: String
        package var camera: String

        package init(trigger: String, camera: String) {
            self.trigger = trigger
            self.camera = camera
        }
    }

    /// What of one kind of thing is different, by name.
    package struct Names: Sendable, Equatable {
        package var added: [String] = []
        package var changed: [String] = []
        package var removed: [String] = []

        package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }
    }

    /// What cannot change while the daemon runs, in words. With any of these nothing may change.
    package let refusals: [String]
    /// Cameras, in the order of the new settings; removed ones in that of the old.
    package let cameras: Names
    /// Triggers, likewise. One that only runs another program counts as changed, and goes on.
    package let triggers: Names
    /// Other keys that have other values.
    package let keys: [String]
    /// The cameras that go on as they are.
    package let keptCameras: Set<String>
    /// The triggers that go on as they are, on the cameras on which they do.
    package let keptSeats: Set<Seat>

    package init(from old: Settings, to new: Settings) {
        refusals = Self.refusals(from: old, to: new)
        let oldCameras = Dictionary(old.cameras.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let oldTriggers = Dictionary(old.triggers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        cameras = Self.names(oldCameras, new.cameras.map { ($0.name, $0) }, order: old.cameras.map(\.name))
        triggers = Self.names(oldTriggers, new.triggers.map { ($0.name, $0) }, order: old.triggers.map(\.name))
        var keys: [String] = []
        if old.batch != new.batch { keys.append("batch") }
        if old.socket.operators != new.socket.operators { keys.append("socket.operators") }
        self.keys = keys

        let kept = Set(new.cameras.filter { oldCameras[$0.name] == $0 }.map(\.name))
        keptCameras = kept
        let sameSeats = Set(
            new.triggers.flatMap { trigger -> [Seat] in
                guard let former = oldTriggers[trigger.name], former.rule == trigger.rule else { return [] }
                return trigger.cameras.filter { kept.contains($0) && former.cameras.contains($0) }
                    .map { Seat(trigger: trigger.name, camera: $0) }
            }
        )
        // A combination goes on only where all that it goes by does.
        let combinations = Set(new.triggers.filter { $0.combination != nil }.map(\.name))
        keptSeats = sameSeats.filter { seat in
            guard combinations.contains(seat.trigger) else { return true }
            return new.triggers.withMembers(of: [seat.trigger]).allSatisfy {
                sameSeats.contains(Seat(trigger: $0, camera: seat.camera))
            }
        }
    }

    /// Whether there is nothing to do.
    package var isEmpty: Bool { refusals.isEmpty && cameras.isEmpty && triggers.isEmpty && keys.isEmpty }

    /// What is different, in words; of many things of a kind the first few by name.
    package var words: String {
        guard !isEmpty else { return "nothing has changed" }
        let parts =
            [
                ("trigger", "added", triggers.added), ("trigger", "changed", triggers.changed),
                ("trigger", "removed", triggers.removed), ("camera", "added", cameras.added),
                ("camera", "changed", cameras.changed), ("camera", "removed", cameras.removed),
            ].filter { !$0.2.isEmpty }.map { kind, what, names in
                "\(kind)\(names.count == 1 ? "" : "s") \(Self.listed(names)) \(what)"
            } + keys.map { "\($0) changed" }
        return parts.joined(separator: ", ")
    }

    private static func listed(_ names: [String]) -> String {
        let most = 5
        guard names.count > most else { return names.joined(separator: " ") }
        return names.prefix(most).joined(separator: " ") + " and \(names.count - most) more"
    }

    private static func names<Value: Equatable>(
        _ old: [String: Value],
        _ new: [(name: String, value: Value)],
        order: [String]
    ) -> Names {
        let names = Set(new.map(\.name))
        return Names(
            added: new.filter { old[$0.name] == nil }.map(\.name),
            changed: new.filter { old[$0.name] != nil && old[$0.name] != $0.value }.map(\.name),
            removed: order.filter { !names.contains($0) }
        )
    }

    private static func refusals(from old: Settings, to new: Settings) -> [String] {
        var refusals: [String] = []
        func require(_ key: String, _ old: String, _ new: String) {
            guard old != new else { return }
            refusals.append(
                "\(key) cannot change while the daemon runs: it is `\(old)`, and would be `\(new)`; restart the daemon"
            )
        }
        require("model.use", old.model.use, new.model.use)
        require("model.precision", old.model.precision.rawValue, new.model.precision.rawValue)
        require("socket.path", old.socket.path, new.socket.path)
        require("socket.mode", Self.octal(old.socket.mode), Self.octal(new.socket.mode))
        require("journal.path", old.journal.path, new.journal.path)
        if new.journal != old.journal, new.journal.path == old.journal.path {
            refusals.append("what the journal keeps cannot change while the daemon runs; restart the daemon")
        }
        if new.describe != old.describe {
            refusals.append("describe, and its file, cannot change while the daemon runs; restart the daemon")
        }
        guard refusals.isEmpty else { return refusals }
        // What is not known here is not known to be changeable either.
        var rest = new
        rest.cameras = old.cameras
        rest.triggers = old.triggers
        rest.batch = old.batch
        rest.socket.operators = old.socket.operators
        return rest == old ? [] : ["there are other changes, which take a restart of the daemon"]
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension TriggerSettings {
    /// All that decides its events; not where it watches, and not what is run with them.
    fileprivate var rule: TriggerSettings {
        var rule = self
        rule.cameras = []
        rule.run = []
        return rule
    }
}
