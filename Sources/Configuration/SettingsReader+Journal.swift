/// The section `journal`.
extension SettingsReader {
    mutating func journal(in top: Section) -> JournalSettings {
        let section = optionalSection("journal", in: top)
        let standard = JournalSettings()
        let folder = folder
        var journal = JournalSettings(
            path: read("path", in: section, or: standard.path) { entry throws(Faults) in
                try entry.path(in: folder)
            },
            limit: read("limit", in: section, or: standard.limit) { entry throws(Faults) in try entry.sizeLimit() },
            thumbnails: read("thumbnails", in: section, or: standard.thumbnails) { entry throws(Faults) in
                try entry.choice(of: JournalSettings.Thumbnails.self)
            }
        )
        journal.keep = read("keep", in: section, or: standard.keep) { entry throws(Faults) in try entry.age() }
        let keep = Age(journal.keep)
        journal.keepThumbnails = read("keep-thumbnails", in: section, or: journal.keep) { entry throws(Faults) in
            let age = try entry.age()
            guard Age(age) <= keep else {
                throw entry.mustBe("at most `keep`, \(keep): a thumbnail goes with its look")
            }
            return age
        }
        let events = max(keep, Age(standard.keepEvents))
        journal.keepEvents = read("keep-events", in: section, or: events.duration) { entry throws(Faults) in
            let age = try entry.age()
            guard Age(age) >= keep else {
                throw entry.mustBe("at least `keep`, \(keep): looks are judged again by what was told of their cameras")
            }
            return age
        }
        return journal
    }
}

/// How old something may become, ordered; nil is for ever.
private struct Age: Comparable, CustomStringConvertible {
    let duration: Duration?

    init(_ duration: Duration?) {
        self.duration = duration
    }

    static func < (left: Age, right: Age) -> Bool {
        switch (left.duration, right.duration) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        case (nil, _): false
        }
    }

    var description: String {
        guard let seconds = duration?.components.seconds else { return "forever" }
        for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
        where seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}

extension Value.Entry {
    /// A duration of at least a minute, or nil for `forever`.
    fileprivate func age() throws(Faults) -> Duration? {
        guard try text() != "forever" else { return nil }
        let age = try parsed(Duration.init(parsing:))
        guard age >= .seconds(60) else { throw mustBe("at least 1m, or `forever`") }
        return age
    }

    /// A size of at least 1 MB, or nil for `none`.
    fileprivate func sizeLimit() throws(Faults) -> Int64? {
        guard try text() != "none" else { return nil }
        let limit = try parsed(ByteSize.parse)
        guard limit >= 1_000_000 else { throw mustBe("at least 1MB, or `none`") }
        return limit
    }
}
