import Foundation

extension SettingsReader {
    /// One mapping of days and times, or a list of them.
    mutating func schedule(in section: Section) -> Schedule? {
        guard let entry = section.entry("schedule") else { return nil }
        let values: [Value]
        switch entry.value.content {
        case .list(let items): values = items
        case .mapping: values = [entry.value]
        case .nothing, .text:
            report(entry.mustBe("a mapping such as `{ days: mon-fri, between: \"08:00-18:00\" }`, or a list of them"))
            return nil
        }
        guard !values.isEmpty else {
            report("`schedule` is empty; leave it out to watch always", at: entry.value.place)
            return nil
        }
        var windows: [Schedule.Window] = []
        var zone: (name: TimeZone?, isSet: Bool) = (nil, false)
        for value in values {
            guard let section = self.section(value, called: "`schedule`", path: "triggers[].schedule") else { continue }
            if section.entry("days") == nil, section.entry("between") == nil {
                report("`schedule` needs `days`, `between` or both", at: value.place)
            }
            let days = read("days", in: section, or: Set(Schedule.Day.allCases)) { entry throws(Faults) in
                try entry.days()
            }
            windows += read("between", in: section, or: [Schedule.Window(days: days, from: 0, to: 86_400)]) {
                entry throws(Faults) in try entry.windows(on: days)
            }
            let named = read("zone", in: section, or: nil) { entry throws(Faults) in try entry.zone() }
            if zone.isSet, zone.name != named {
                report("all parts of one `schedule` have the same `zone`", at: value.place)
            }
            zone = (named, true)
        }
        return Schedule(windows: windows, zone: zone.name)
    }
}

extension Value.Entry {
    fileprivate func days() throws(Faults) -> Set<Schedule.Day> {
        guard case .list = value.content else { return try parsed(Schedule.Day.days(parsing:)) }
        let names = try texts { item, name throws(Faults) in try item.phrase(of: name) }
        guard !names.isEmpty else { throw Faults("`days` is empty; leave it out for all days", at: value.place) }
        var days: Set<Schedule.Day> = []
        for name in names {
            do {
                days.formUnion(try Schedule.Day.days(parsing: name.text))
            } catch {
                throw Faults("`days`: \(error.message)", at: name.place)
            }
        }
        return days
    }

    fileprivate func windows(on days: Set<Schedule.Day>) throws(Faults) -> [Schedule.Window] {
        let parse = { (text: String) throws(InvalidValue) in try Schedule.Window(days: days, between: text) }
        guard case .list = value.content else { return [try parsed(parse)] }
        let texts = try texts { item, name throws(Faults) in try item.phrase(of: name) }
        guard !texts.isEmpty else {
            throw Faults("`between` is empty; leave it out for the whole day", at: value.place)
        }
        var windows: [Schedule.Window] = []
        for text in texts {
            do {
                windows.append(try parse(text.text))
            } catch {
                throw Faults("`between`: \(error.message)", at: text.place)
            }
        }
        return windows
    }

    fileprivate func zone() throws(Faults) -> TimeZone? {
        let name = try phrase()
        guard let zone = TimeZone(identifier: name) else {
            throw mustBe("a time zone such as `Europe/Berlin` or `UTC`")
        }
        return zone
    }
}
