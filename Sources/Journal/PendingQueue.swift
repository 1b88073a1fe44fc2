/// What waits to be written, and when to write it: a pure state machine of offers and time.
///
/// Looks can wait a little for others, so that a transaction is worth its while; something urgent (a message) is written
/// at once together with all that was offered before it. Looks are bounded: when there are too many, the oldest go.
/// What is urgent is never dropped.
package struct PendingQueue<Look, Urgent> {
    /// Something that was offered.
    package enum Item {
        /// A look.
        case look(Look)
        /// Something urgent.
        case urgent(Urgent)
    }

    /// What the writer has to do now.
    package enum Step {
        /// Sleep until the time, or until woken when there is none.
        case wait(until: ContinuousClock.Instant?)
        /// Write these in one transaction. There may be none: it is then time to try again what could not be written.
        case write([Item])
        /// Nothing will come any more.
        case finish
    }

    private let capacity: Int
    private let gathering: Duration
    private var looks: [Ticketed<Look>] = []
    private var oldest = 0
    private var urgent: [Ticketed<Urgent>] = []
    private var nextTicket: UInt64 = 0
    private var writeLooksAt: ContinuousClock.Instant?
    private var retryAt: ContinuousClock.Instant?
    private var isWakePending = false
    private var isClosed = false

    /// An empty queue for at most `capacity` looks that waits `gathering` from the first look for more.
    package init(capacity: Int, gathering: Duration) {
        self.capacity = max(1, capacity)
        self.gathering = gathering
    }

    /// How many looks wait.
    package var lookCount: Int { looks.count - oldest }

    /// Whether fewer than half of the looks wait that may: what is being written and fails still fits beside them.
    package var hasRoom: Bool { 2 * lookCount < capacity }

    /// A look was offered. Says how many looks were dropped for it, itself included, and whether to wake the writer.
    package mutating func offer(look: Look, at now: ContinuousClock.Instant) -> (dropped: Int, wake: Bool) {
        guard !isClosed else { return (1, false) }
        looks.append(ticketed(look))
        let dropped = dropOldest()
        guard writeLooksAt == nil else { return (dropped, false) }
        writeLooksAt = now + gathering
        return (dropped, wake())
    }

    /// Something urgent was offered. Nil when the queue is closed and did not take it, else whether to wake the writer.
    package mutating func offer(urgent value: Urgent) -> Bool? {
        guard !isClosed else { return nil }
        urgent.append(ticketed(value))
        return wake()
    }

    /// Nothing may be offered any more. Says whether to wake the writer.
    package mutating func close() -> Bool {
        guard !isClosed else { return false }
        isClosed = true
        return wake()
    }

    /// Looks could not be written: they go back before all others, and no look is tried again until `retry`. Says how
    /// many were dropped because there are too many now, or because the queue is closed and nothing is tried twice.
    package mutating func putBack(_ failed: [Look], retryAt retry: ContinuousClock.Instant) -> Int {
        guard !isClosed else { return failed.count }
        // Their old tickets are gone, and not missed: what was urgent among them has had its answer.
        looks = failed.map { Ticketed(ticket: 0, value: $0) } + looks[oldest...]
        oldest = 0
        retryAt = retry
        return dropOldest()
    }

    /// What to do now. After `.finish` the queue is empty and stays so.
    package mutating func next(at now: ContinuousClock.Instant) -> Step {
        isWakePending = false
        if !urgent.isEmpty { return .write(takeAll()) }
        if isClosed { return lookCount > 0 ? .write(takeAll()) : .finish }
        let due: ContinuousClock.Instant? =
            switch (retryAt, writeLooksAt) {
            case (let retry?, let looks?): max(retry, looks)
            case (let retry, let looks): retry ?? looks
            }
        guard let due, due <= now else { return .wait(until: due) }
        return .write(takeAll())
    }

    private mutating func takeAll() -> [Item] {
        var items: [Item] = []
        items.reserveCapacity(lookCount + urgent.count)
        var waiting = looks[oldest...]
        for item in urgent {
            while let look = waiting.first, look.ticket < item.ticket {
                items.append(.look(look.value))
                waiting.removeFirst()
            }
            items.append(.urgent(item.value))
        }
        items += waiting.map { .look($0.value) }
        looks.removeAll(keepingCapacity: true)
        urgent.removeAll(keepingCapacity: true)
        oldest = 0
        writeLooksAt = nil
        retryAt = nil
        return items
    }

    private mutating func ticketed<Value>(_ value: Value) -> Ticketed<Value> {
        defer { nextTicket += 1 }
        return Ticketed(ticket: nextTicket, value: value)
    }

    private mutating func dropOldest() -> Int {
        let excess = max(0, lookCount - capacity)
        oldest += excess
        if oldest >= capacity {
            looks.removeFirst(oldest)
            oldest = 0
        }
        return excess
    }

    private mutating func wake() -> Bool {
        defer { isWakePending = true }
        return !isWakePending
    }
}

extension PendingQueue: Sendable where Look: Sendable, Urgent: Sendable {}
extension PendingQueue.Item: Sendable where Look: Sendable, Urgent: Sendable {}
extension PendingQueue.Step: Sendable where Look: Sendable, Urgent: Sendable {}

/// Something offered, with its place in the order of all offers.
private struct Ticketed<Value> {
    let ticket: UInt64
    let value: Value
}

extension Ticketed: Sendable where Value: Sendable {}
