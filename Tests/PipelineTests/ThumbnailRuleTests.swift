import Capture
import Pipeline
import Testing

@Suite("Thumbnails")
struct ThumbnailRuleTests {
    /// The seconds at which looks, four a second, become thumbnails.
    private func kept(activeFrom start: Double, to end: Double, until over: Double) -> [Double] {
        var rule = ThumbnailRule()
        return stride(from: 0.0, through: over, by: 0.25).filter { second in
            rule.keeps(
                at: .seconds(second),
                isTurn: second == start || second == end,
                hasActive: second >= start && second < end
            )
        }
    }

    @Test("an event has its start and end, and between them ever fewer")
    func event() {
        #expect(kept(activeFrom: 10, to: 20, until: 60) == [10, 12, 15, 19.5, 20])
        #expect(kept(activeFrom: 10, to: 10.25, until: 60) == [10, 10.25])
        #expect(kept(activeFrom: 1000, to: 2000, until: 60).isEmpty)
    }

    @Test(
        "a minute has a handful, an hour twice as many, a day some more",
        arguments: [(60, 6), (3600, 16), (86_400, 24)]
    )
    func lengths(seconds: Int, most: Int) {
        let kept = kept(activeFrom: 1, to: 1 + Double(seconds), until: Double(seconds) + 5)
        #expect(kept.count - 2 <= most && kept.count - 2 >= most - 2, "\(kept.count)")
        #expect(kept.first == 1 && kept.last == 1 + Double(seconds))
    }

    @Test("a second event while one is active begins anew; a turn that leaves one active, too")
    func two() {
        var rule = ThumbnailRule()
        var kept: [Int] = []
        for second in 0..<40 {
            let isTurn = [5, 25, 30].contains(second)
            if rule.keeps(at: .seconds(second), isTurn: isTurn, hasActive: second >= 5) { kept.append(second) }
        }
        #expect(kept == [5, 7, 10, 15, 22, 25, 27, 30, 32, 35])
    }

    private func frame(_ number: UInt64, at milliseconds: Int, bytes: Int = 100) -> Frame {
        var frame = Frame()
        frame.bytes = Array(repeating: UInt8(truncatingIfNeeded: number), count: bytes)
        frame.sequence = number
        frame.monotonic = .milliseconds(milliseconds)
        return frame
    }

    @Test("of the last looks the very last is kept, and before it two at least a second apart")
    func recent() {
        var recent = RecentFrames()
        for number in 0..<41 { recent.add(frame(UInt64(number), at: number * 250)) }
        let frames = recent.takeAll()
        #expect(frames.count == RecentFrames.most)
        #expect(frames.last?.sequence == 40)
        for (one, next) in zip(frames, frames.dropFirst().dropLast()) {
            #expect(next.monotonic - one.monotonic >= .seconds(1))
        }
        #expect(frames.allSatisfy { $0.bytes == frame($0.sequence, at: 0).bytes })
        #expect(recent.takeAll().isEmpty)
    }

    @Test("seldom looks are all kept, up to three; of large frames only the last")
    func seldom() {
        var recent = RecentFrames()
        for number in 0..<5 { recent.add(frame(UInt64(number), at: number * 10_000)) }
        #expect(recent.takeAll().map(\.sequence) == [2, 3, 4])
        for number in 0..<5 { recent.add(frame(UInt64(number), at: number * 10_000, bytes: 2 << 20)) }
        #expect(recent.takeAll().map(\.sequence) == [4])
    }
}
