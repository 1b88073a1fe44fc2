import EventSocket
import Testing

@Suite struct SubscriberQueueTests {
    private enum Said: Equatable {
        case lagged(Int, Int)
        case line(Int)
    }

    private func next(_ queue: inout SubscriberQueue<Int>) -> Said? {
        switch queue.next() {
        case .lagged(let lag): .lagged(lag.from, lag.to)
        case .line(let line): .line(line)
        case nil: nil
        }
    }

    /// Every interleaving of thirteen appends and takes, for small capacities, against a list that forgets nothing.
    @Test(arguments: 1...4)
    func everyInterleaving(capacity: Int) {
        for choices in 0..<(1 << 13) {
            var queue = SubscriberQueue<Int>(capacity: capacity)
            var waiting: [Int] = []
            var lost: [Int] = []
            var seq = 100
            for step in 0..<13 {
                if choices >> step & 1 == 0 {
                    queue.append(seq * 7, seq: seq)
                    waiting.append(seq)
                    if waiting.count > capacity { lost.append(waiting.removeFirst()) }
                    seq += 3
                } else {
                    let wanted: Said?
                    if let from = lost.first, let to = lost.last {
                        wanted = .lagged(from, to)
                        lost = []
                    } else {
                        wanted = waiting.isEmpty ? nil : .line(waiting.removeFirst() * 7)
                    }
                    let said = next(&queue)
                    guard said == wanted else {
                        Issue.record("capacity \(capacity), choices \(choices), step \(step): \(said) for \(wanted)")
                        return
                    }
                }
                guard queue.count == waiting.count, queue.count <= capacity,
                    queue.isEmpty == (waiting.isEmpty && lost.isEmpty)
                else {
                    Issue.record("capacity \(capacity), choices \(choices), step \(step): \(queue.count) wait")
                    return
                }
            }
        }
    }

    @Test func aMillionLinesForNobodyAreOneGap() {
        var queue = SubscriberQueue<Int>()
        for seq in 1...1_000_000 { queue.append(seq, seq: seq) }
        #expect(queue.count == 1_024)
        #expect(next(&queue) == .lagged(1, 1_000_000 - 1_024))
        for seq in (1_000_000 - 1_023)...1_000_000 { #expect(next(&queue) == .line(seq)) }
        #expect(next(&queue) == nil)
    }

    @Test func losingMoreBeforeTheNoticeIsReadMakesOneNotice() {
        var queue = SubscriberQueue<Int>(capacity: 2)
        for seq in 1...4 { queue.append(seq, seq: seq) }
        queue.append(5, seq: 5)
        #expect(next(&queue) == .lagged(1, 3))
        for seq in 6...7 { queue.append(seq, seq: seq) }
        #expect(next(&queue) == .lagged(4, 5))
        #expect(next(&queue) == .line(6))
    }

    @Test func aQueueHoldsAtLeastOneLine() {
        var queue = SubscriberQueue<Int>(capacity: 0)
        queue.append(1, seq: 1)
        #expect(next(&queue) == .line(1))
    }
}
