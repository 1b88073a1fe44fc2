import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("kill -9")
    struct CrashTests {
        @Test("every event has one start and one end, whenever the daemon is killed")
        func rounds() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place, hold: 150, release: 150)
                try place.configure(Scene.camera(in: place, count: 8), triggers: scene.yaml)
                var told: [SocketLine] = []
                var boots: Set<String> = []
                for round in 0..<5 {
                    let daemon = try await place.startWatching()
                    let socket = try RawSocket(place.socket)
                    let hello = try #require(try await socket.next().hello)
                    #expect(boots.insert(hello.boot).inserted)
                    // The ends of what was left open have numbers of their own.
                    #expect(hello.seq >= told.last?.seq ?? 0)
                    try await socket.send(#"{"do":"subscribe"}"#)
                    _ = try await socket.next()
                    // The number of lines is drawn, and so is the moment after the last of them; an odd number is
                    // the middle of an event.
                    let count = round == 0 ? 1 : Int.random(in: 1...4)
                    var lines: [SocketLine] = []
                    while lines.count < count {
                        let line = try await socket.next()
                        if line.reason != "recovered" { lines.append(line) }
                    }
                    #expect(try #require(lines.first?.seq) > hello.seq)
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...500)))
                    daemon.signal(SIGKILL)
                    #expect(try await daemon.end() == .killed(signal: SIGKILL))
                    // What was on its way when the daemon died still counts as told.
                    while let line = try await socket.line() { lines.append(try SocketLine(line)) }
                    told += lines
                    try expectTold(told, place)
                    #expect(FileManager.default.fileExists(atPath: place.socket), "the stale socket is left")
                }
                try await place.stop(place.startWatching())
                try expectWhole(place, told, scene)
            }
        }

        /// Every line that was seen is in the journal, with the same content.
        private func expectTold(_ told: [SocketLine], _ place: Workplace) throws {
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            let messages = try Dictionary(grouping: reader.messages(after: 0, limit: .max)) { Int($0.seq) }
            for line in told {
                let found = try #require(messages[line.seq ?? 0])
                #expect(found.count == 1)
                switch found[0].message {
                case .eventStarted(let start):
                    #expect(start.id.description == line.event && line.kind == "event.started")
                case .eventEnded(let end): #expect(end.id.description == line.event && line.kind == "event.ended")
                default: Issue.record("an unexpected message \(found)")
                }
            }
            #expect(told.compactMap(\.seq) == told.compactMap(\.seq).sorted())
            #expect(Set(told.compactMap(\.seq)).count == told.count)
        }

        private func expectWhole(_ place: Workplace, _ told: [SocketLine], _ scene: Scene) throws {
            try expectTold(told, place)
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            var (started, ended): (Set<String>, Set<String>) = ([], [])
            for message in try reader.messages(after: 0, limit: .max) {
                switch message.message {
                case .eventStarted(let start): #expect(started.insert(start.id.description).inserted)
                case .eventEnded(let end): #expect(ended.insert(end.id.description).inserted)
                default: Issue.record("an unexpected message \(message)")
                }
            }
            #expect(started == ended)
            let events = try reader.events(limit: .max)
            #expect(events.count == started.count)
            // The first round was killed in the middle of an event, or just after its end.
            for event in events {
                let end = try #require(event.end)
                #expect([.cleared, .recovered, .shutdown].contains(end.reason))
                #expect(end.at >= event.start.at && event.seqEnded ?? 0 > event.seqStarted)
            }
            try scene.replay(endsAbruptly: true).expectAgreement(with: place.journal)
        }

        @Test("an event that was open is ended as recovered, at the last look")
        func recovered() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place, hold: 0, release: 0)
                // One picture for a minute: the event stays open.
                try place.configure(Scene.camera(in: place, count: 600), triggers: scene.yaml)
                let daemon = try await place.startWatching()
                try await eventually("an event") { try await place.status().triggers.first?.state == "active" }
                let open = try #require(try await place.status().triggers.first?.event)
                let seq = try await place.status().seq
                daemon.signal(SIGKILL)
                try await daemon.end()

                let next = try await place.startWatching()
                #expect(next.errors.contains("crash") || next.errors.contains("died"))
                let socket = try RawSocket(place.socket)
                #expect(try await socket.next().hello?.seq ?? 0 > seq)
                try await place.stop(next)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let event = try #require(try reader.events(limit: .max).first { $0.start.id.description == open })
                let end = try #require(event.end)
                #expect(end.reason == .recovered)
                #expect(event.seqEnded == Int64(seq) + 1)
                let looks = try reader.looks(limit: .max).map(\.look)
                let before = looks.drop { $0.at > end.at }.first
                #expect(before?.at == end.at)
                try await place.expectThePastAgain()
            }
        }
    }
}
