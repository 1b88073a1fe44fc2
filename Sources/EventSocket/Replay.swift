import NIOCore

/// The past that one subscriber asked for, page by page: the messages after one sequence number, up to another.
///
/// The next page is asked for when the last one has been taken out, so that one page is held and no more. Pure: no
/// clock, no thread, no socket.
package struct Replay {
    /// What is to be done next.
    package enum Step: Equatable {
        /// Get a page of the messages after that number.
        case read(after: Int)
        /// A page is on its way.
        case wait
        /// Send this.
        case line(EventLine)
        /// Say that these are missing: they could not be read.
        case missing(Lag)
        /// All has been said.
        case finished
    }

    /// Up to where the past has been looked through: what was wanted up to here has been taken out, once nothing waits.
    package private(set) var position: Int
    private let end: Int
    private let filter: SubscriptionFilter
    private let pageSize: Int
    private var lines = CircularBuffer<EventLine>()
    private var gap: Lag?
    private var isReading = false
    private var isRead: Bool

    /// Begins behind one number and ends with another.
    package init(
        after position: Int,
        to end: Int,
        filter: SubscriptionFilter,
        pageSize: Int = EventProtocol.linesPerPage
    ) {
        self.position = position
        self.end = end
        self.filter = filter
        self.pageSize = pageSize
        isRead = position >= end
    }

    /// Takes a page: the messages after ``position`` in order, fewer than a page holds when there are no more.
    ///
    /// - Parameter isEarly: whether it was read before the end was known. If it is not full, there may be more by now.
    package mutating func take(_ page: Result<[EventLine], RequestError>, isEarly: Bool = false) {
        isReading = false
        guard !isRead else { return }
        let before = position
        let read = (try? page.get()) ?? []
        // What is newer than the end comes live.
        for line in read where line.seq > position && line.seq <= end {
            if filter.admits(line) { lines.append(line) }
            position = line.seq
        }
        let isLast = position >= end || (read.last?.seq ?? 0) > end || (read.count < pageSize && !isEarly)
        switch page {
        case .success where isLast:
            conclude()
        case .success where position > before || isEarly:
            break
        case .success, .failure:
            gap = Lag(from: position + 1, to: end)
            conclude()
        }
    }

    /// What to do next.
    package mutating func next() -> Step {
        if let line = lines.popFirst() { return .line(line) }
        if let lag = gap {
            gap = nil
            return .missing(lag)
        }
        if isRead { return .finished }
        if isReading { return .wait }
        isReading = true
        return .read(after: position)
    }

    private mutating func conclude() {
        isRead = true
        position = end
    }
}
