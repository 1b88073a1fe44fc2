import EventSocket
import Foundation
import NIOCore
import Synchronization
import Testing

/// Subscriptions that ask for the past, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct SinceTests {
    private func start(_ line: String?) throws -> SubscriptionStart {
        let line = try #require(line)
        return try Wire.message(Reply<SubscriptionStart>.self, from: ByteBuffer(string: line)).ok
    }

    /// A daemon whose journal has so many messages, a minute apart.
    private func backend(_ count: Int, without gaps: Set<Int> = []) -> FakeBackend {
        var values = FakeBackend.Values()
        values.hello.seq = count
        values.journal = (0..<count).map { $0 + 1 }.filter { !gaps.contains($0) }.map(line)
        return FakeBackend(values)
    }

    private func line(_ seq: Int) -> EventLine {
        var line = Sample.started(seq, trigger: seq.isMultiple(of: 2) ? "even" : "odd")
        line.at = Sample.time + Double(seq * 60)
        return line
    }

    private func expect(_ numbers: some Sequence<Int>, from peer: Peer) async throws {
        for seq in numbers { #expect(try await peer.event() == line(seq)) }
    }

    @Test func whatWasMissedComesBetweenTheStatesAndWhatHappens() async throws {
        let backend = backend(1_000, without: [3, 999, 1_000])
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                let answer = try start(try await peer.ask(#"{"do":"subscribe","since":1}"#))
                #expect(answer == SubscriptionStart(seq: 1_000, states: Sample.states))
                server.publish(line(1_001), journaledBy: backend)
                try await expect([2], from: peer)
                try await expect(4...998, from: peer)
                server.publish(line(1_002), journaledBy: backend)
                try await expect(1_001...1_002, from: peer)
            }
            #expect(backend.reads == [1, 258, 514, 770])
        }
    }

    @Test func theFilterHoldsForThePast() async throws {
        try await withServer(backend(600)) { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try start(try await peer.ask(#"{"do":"subscribe","since":0,"triggers":["even"]}"#))
                server.publish(line(601))
                server.publish(line(602))
                try await expect(stride(from: 2, through: 602, by: 2), from: peer)
            }
        }
    }

    @Test func aTimeIsAPlaceToo() async throws {
        try await withServer(backend(10)) { server, path in
            try await Peer.connect(path) { peer async throws in
                for (seconds, first) in [(-1.0, 1), (60, 1), (60.001, 2), (240, 4), (599, 10), (600, 10)] {
                    let time = WireTime.text(Sample.time + seconds)
                    _ = try start(try await peer.ask(#"{"do":"subscribe","since":"\#(time)"}"#))
                    try await expect(first...10, from: peer)
                }
                _ = try start(try await peer.ask(#"{"do":"subscribe","since":"\#(WireTime.text(Date()))"}"#))
                server.publish(line(11))
                try await expect([11], from: peer)
                let later = WireTime.text(Date() + 3_600)
                let refusal = try await peer.ask(#"{"do":"subscribe","since":"\#(later)"}"#)
                #expect(try code(refusal) == "bad-request")
            }
        }
    }

    @Test func aNumberThatIsYetToComeMeansNow() async throws {
        let backend = backend(10)
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                for since in [10, 11, Int.max] {
                    #expect(try start(try await peer.ask(#"{"do":"subscribe","since":\#(since)}"#)).seq == 10)
                }
                server.publish(line(11))
                try await expect([11], from: peer)
                #expect(backend.reads.isEmpty)
            }
        }
    }

    /// Lines flow all the time while peers come, read some, and go on from there on a new connection.
    @Test func goingOnFromTheLastLineHasNoGapAndNoDuplicate() async throws {
        let backend = backend(2_000)
        try await withServer(backend) { server, path in
            let seen = Mutex(0)
            let publisher = Task.detached {
                var seq = 2_000
                while !Task.isCancelled {
                    if seq < max(2_000, seen.withLock { $0 }) + 400 {
                        seq += 1
                        server.publish(line(seq), journaledBy: backend)
                    } else {
                        await Task.yield()
                    }
                }
            }
            defer { publisher.cancel() }
            var last = 0
            for _ in 0..<10 {
                let from = last
                last = try await Peer.connect(path) { peer in
                    var last = from
                    // On one connection, too.
                    for _ in 0..<3 {
                        try await peer.send(#"{"do":"subscribe","since":\#(last)}"#)
                        // What waited for the subscription before comes before the answer: it is told again.
                        while let line = try await peer.line(), !line.contains(#""ok":"#) {}
                        for _ in 0..<100 {
                            let event = try await peer.event()
                            #expect(event.seq == last + 1)
                            last = event.seq
                            seen.withLock { $0 = max($0, last) }
                        }
                    }
                    return last
                }
            }
            #expect(last == 3_000)
        }
    }

    @Test func whatIsCommittedButNotPublishedYetIsToldOnce() async throws {
        let backend = backend(10)
        try await withServer(backend) { server, path in
            backend.update { $0.journal.append(line(11)) }
            try await Peer.connect(path) { peer async throws in
                #expect(try start(try await peer.ask(#"{"do":"subscribe","since":8}"#)).seq == 10)
                server.publish(line(11))
                try await expect(9...11, from: peer)
            }
        }
    }

    @Test func whatIsPublishedWhileTheFirstPageIsReadIsToldOnce() async throws {
        let backend = backend(10)
        backend.update { $0.keepsReadersWaiting = true }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":8}"#)
                try await until { backend.waitingReaders == 1 }
                for seq in 11...13 { server.publish(line(seq), journaledBy: backend) }
                backend.update { $0.keepsReadersWaiting = false }
                backend.answerReaders()
                #expect(try start(try await peer.line()).seq == 13)
                server.publish(line(14), journaledBy: backend)
                try await expect(9...14, from: peer)
            }
        }
    }

    @Test func requestsWaitForTheEndOfThePast() async throws {
        try await withServer(backend(700)) { _, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":0}"# + "\n" + #"{"id":2,"do":"prompts list"}"#)
                _ = try start(try await peer.line())
                try await expect(1...700, from: peer)
                #expect(try await peer.line()?.contains(#""id":2"#) == true)
            }
        }
    }

    @Test func aPeerThatHasSaidAllItWantedIsToldAll() async throws {
        try await withServer(backend(700)) { server, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":0}"#)
                peer.finish()
                _ = try start(try await peer.line())
                try await expect(1...700, from: peer)
                server.publish(line(701))
                try await expect([701], from: peer)
            }
        }
    }

    @Test func aJournalThatCannotBeReadIsARefusalThatChangesNothing() async throws {
        let backend = backend(10)
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try start(try await peer.ask(#"{"do":"subscribe","triggers":["odd"]}"#))
                backend.update { $0.journalFault = RequestError(.noJournal, "the disk is gone") }
                for since in ["3", "\"2020-01-01T00:00:00Z\""] {
                    let refusal = try await peer.ask(#"{"id":7,"do":"subscribe","since":\#(since)}"#)
                    #expect(
                        refusal == #"{"error":{"code":"no-journal","message":"the disk is gone"},"id":7}"#
                    )
                }
                server.publish(line(12))
                server.publish(line(13))
                try await expect([13], from: peer)
            }
        }
    }

    @Test func whatCannotBeReadMidwayIsSaidToBeMissing() async throws {
        let backend = backend(700)
        try await withServer(backend) { server, path in
            backend.update { $0.keepsReadersWaiting = true }
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":0}"#)
                try await until { backend.waitingReaders == 1 }
                backend.update { values in
                    values.journalFault = RequestError(.noJournal, "the disk is gone")
                    values.keepsReadersWaiting = false
                }
                backend.answerReaders()
                _ = try start(try await peer.line())
                try await expect(1...256, from: peer)
                #expect(try await peer.line() == #"{"lagged":{"from":257,"to":700}}"#)
                server.publish(line(701))
                try await expect([701], from: peer)
            }
        }
    }

    /// More is published during the past than waits for a subscriber.
    @Test func whatOverflowsDuringALongPastIsSaidToBeMissingAndCanBeAskedFor() async throws {
        let backend = backend(300)
        backend.update { $0.keepsReadersWaiting = true }
        let total = 300 + 2 * EventProtocol.linesPerSubscriber
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":0}"#)
                try await until { backend.waitingReaders == 1 }
                backend.answerReaders()
                #expect(try start(try await peer.line()).seq == 300)
                // The second page is asked for when the first is out.
                try await expect(1...256, from: peer)
                try await until { backend.waitingReaders == 1 }
                for seq in 301...total { server.publish(line(seq), journaledBy: backend) }
                backend.update { $0.keepsReadersWaiting = false }
                backend.answerReaders()
                try await expect(257...300, from: peer)
                let notice = try Wire.message(
                    LagNotice.self,
                    from: ByteBuffer(string: try #require(try await peer.line()))
                ).lagged
                #expect(notice == Lag(from: 301, to: total - EventProtocol.linesPerSubscriber))
                try await expect(notice.to + 1...total, from: peer)
                // What it missed, and what it had after that.
                _ = try start(try await peer.ask(#"{"do":"subscribe","since":\#(notice.from - 1)}"#))
                try await expect(notice.from...total, from: peer)
            }
        }
    }

    /// A peer that reads nothing is told what fits into the pipe, and one page waits for it.
    @Test func aStalledPeerHoldsOnePage() async throws {
        let long = EventLine.Score(
            probability: 1,
            similarity: 1,
            margin: 1,
            rival: String(repeating: "r", count: 400)
        )
        let backend = backend(20_000)
        let journal = (1...20_000).map { Sample.started($0, score: long) }
        backend.update { $0.journal = journal }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { stalled async throws in
                try await stalled.send(#"{"do":"subscribe","since":0}"#)
                try await until { !backend.reads.isEmpty }
                try await Task.sleep(for: .milliseconds(300))
                #expect(backend.reads.count < 20)
                try await Peer.connect(path) { brisk async throws in
                    _ = try start(try await brisk.ask(#"{"do":"subscribe","since":19000}"#))
                    for seq in 19_001...20_000 { #expect(try await brisk.event().seq == seq) }
                }
                _ = try start(try await stalled.line())
                for seq in 1...20_000 { #expect(try await stalled.event().seq == seq) }
            }
        }
    }

    @Test func stoppingTellsTheRestOfThePast() async throws {
        try await withFolder { folder in
            let server = makeServer(folder + "/s", backend(700))
            try await server.start()
            try await Peer.connect(folder + "/s") { peer async throws in
                _ = try start(try await peer.ask(#"{"do":"subscribe","since":0}"#))
                server.publish(line(701))
                await withDiscardingTaskGroup { group in
                    group.addTask { await server.stop(patience: .minutes(5)) }
                }
                try await expect(1...701, from: peer)
                #expect(try await peer.line() == nil)
            }
        }
    }

    @Test func theClientAsksForThePast() async throws {
        try await withServer(backend(10)) { _, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(try await client.subscribe(since: .sequence(8)).seq == 10)
                #expect(try await client.next()?.content == .event(line(9)))
                #expect(try await client.next()?.content == .event(line(10)))
                _ = try await client.subscribe(since: .time(Sample.time + 600))
                #expect(try await client.next()?.content == .event(line(10)))
            }
        }
    }

    @Test(arguments: [
        ("0", Since.sequence(0)), ("1841", .sequence(1_841)), ("2026-11-23T08:14:03.218Z", .time(Sample.time)),
        ("2026-11-23T08:14:03Z", .time(Sample.time - 0.218)), ("-1", nil), ("", nil), ("yesterday", nil), ("1.5", nil),
    ])
    func textsAreRead(text: String, since: Since?) {
        guard case .time(let date)? = since, case .time(let read)? = Since(parsing: text) else {
            #expect(Since(parsing: text) == since)
            return
        }
        #expect(abs(date.timeIntervalSince(read)) < 0.000_5)
    }
}
