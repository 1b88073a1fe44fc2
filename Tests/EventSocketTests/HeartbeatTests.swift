import EventSocket
import Foundation
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(2))) struct HeartbeatTests {
    private func pulse(_ line: String?) throws -> Pulse {
        let line = try #require(line)
        return try Wire.message(HeartbeatNotice.self, from: ByteBuffer(string: line)).heartbeat
    }

    @Test func itIsDueWhenNothingWasSentForSoLong() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var heartbeat = Heartbeat(every: .milliseconds(1_500), from: start)
        #expect(heartbeat.due == start + .milliseconds(1_500))
        #expect(!heartbeat.isDue(at: start))
        #expect(!heartbeat.isDue(at: start + .nanoseconds(1_499_999_999)))
        #expect(heartbeat.isDue(at: start + .milliseconds(1_500)))
        #expect(heartbeat.isDue(at: start + .hours(1)))
        heartbeat.begin(at: start + .seconds(1))
        #expect(!heartbeat.isDue(at: start + .milliseconds(1_500)))
        #expect(heartbeat.isDue(at: start + .milliseconds(2_500)))
        heartbeat.begin(at: start)
        #expect(heartbeat.due == start + .milliseconds(2_500), "it never comes earlier again")
    }

    @Test func aPingSaysHowFarAllWasSent() async throws {
        let backend = FakeBackend()
        backend.update { $0.hello.seq = 41 }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                let before = Date()
                let answer = try await peer.ask(#"{"id":1,"do":"ping"}"#)
                let pulse = try Wire.message(Reply<Pulse>.self, from: ByteBuffer(string: answer)).ok
                #expect(pulse.seq == 41)
                #expect((-0.001...60).contains(pulse.at.timeIntervalSince(before)))
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                let publisher = Task.detached {
                    for seq in 42...1_000 { server.publish(Sample.started(seq)) }
                }
                var (last, reached) = (41, 0)
                while reached < 1_000 {
                    try await peer.send(#"{"do":"ping"}"#)
                    while let line = try await peer.line() {
                        if let event = try? Wire.message(EventLine.self, from: ByteBuffer(string: line)) {
                            last = event.seq
                            continue
                        }
                        reached = try Wire.message(Reply<Pulse>.self, from: ByteBuffer(string: line)).ok.seq
                        break
                    }
                    #expect(last >= reached)
                }
                await publisher.value
            }
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(try await client.ping().seq == 1_000)
            }
        }
    }

    @Test func silenceIsBroken() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                try await Peer.connect(path) { quiet async throws in
                    let start = ContinuousClock.now
                    _ = try await peer.ask(#"{"do":"subscribe","heartbeat":"1s","triggers":["none"]}"#)
                    _ = try await quiet.ask(#"{"do":"subscribe"}"#)
                    // It is not wanted, but it is passed. On a busy machine one may have come before.
                    server.publish(Sample.started(7))
                    var pulses = [try pulse(try await peer.line())]
                    while pulses.count < 2 || pulses.last?.seq != 7 { pulses.append(try pulse(try await peer.line())) }
                    #expect(pulses.map(\.seq) == pulses.map(\.seq).sorted())
                    // They may be read late, but never are there more than seconds.
                    #expect(ContinuousClock.now - start > .milliseconds(950 * pulses.count))
                    server.publish(Sample.started(8, trigger: "none"))
                    let line = try #require(try await lineBehindPulses(peer))
                    #expect(try Wire.message(EventLine.self, from: ByteBuffer(string: line)).seq == 8)
                    #expect(try pulse(try await peer.line()).seq == 8)
                    // Without, there is none, and whoever did not ask has had none.
                    try await peer.send(#"{"do":"subscribe"}"#)
                    #expect(try await lineBehindPulses(peer)?.hasPrefix(#"{"ok":"#) == true)
                    try await Task.sleep(for: .milliseconds(1_500))
                    server.publish(Sample.started(9))
                    #expect(try await peer.event().seq == 9)
                    for seq in 7...9 { #expect(try await quiet.event().seq == seq) }
                }
            }
        }
    }

    /// The next line that is no heartbeat: on a busy machine more of these may come than are waited for.
    private func lineBehindPulses(_ peer: Peer) async throws -> String? {
        while let line = try await peer.line() {
            if (try? pulse(line)) == nil { return line }
        }
        return nil
    }

    @Test func whoeverIsToldSomethingNeedsNone() async throws {
        try await withServer { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe","heartbeat":"30s"}"#)
                for seq in 1...20 {
                    server.publish(Sample.started(seq))
                    try await Task.sleep(for: .milliseconds(100))
                    #expect(try await peer.event().seq == seq)
                }
            }
        }
    }

    /// While the journal is slow, it says up to where the past was told.
    @Test func itGoesOnDuringALongPast() async throws {
        let backend = FakeBackend()
        backend.update { values in
            values.hello.seq = 600
            values.journal = (1...600).map { Sample.started($0) }
            values.keepsReadersWaiting = true
        }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"do":"subscribe","since":0,"heartbeat":"1s"}"#)
                try await until { backend.waitingReaders == 1 }
                backend.answerReaders()
                #expect(try await peer.line()?.hasPrefix(#"{"ok":"#) == true)
                for seq in 1...256 { #expect(try await peer.event().seq == seq) }
                #expect(try pulse(try await peer.line()).seq == 256)
                backend.update { $0.keepsReadersWaiting = false }
                backend.answerReaders()
                for seq in 257...600 {
                    let line = try #require(try await lineBehindPulses(peer))
                    #expect(try Wire.message(EventLine.self, from: ByteBuffer(string: line)).seq == seq)
                }
                #expect(try pulse(try await peer.line()).seq == 600)
            }
        }
    }

    @Test func theClientHearsIt() async throws {
        try await withServer { _, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                _ = try await client.subscribe(heartbeat: .seconds(1))
                guard case .heartbeat(let pulse) = try await client.next()?.content else {
                    Issue.record("it heard something else")
                    return
                }
                #expect(pulse.seq == 0)
            }
        }
    }
}
