import Foundation

/// What to delete next, or to give back: a pure machine of what the journal holds and the time.
///
/// Things go because they are too old, or, looks first, because there is too much. Space is not given back for every page
/// that falls free: in the long run as much is written as is deleted, and new looks take the pages of old ones.
package struct RetentionPlan: Sendable {
    /// What the journal holds, as far as it matters here.
    package struct Holdings: Sendable, Equatable {
        /// The oldest look that may go; nil when none may.
        package var oldestLook: Date?
        /// The oldest thumbnail that may go.
        package var oldestThumbnail: Date?
        /// The oldest end of an event, or message that is of none.
        package var oldestEvent: Date?
        /// Bytes of pages with content.
        package var usedBytes: Int64 = 0
        /// Bytes of pages without.
        package var freeBytes: Int64 = 0

        /// A journal that holds nothing.
        package init() {}
    }

    /// One bounded step.
    package enum Step: Sendable, Equatable {
        /// Delete thumbnails that are older.
        case deleteThumbnails(before: Date)
        /// Delete looks that are older.
        case deleteLooks(before: Date)
        /// Delete the looks that were written first, whatever their age.
        case deleteFirstLooks
        /// Delete events that ended earlier, and messages of none that are older.
        case deleteEvents(before: Date, isOverLimit: Bool)
        /// Give free pages back to the file system.
        case giveBack
        /// Nothing needs to be done.
        case rest
    }

    /// Fewer free bytes than these are not worth the writing.
    package static let leastFree: Int64 = 2 << 20
    /// So many free bytes stay, for what is written next.
    package static let reserve: Int64 = 1 << 20

    private let settings: RetentionSettings
    private var isGivingBack = false
    /// Whether there is too much, and has not been enough deleted since.
    package private(set) var isOverLimit = false

    /// A plan that has seen nothing yet.
    package init(_ settings: RetentionSettings) {
        self.settings = settings
    }

    /// The next step. `now` is the time by which things are too old (``RetentionClock``).
    package mutating func next(_ holdings: Holdings, now: Date) -> Step {
        judgeLimit(holdings)
        let deletion = deletion(holdings, now: now)
        judgeFree(holdings, isDeleting: deletion != nil)
        return isGivingBack ? .giveBack : deletion ?? .rest
    }

    private func deletion(_ holdings: Holdings, now: Date) -> Step? {
        if let age = settings.thumbnails, let oldest = holdings.oldestThumbnail, oldest < now - age.seconds {
            return .deleteThumbnails(before: now - age.seconds)
        }
        if let age = settings.looks, let oldest = holdings.oldestLook, oldest < now - age.seconds {
            return .deleteLooks(before: now - age.seconds)
        }
        if let age = settings.events, let oldest = holdings.oldestEvent, oldest < now - age.seconds {
            return .deleteEvents(before: now - age.seconds, isOverLimit: false)
        }
        guard isOverLimit else { return nil }
        if holdings.oldestLook != nil { return .deleteFirstLooks }
        return holdings.oldestEvent.map { .deleteEvents(before: $0 + 86_400, isOverLimit: true) }
    }

    /// A fiftieth less than the limit is enough again.
    private mutating func judgeLimit(_ holdings: Holdings) {
        guard let limit = settings.bytes else { return }
        if holdings.usedBytes > limit {
            isOverLimit = true
        } else if holdings.usedBytes <= limit - limit / 50 {
            isOverLimit = false
        }
    }

    /// While there is more to delete, space is given back in larger portions.
    private mutating func judgeFree(_ holdings: Holdings, isDeleting: Bool) {
        let reserve = min(Self.reserve, (settings.bytes ?? .max) / 50)
        let isTooLarge = settings.bytes.map { holdings.usedBytes + holdings.freeBytes > $0 } ?? false
        let isMuch = holdings.freeBytes >= max(Self.leastFree, holdings.usedBytes / (isDeleting ? 50 : 500))
        if holdings.freeBytes <= reserve {
            isGivingBack = false
        } else if isTooLarge || isMuch {
            isGivingBack = true
        }
    }
}

extension Duration {
    fileprivate var seconds: TimeInterval { self / .seconds(1) }
}
