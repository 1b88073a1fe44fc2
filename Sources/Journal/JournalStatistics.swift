import Foundation

/// What a journal has done since it was opened.
public struct JournalStatistics: Sendable, Hashable {
    /// Looks that are on disk.
    public var looks = 0
    /// Crops of those looks.
    public var crops = 0
    /// Messages that are on disk, those of recovery included.
    public var messages = 0
    /// Looks that were given up: the disk was slower than the cameras, or refused.
    public var dropped = 0
    /// Transactions that failed, and records that were refused because they made no sense.
    public var failures = 0
    /// Messages that were published before the disk took them and that still wait to be written.
    public var unwritten = 0
    /// Why the last attempt to write failed; nil while writing works.
    public var lastError: String?
    /// The bytes of the database and its write-ahead log on disk.
    public var fileBytes: Int64 = 0
    /// Thumbnails that are on disk.
    public var thumbnails = 0
    /// Looks that were deleted because they were too old or too many.
    public var deletedLooks = 0
    /// Thumbnails that were deleted while their looks stayed.
    public var deletedThumbnails = 0
    /// Events that were deleted.
    public var deletedEvents = 0
    /// When the oldest look was captured that may be deleted; nil when there is none.
    public var oldestLook: Date?
    /// Bytes of the database that nothing is in.
    public var freeBytes: Int64 = 0
    /// What is being deleted, in words; nil for nothing.
    public var deleting: String?
    /// For how long at most deleting has held up writing.
    public var longestStep = Duration.zero

    /// Whether the last attempt to write worked.
    public var isWritable: Bool { lastError == nil }

    /// Statistics of a journal that has done nothing yet.
    public init() {}
}
