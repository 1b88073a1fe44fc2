import Capture
import Foundation
import Synchronization
import Testing

@Suite struct FrameMailboxTests {
    private func frame(_ sequence: UInt64) -> Frame {
        var frame = Frame()
        frame.sequence = sequence
        frame.bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 100)
        return frame
    }

    @Test func theLatestWinsAndReplacedFramesAreCounted() {
        let mailbox = FrameMailbox {}
        var taken = Frame()
        #expect(!mailbox.take(into: &taken))
        for sequence in 1...3 as ClosedRange<UInt64> {
            var offered = frame(sequence)
            mailbox.offer(&offered)
        }
        #expect(mailbox.take(into: &taken))
        #expect(taken.sequence == 3)
        #expect(taken.bytes == [UInt8](repeating: 3, count: 100))
        #expect(mailbox.replacedCount == 2)
        #expect(!mailbox.take(into: &taken))
        #expect(taken.sequence == 3)
    }

    @Test func eachOfferIsTold() {
        let count = Counter()
        let mailbox = FrameMailbox { count.value.withLock { $0 += 1 } }
        var offered = frame(1)
        for _ in 0..<5 { mailbox.offer(&offered) }
        #expect(count.value.withLock { $0 } == 5)
    }

    @Test func storageGoesRound() {
        let mailbox = FrameMailbox {}
        var offered = Frame()
        var taken = Frame()
        var addresses: Set<UnsafeRawPointer> = []
        for round in 0..<100 {
            offered.bytes.removeAll(keepingCapacity: true)
            for _ in 0..<1000 { offered.bytes.append(UInt8(round)) }
            offered.bytes.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { _ = addresses.insert(base) }
            }
            mailbox.offer(&offered)
            if !round.isMultiple(of: 3) { #expect(mailbox.take(into: &taken)) }
        }
        #expect(addresses.count <= 3)
    }

    @Test func noFrameIsLostUncountedBetweenTwoThreads() async {
        let mailbox = FrameMailbox {}
        let total: UInt64 = 20_000
        let thread = Thread {
            var offered = Frame()
            for sequence in 1...total {
                offered.sequence = sequence
                mailbox.offer(&offered)
            }
        }
        thread.start()
        var taken = Frame()
        var count: UInt64 = 0
        var last: UInt64 = 0
        while last < total {
            guard mailbox.take(into: &taken) else {
                await Task.yield()
                continue
            }
            #expect(taken.sequence > last)
            last = taken.sequence
            count += 1
        }
        #expect(count + mailbox.replacedCount == total)
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }
}
