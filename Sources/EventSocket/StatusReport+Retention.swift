import Foundation

extension StatusReport {
    /// What the journal has deleted since the daemon's start, because it was too old or too much.
    public struct Retention: Codable, Sendable, Equatable {
        /// When the oldest look was captured that may be deleted; absent when there is none.
        public var oldestLook: Date?
        /// What is being deleted, in words; absent for nothing.
        public var deleting: String?
        /// Looks that were deleted.
        public var looks: Int
        /// Thumbnails that were deleted while their looks stayed.
        public var thumbnails: Int
        /// Events that were deleted.
        public var events: Int
        /// Bytes of the database that are free for what comes next.
        public var freeBytes: Int
        /// Bytes that the database may have; absent for any number.
        public var limit: Int?

        /// Creates the report of what was deleted.
        public init(
            oldestLook: Date? = nil,
            deleting: String? = nil,
            looks: Int,
            thumbnails: Int,
            events: Int,
            freeBytes: Int,
            limit: Int? = nil
        ) {
            self.oldestLook = oldestLook
            self.deleting = deleting
            self.looks = looks
            self.thumbnails = thumbnails
            self.events = events
            self.freeBytes = freeBytes
            self.limit = limit
        }
    }
}
