/// The SQLite database in which looks and events are kept, for how long, and how much of them.
public struct JournalSettings: Sendable, Equatable {
    /// Which looks' pictures are kept small.
    public enum Thumbnails: String, Sendable, CaseIterable {
        case none
        /// Those with which events start and end, a few before, and some while they last.
        case events
        /// Those of all looks.
        case all
    }

    /// Resolved against the configuration's folder.
    public var path: String
    /// How old a look may become, with its embeddings and scores; nil for any age.
    public var keep: Duration?
    /// How old a thumbnail may become, never more than `keep`; nil for any age.
    public var keepThumbnails: Duration?
    /// How old events and messages may become, never less than `keep`; nil for any age.
    public var keepEvents: Duration?
    /// Bytes that the journal may have on disk; beyond them the oldest looks go before their time. Nil for any number.
    public var limit: Int64?
    /// Which looks' pictures are kept small.
    public var thumbnails: Thumbnails

    /// Takes values as they are; only the reader checks ranges.
    public init(
        path: String = "/var/lib/scenewatch/journal.db",
        keep: Duration? = .seconds(30 * 86_400),
        keepThumbnails: Duration? = .seconds(30 * 86_400),
        keepEvents: Duration? = .seconds(365 * 86_400),
        limit: Int64? = 10_000_000_000,
        thumbnails: Thumbnails = .events
    ) {
        self.path = path
        self.keep = keep
        self.keepThumbnails = keepThumbnails
        self.keepEvents = keepEvents
        self.limit = limit
        self.thumbnails = thumbnails
    }
}
