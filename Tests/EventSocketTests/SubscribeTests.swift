import EventSocket
import Foundation
import NIOCore
import Synchronization
import Testing

/// Subscriptions over real sockets.
@Suite(.timeLimit(.minutes(2))) struct SubscribeTests {
    private func start(_ line: String) throws -> SubscriptionStart {
        try Wire.message(Reply<SubscriptionStart>.self, from: ByteBuffer(string: line)).ok
    }

    @Test func statesThenLiveLines() async throws {
        let backend = FakeBackend()
        backend.update { $0.hello.seq = 41 }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                let answer = try start(try await peer.ask(#"{"do":"subscribe"}"#))
                #expect(answer == SubscriptionStart(seq: 41, states: Sample.states))
                #expect(server.subscribers == 1)
                server.publish(Sample.started(42))
                #expect(try await peer.event() == Sample.started(42))
                let status = try await peer.ask(#"{"do":"status"}"#)
                #expect(status.contains(#""subscribers":1,"#))
            }
            try await until { server.subscribers == 0 }
        }
    }

    @Test func nobodyHearsWithoutSubscribing() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                server.publish(Sample.started(1))
                #expect(try start(try await peer.ask(#"{"do":"subscribe"}"#)).seq == 1)
                server.publish(Sample.started(2))
                #expect(try await peer.event().seq == 2)
            }
        }
    }

    @Test func filtersHoldForStatesAndLines() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                let answer = try start(
                    try await peer.ask(
                        #"{"do":"subscribe","cameras":["garden"],"kinds":["event.started","camera.lost"]}"#
                    )
                )
                #expect(answer.states.map(\.trigger) == ["gate-open"])
                server.publish(Sample.started(1, camera: "front-door"))
                server.publish(.cameraFound(seq: 2, camera: "garden", at: Sample.time))
                server.publish(.cameraLost(seq: 3, camera: "garden", at: Sample.time, reason: "gone"))
                server.publish(.daemonReloaded(seq: 4, at: Sample.time))
                server.publish(Sample.started(5, camera: "garden"))
                #expect(try await peer.event().seq == 3)
                #expect(try await peer.event().seq == 5)
            }
        }
    }

    @Test func subscribingAgainReplacesTheFilter() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe","triggers":["a"]}"#)
                server.publish(Sample.started(1, trigger: "a"))
                #expect(try await peer.event().seq == 1)
                #expect(try start(try await peer.ask(#"{"do":"subscribe","triggers":["b"]}"#)).seq == 1)
                server.publish(Sample.started(2, trigger: "a"))
                server.publish(Sample.started(3, trigger: "b"))
                #expect(try await peer.event().seq == 3)
                // A refused request changes nothing.
                #expect(try code(try await peer.ask(#"{"do":"subscribe","triggers":"c"}"#)) == "bad-request")
                server.publish(Sample.started(4, trigger: "b"))
                #expect(try await peer.event().seq == 4)
                #expect(server.subscribers == 1)
            }
        }
    }

    @Test func theHandOverHasNoGapAndNoDuplicate() async throws {
        try await withServer { server, path in
            // Lines flow all the time, but never so far ahead of the reader that it loses any.
            let seen = Mutex(0)
            let publisher = Task.detached {
                var seq = 0
                while !Task.isCancelled {
                    if seq < seen.withLock({ $0 }) + 500 {
                        seq += 1
                        server.publish(Sample.started(seq))
                    } else {
                        await Task.yield()
                    }
                }
            }
            defer { publisher.cancel() }
            for _ in 0..<10 {
                try await Peer.connect(path) { peer in
                    var last: Int?
                    // Subscribing over and over on one connection, too, loses and repeats nothing.
                    for _ in 0..<4 {
                        try await peer.send(#"{"do":"subscribe"}"#)
                        var isAnswered = false
                        var lines = 0
                        while lines < 20 {
                            let line = try #require(try await peer.line())
                            if line.contains(#""ok":"#) {
                                let seq = try start(line).seq
                                if let last { #expect(seq == last) }
                                last = seq
                                isAnswered = true
                            } else {
                                let seq = try Wire.message(EventLine.self, from: ByteBuffer(string: line)).seq
                                let before = try #require(last)
                                #expect(seq == before + 1)
                                last = seq
                                if isAnswered { lines += 1 }
                            }
                            seen.withLock { $0 = last ?? 0 }
                        }
                    }
                }
            }
        }
    }

    @Test func allSeeConcurrentLinesInOneOrder() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { first async throws in
                try await Peer.connect(path) { second async throws in
                    _ = try await first.ask(#"{"do":"subscribe"}"#)
                    _ = try await second.ask(#"{"do":"subscribe"}"#)
                    // Fewer than the queue holds: nobody may lose anything.
                    for writer in 0..<8 {
                        Thread.detachNewThread {
                            for count in 1...100 {
                                server.publish(Sample.started(count, event: "\(writer)"))
                            }
                        }
                    }
                    var seen: [EventLine] = []
                    for _ in 0..<800 { seen.append(try await first.event()) }
                    var also: [EventLine] = []
                    for _ in 0..<800 { also.append(try await second.event()) }
                    #expect(seen == also)
                    for writer in 0..<8 {
                        #expect(seen.filter { $0.event == "\(writer)" }.map(\.seq) == Array(1...100))
                    }
                }
            }
        }
    }

    @Test func aSubscriberThatClosedItsSideGoesOnReceiving() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                peer.finish()
                for seq in 1...50 {
                    server.publish(Sample.started(seq))
                    #expect(try await peer.event().seq == seq)
                }
                #expect(server.subscribers == 1)
            }
            try await until { server.subscribers == 0 }
        }
    }

    /// The stalled one reads nothing while twelve mebibytes are published; the other one reads everything.
    @Test func aStalledSubscriberLosesItsOldestLinesAndNobodyElseDoes() async throws {
        let long = EventLine.Score(
            probability: 1,
            similarity: 1,
            margin: 1,
            rival: String(repeating: "r", count: 4_000)
        )
        let total = 4_000
        try await withServer { server, path in
            try await Peer.connect(path) { stalled async throws in
                _ = try await stalled.ask(#"{"do":"subscribe"}"#)
                try await Peer.connect(path) { brisk async throws in
                    _ = try await brisk.ask(#"{"do":"subscribe"}"#)
                    var next = 1
                    while next <= total {
                        let end = min(next + 500, total + 1)
                        for seq in next..<end { server.publish(Sample.started(seq, score: long)) }
                        for seq in next..<end { #expect(try await brisk.event().seq == seq) }
                        next = end
                    }
                }
                var last = 0
                var lost = 0
                var notices = 0
                while last < total {
                    let line = try #require(try await stalled.line())
                    if let notice = try? Wire.message(LagNotice.self, from: ByteBuffer(string: line)) {
                        #expect(notice.lagged.from == last + 1)
                        #expect(notice.lagged.to >= notice.lagged.from)
                        lost += notice.lagged.to - last
                        last = notice.lagged.to
                        notices += 1
                    } else {
                        let event = try Wire.message(EventLine.self, from: ByteBuffer(string: line))
                        #expect(event.seq == last + 1)
                        last = event.seq
                    }
                }
                // Where its event loop was busy with others, it had overflowed before anything was sent, too.
                #expect((1...2).contains(notices))
                #expect(lost > 1_000)
                // Recovered, it is a subscriber like any other.
                server.publish(Sample.started(total + 1))
                #expect(try await stalled.event().seq == total + 1)
            }
        }
    }

    @Test func stoppingSendsWhatIsQueued() async throws {
        try await withFolder { folder in
            let server = makeServer(folder + "/s")
            try await server.start()
            try await Peer.connect(folder + "/s") { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                for seq in 1...300 { server.publish(Sample.started(seq)) }
                // What is tested is that all is sent, not how fast this machine is while other tests run. The peer
                // reads meanwhile: more is queued than the kernel takes for a peer that does not.
                async let stopped: Void = server.stop(patience: .minutes(5))
                for seq in 1...300 { #expect(try await peer.event().seq == seq) }
                #expect(try await peer.line() == nil)
                await stopped
                server.publish(Sample.started(301))
                #expect(server.subscribers == 0)
            }
        }
    }

    @Test func aStalledSubscriberDoesNotHoldUpStopping() async throws {
        let long = EventLine.Score(
            probability: 1,
            similarity: 1,
            margin: 1,
            rival: String(repeating: "r", count: 16_000)
        )
        try await withFolder { folder in
            let server = makeServer(folder + "/s")
            try await server.start()
            try await Peer.connect(folder + "/s") { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                for seq in 1...300 { server.publish(Sample.started(seq, score: long)) }
                await server.stop()
                #expect(server.subscribers == 0)
            }
        }
    }
}
