import Configuration
import EventSocket
import Journal

extension RetentionSettings {
    /// As the configuration has it.
    init(_ settings: Configuration.JournalSettings) {
        self.init(
            looks: settings.keep,
            thumbnails: settings.keepThumbnails == settings.keep ? nil : settings.keepThumbnails,
            events: settings.keepEvents,
            bytes: settings.limit
        )
    }
}

extension StatusReport.Retention {
    /// What the journal has deleted, and what is to come.
    init(_ statistics: JournalStatistics, _ settings: Configuration.JournalSettings) {
        self.init(
            oldestLook: statistics.oldestLook,
            deleting: statistics.deleting,
            looks: statistics.deletedLooks,
            thumbnails: statistics.deletedThumbnails,
            events: statistics.deletedEvents,
            freeBytes: Int(statistics.freeBytes),
            limit: settings.limit.map(Int.init)
        )
    }
}
