import EventSocket
import Testing

@Suite struct ReplayTests {
    private let everything = SubscriptionFilter()

    private func lines(_ numbers: some Sequence<Int>) -> [EventLine] {
        numbers.map { Sample.started($0, trigger: $0.isMultiple(of: 2) ? "even" : "odd") }
    }

    /// Every small journal with and without gaps, read from everywhere to everywhere in pages of every size.
    @Test func everySmallPastIsToldOnceAndInOrder() {
        for present in 0..<64 {
            let journal = lines((1...6).filter { present & (1 << ($0 - 1)) != 0 })
            for since in 0...7 {
                for end in 0...6 {
                    for pageSize in 1...4 {
                        for filter in [everything, SubscriptionFilter(triggers: ["even"])] {
                            check(journal, since, end, filter, pageSize)
                        }
                    }
                }
            }
        }
    }

    private func check(
        _ journal: [EventLine],
        _ since: Int,
        _ end: Int,
        _ filter: SubscriptionFilter,
        _ pageSize: Int
    ) {
        func page(_ seq: Int) -> [EventLine] { Array(journal.filter { $0.seq > seq }.prefix(pageSize)) }
        var replay = Replay(after: since, to: end, filter: filter, pageSize: pageSize)
        var told: [Int] = []
        var held = 0
        loop: while true {
            switch replay.next() {
            case .read(let seq):
                #expect(held == 0, "a page is asked for when the last has been taken out")
                #expect(replay.next() == .wait)
                replay.take(.success(page(seq)))
                held = page(seq).count { filter.admits($0) && $0.seq <= end }
            case .line(let line):
                told.append(line.seq)
                held -= 1
            case .missing(let lag):
                Issue.record("\(lag) is said to be missing")
            case .wait:
                Issue.record("a page is waited for that nobody was asked for")
                break loop
            case .finished:
                break loop
            }
        }
        #expect(told == journal.filter { $0.seq > since && $0.seq <= end && filter.admits($0) }.map(\.seq))
        #expect(replay.position == max(since, end))
    }

    @Test func anEarlyPageThatIsNotFullMayNotBeTheLast() {
        var replay = Replay(after: 0, to: 3, filter: everything, pageSize: 4)
        replay.take(.success(lines([1])), isEarly: true)
        #expect(replay.next() == .line(lines([1])[0]))
        #expect(replay.next() == .read(after: 1))
        replay.take(.success(lines([2, 3, 4])))
        #expect(replay.next() == .line(lines([2])[0]))
        #expect(replay.next() == .line(lines([3])[0]))
        #expect(replay.next() == .finished)
        // And one that reaches beyond the end is.
        replay = Replay(after: 0, to: 3, filter: everything, pageSize: 4)
        replay.take(.success(lines([1, 4])), isEarly: true)
        #expect(replay.next() == .line(lines([1])[0]))
        #expect(replay.next() == .finished)
        // An empty one says nothing.
        replay = Replay(after: 0, to: 3, filter: everything, pageSize: 4)
        replay.take(.success([]), isEarly: true)
        #expect(replay.next() == .read(after: 0))
    }

    @Test func whatCannotBeReadIsSaidToBeMissing() {
        var replay = Replay(after: 2, to: 9, filter: everything, pageSize: 2)
        #expect(replay.next() == .read(after: 2))
        replay.take(.success(lines([3, 5])))
        #expect(replay.next() == .line(lines([3])[0]))
        #expect(replay.next() == .line(lines([5])[0]))
        #expect(replay.next() == .read(after: 5))
        replay.take(.failure(RequestError(.noJournal, "")))
        #expect(replay.next() == .missing(Lag(from: 6, to: 9)))
        #expect(replay.next() == .finished)
        // Nothing comes after the end, however late.
        replay.take(.success(lines([6])))
        #expect(replay.next() == .finished)
    }

    @Test func aPageThatLeadsNowhereIsNotAskedForAgain() {
        var replay = Replay(after: 2, to: 9, filter: everything, pageSize: 2)
        #expect(replay.next() == .read(after: 2))
        replay.take(.success(lines([1, 2])))
        #expect(replay.next() == .missing(Lag(from: 3, to: 9)))
        #expect(replay.next() == .finished)
    }
}
