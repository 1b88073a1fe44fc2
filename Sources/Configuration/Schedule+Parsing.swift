extension Schedule.Window {
    /// Reads `08:00-18:00`, two times of day; the second may be 24:00 or, which is the same, 00:00, or before the first,
    /// and is then of the next day.
    init(days: Set<Schedule.Day>, between text: String) throws(InvalidValue) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { String($0).trimmed }
        guard ends.count == 2, let from = Self.second(ends[0]), let to = Self.second(ends[1]), from < 86_400 else {
            throw InvalidValue("\(quoted(text)) is not a part of the day such as `08:00-18:00` or `22:00-06:00`")
        }
        guard from != to else {
            throw InvalidValue("\(quoted(text)) begins where it ends; the whole day is `00:00-24:00`")
        }
        self.init(days: days, from: from, to: to == 0 ? 86_400 : to)
    }

    private static func second(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0[...].isDigits }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 3600 + minute * 60
    }
}

extension Schedule.Day {
    /// Reads `mon-fri`, `sat`, or several of these behind commas. `fri-mon` goes over the weekend.
    static func days(parsing text: String) throws(InvalidValue) -> Set<Schedule.Day> {
        var days: Set<Schedule.Day> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { String($0).trimmed }
            guard let first = ends.first.flatMap(named), let last = ends.last.flatMap(named), ends.count <= 2 else {
                let names = allCases.map { "\($0)" }.joined(separator: ", ")
                throw InvalidValue("\(quoted(text)) is not days such as `mon-fri` or `sat, sun`; there are \(names)")
            }
            for offset in 0...(last.rawValue - first.rawValue + 7) % 7 {
                days.insert(allCases[(first.rawValue + offset) % 7])
            }
        }
        return days
    }

    private static func named(_ name: String) -> Schedule.Day? {
        allCases.first { "\($0)" == name.lowercased() }
    }
}
