import NIOCore

/// The lines that wait for one subscriber: bounded, the oldest go first.
///
/// A full queue gives up its oldest line for each new one and remembers the gap; what comes out next is then one notice
/// of the whole gap, before the line after it. Pure: no clock, no lock, no socket.
package struct SubscriberQueue<Line> {
    /// What comes out.
    package enum Item {
        /// Lines are missing here.
        case lagged(Lag)
        /// A line.
        case line(Line)
    }

    private let capacity: Int
    private var lines = CircularBuffer<(seq: Int, line: Line)>()
    private var gap: Lag?

    /// Creates an empty queue for at least one line.
    package init(capacity: Int = EventProtocol.linesPerSubscriber) {
        self.capacity = max(1, capacity)
    }

    /// How many lines wait.
    package var count: Int { lines.count }

    /// Whether nothing is to be said.
    package var isEmpty: Bool { lines.isEmpty && gap == nil }

    /// Takes a line at the end, giving up the oldest when there is no room.
    package mutating func append(_ line: Line, seq: Int) {
        if lines.count >= capacity, let lost = lines.popFirst() {
            gap = Lag(from: gap?.from ?? lost.seq, to: lost.seq)
        }
        lines.append((seq, line))
    }

    /// Takes out what is to be said next.
    package mutating func next() -> Item? {
        if let lag = gap {
            gap = nil
            return .lagged(lag)
        }
        return lines.popFirst().map { .line($0.line) }
    }
}
