/// For how long a journal keeps what it holds, and how much of it.
public struct RetentionSettings: Sendable, Hashable {
    /// How old a look may become, with its crops, scores and thumbnail; nil for any age.
    public var looks: Duration?
    /// How old a thumbnail may become; nil for as old as its look.
    public var thumbnails: Duration?
    /// How old an event that has ended, and what was told of cameras, may become; nil for any age.
    public var events: Duration?
    /// Bytes that the database may have, its write-ahead log not counted; nil for any number.
    public var bytes: Int64?

    /// Settings by which nothing is deleted, unless said otherwise.
    public init(looks: Duration? = nil, thumbnails: Duration? = nil, events: Duration? = nil, bytes: Int64? = nil) {
        self.looks = looks
        self.thumbnails = thumbnails
        self.events = events
        self.bytes = bytes
    }
}
