extension SettingsReader {
    /// - Parameters:
    ///   - cameras: the names of all there are.
    ///   - regions: the names of each camera's regions.
    mutating func triggers(
        in top: Section,
        cameras: [String],
        regions: [String: [String]]
    ) -> [TriggerSettings] {
        guard let entry = top.entry("triggers") else { return [] }
        // A file in which every trigger is commented out still has the key.
        if case .nothing = entry.value.content { return [] }
        let values = read(entry) { entry throws(Faults) in try entry.items() }
        var names = DistinctNames(called: "trigger")
        var drafts: [TriggerDraft] = []
        for value in values ?? [] {
            guard let section = section(value, called: "a trigger", path: "triggers[]") else { continue }
            drafts.append(draft(in: section, names: &names, cameras: cameras, regions: regions))
        }
        return combined(drafts)
    }

    private mutating func draft(
        in section: Section,
        names: inout DistinctNames,
        cameras: [String],
        regions: [String: [String]]
    ) -> TriggerDraft {
        guard let combination = combination(in: section) else {
            return TriggerDraft(settings: trigger(in: section, names: &names, cameras: cameras, regions: regions))
        }
        var settings = TriggerSettings(
            name: name(in: section, distinctFrom: &names),
            prompt: [],
            cameras: watchedCameras(in: section, known: cameras),
            combination: combination.value
        )
        timesAndTelling(of: &settings, in: section)
        return TriggerDraft(settings: settings, members: combination.names, cameras: section.entry("cameras"))
    }

    private mutating func trigger(
        in section: Section,
        names: inout DistinctNames,
        cameras: [String],
        regions known: [String: [String]]
    ) -> TriggerSettings {
        let name = name(in: section, distinctFrom: &names)
        let prompt = prompt(in: section)
        let against = against(in: section, prompt: prompt)
        let pictures = pictures(in: section)
        var watched = watchedCameras(in: section, known: cameras)
        let regions = regions(in: section, cameras: &watched, known: known)
        let conditions = conditions(in: section, or: .standard)
        var settings = TriggerSettings(
            name: name,
            prompt: prompt.map(\.text),
            against: against.map(\.text),
            image: pictures.image,
            againstImage: pictures.against,
            cameras: watched,
            regions: regions,
            when: conditions.when,
            clear: conditions.clear,
            night: night(in: section, day: conditions)
        )
        checkMeasures(of: settings, in: section)
        timesAndTelling(of: &settings, in: section)
        return settings
    }

    /// What every trigger may have, whatever it goes by.
    private mutating func timesAndTelling(of settings: inout TriggerSettings, in section: Section) {
        let folder = folder
        settings.hold = duration("hold", in: section)
        settings.release = duration("release", in: section)
        settings.cooldown = duration("cooldown", in: section)
        settings.schedule = schedule(in: section)
        settings.dryRun = read("dry-run", in: section, or: false) { entry throws(Faults) in try entry.truth() }
        settings.run = read("run", in: section, or: []) { entry throws(Faults) in try entry.command(in: folder) }
    }

    // MARK: - Prompts

    private mutating func prompt(in section: Section) -> [Placed] {
        if section.entry("prompt") == nil, section.entry("image") != nil { return [] }
        let phrases = require("prompt", in: section) { entry throws(Faults) in
            let phrases = try entry.phrases()
            guard !phrases.isEmpty else { throw Faults("`prompt` is empty", at: entry.value.place) }
            return phrases
        }
        reportRepetitions(in: phrases ?? [], of: "prompt")
        return phrases ?? []
    }

    private mutating func against(in section: Section, prompt: [Placed]) -> [Placed] {
        let phrases = read("against", in: section, or: []) { entry throws(Faults) in try entry.phrases() }
        reportRepetitions(in: phrases, of: "against")
        let own = Set(prompt.map { asEncoded($0.text) })
        for phrase in phrases where own.contains(asEncoded(phrase.text)) {
            report("\(quoted(phrase.text)) is also in `prompt`, which cannot compete with itself", at: phrase.place)
        }
        return phrases
    }

    private mutating func reportRepetitions(in phrases: [Placed], of key: String) {
        var seen = Set<String>()
        for phrase in phrases where !seen.insert(asEncoded(phrase.text)).inserted {
            report("\(quoted(phrase.text)) is twice in \(quoted(key))", at: phrase.place)
        }
    }

    /// The tokenizer sees neither case nor the amount of white space, so texts that differ in these are one.
    private func asEncoded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    // MARK: - Cameras

    private mutating func watchedCameras(in section: Section, known: [String]) -> [String] {
        guard let entry = section.entry("cameras") else { return known }
        let names = read(entry) { entry throws(Faults) in
            let names = try entry.texts { item, name throws(Faults) in try item.text(of: name) }
            guard !names.isEmpty else {
                throw Faults("`cameras` is empty; leave it out to watch all of them", at: entry.value.place)
            }
            return names
        }
        let cameras = Set(known)
        var seen = Set<String>()
        for name in names ?? [] {
            if !seen.insert(name.text).inserted {
                report("\(quoted(name.text)) is twice in `cameras`", at: name.place)
            } else if !cameras.contains(name.text) {
                report(
                    "there is no camera \(quoted(name.text))\(suggestion(for: name.text, among: known))",
                    at: name.place
                )
            }
        }
        return names?.map(\.text) ?? []
    }

    // MARK: - Conditions and times

    private mutating func conditions(in section: Section, or standard: Condition) -> Conditions {
        let when = condition("when", in: section)
        let clear = condition("clear", in: section)
        if let entry = section.entry("clear"), let clear, let when = section.entry("when") == nil ? standard : when {
            if let complaint = clear.complaint(asClearOf: when) { report(complaint, at: entry.value.place) }
        }
        return Conditions(when: when ?? standard, clear: clear)
    }

    private mutating func night(in section: Section, day: Conditions) -> Conditions? {
        guard let entry = section.entry("night"),
            let night = self.section(entry.value, called: "`night`", path: "triggers[].night")
        else { return nil }
        if night.entry("when") == nil { report("`night` needs a `when`", at: night.place) }
        return conditions(in: night, or: day.when)
    }

    private mutating func condition(_ key: String, in section: Section) -> Condition? {
        guard let entry = section.entry(key) else { return nil }
        return read(entry) { entry throws(Faults) in try entry.parsed(Condition.init(parsing:)) }
    }

    private mutating func duration(_ key: String, in section: Section) -> Duration {
        read(key, in: section, or: .zero) { entry throws(Faults) in try entry.parsed(Duration.init(parsing:)) }
    }
}
