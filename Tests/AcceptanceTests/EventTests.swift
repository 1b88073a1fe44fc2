import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Events")
    struct EventTests {
        @Test("events follow the scores, are in the journal before they are told, and end with the daemon")
        func life() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                try place.configure(Scene.camera(in: place, count: 12), triggers: scene.yaml)
                let daemon = try await place.startWatching()
                let raw = try RawSocket(place.socket)
                let hello = try await raw.next()
                #expect(hello.hello != nil)
                try await raw.send(#"{"id":1,"do":"subscribe"}"#)
                _ = try await raw.next()
                let watch = try place.start(Programs.client, ["watch", "--json", "--socket", place.socket])
                let reader = try JournalReader(path: place.journal)

                // Three ends, then one more start: the daemon is stopped in the middle of an event.
                var lines: [SocketLine] = []
                while lines.count < 7 || lines.last?.kind != "event.started" {
                    let line = try await raw.next()
                    try expectRow(of: line, in: reader)
                    lines.append(line)
                }
                try await expectAnswers(place, active: lines.last?.event ?? "none", scene)
                daemon.signal(SIGTERM)
                let last = try await raw.next()
                try expectRow(of: last, in: reader)
                lines.append(last)
                #expect(last.kind == "event.ended")
                #expect(last.reason == "shutdown")
                #expect(try await raw.line() == nil)
                try await place.stop(daemon)
                reader.close()

                expectAlternation(lines)
                #expect(try await watch.end() == .exited(69))
                let watched = try watch.lines.map(SocketLine.init)
                #expect(watched == Array(lines.suffix(watched.count)))
                #expect(watched.count >= lines.count - 1)
                #expect(try scene.replay().expectAgreement(with: place.journal) == 4)
                try expectClosed(place)
            }
        }

        /// The journal already has what the line tells.
        private func expectRow(of line: SocketLine, in reader: JournalReader) throws {
            let seq = try Int64(#require(line.seq))
            let message = try #require(try reader.messages(after: seq - 1, limit: 1).first)
            #expect(message.seq == seq)
            switch message.message {
            case .eventStarted(let start):
                #expect(line.kind == "event.started")
                #expect(line.event == start.id.description)
                #expect(line.frame == start.frame)
                #expect(line.at == text(start.at))
                let (told, kept) = (try #require(line.score), try #require(start.score))
                #expect(abs(told.similarity - kept.similarity) < 1e-6)
            case .eventEnded(let end):
                #expect(line.kind == "event.ended")
                #expect(line.event == end.id.description)
                #expect(line.reason == end.reason.rawValue)
                #expect(line.at == text(end.at))
            default: Issue.record("an unexpected message \(message)")
            }
        }

        private func text(_ date: Date) -> String {
            // Half a millisecond more, since the style cuts where the journal has rounded.
            date.addingTimeInterval(0.0005).formatted(
                .iso8601.year().month().day().timeZone(separator: .omitted)
                    .time(includingFractionalSeconds: true)
            )
        }

        private func expectAlternation(_ lines: [SocketLine]) {
            #expect(lines.compactMap(\.seq) == Array(1...lines.count))
            for (index, line) in lines.enumerated() {
                #expect(line.kind == (index % 2 == 0 ? "event.started" : "event.ended"))
                #expect(line.trigger == Scene.trigger)
                #expect(line.camera == Scene.camera)
                if index % 2 == 1 { #expect(line.event == lines[index - 1].event) }
                if index % 2 == 1, index < lines.count - 1 { #expect(line.reason == "cleared") }
            }
            #expect(Set(lines.compactMap(\.event)).count == lines.count / 2)
        }

        private func expectAnswers(_ place: Workplace, active event: String, _ scene: Scene) async throws {
            let status = try await place.status()
            #expect(try status.camera(Scene.camera).state == "streaming")
            #expect(try status.camera(Scene.camera).looks > 0)
            #expect(try status.camera(Scene.camera).corrupt == 0)
            #expect(status.triggers.map(\.state) == ["active"])
            #expect(status.triggers.map(\.event) == [event])
            #expect(status.journal.writable)
            #expect(status.subscribers == 2)
            #expect(status.seq >= 7)
            let table = try await place.client("status", "--socket", place.socket)
            #expect(table.status == 0)
            #expect(table.output.contains(Scene.camera) && table.output.contains("active"))
            let prompts = try await place.client("prompts", "list", "--socket", place.socket)
            #expect(prompts.output.contains(scene.prompt))
            #expect(prompts.output.contains("similarity >= "))
        }

        /// A clean stop leaves no event open.
        private func expectClosed(_ place: Workplace) throws {
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            let events = try reader.events(limit: .max)
            #expect(events.map { $0.end?.reason } == [.shutdown, .cleared, .cleared, .cleared])
        }

        @Test("SIGINT stops it as well, and a stop while the model is still loading is one in good order")
        func early() async throws {
            try await Workplace.with { place in
                try place.configure(Scene.camera(in: place, count: 1))
                let daemon = try await place.startWatching()
                daemon.signal(SIGINT)
                #expect(try await daemon.end() == .exited(0))
                let files = try FileManager.default.contentsOfDirectory(atPath: place.folder)
                let kept = ["journal.db", "journal.db.lock", "journal.db.sketch"]
                #expect(files.filter { $0.hasPrefix("journal.db") }.sorted() == kept)
                let another = try place.startDaemon()
                // Its journal is the first thing that it opens, after the signals are taken care of.
                try await eventually("a journal in use") {
                    FileManager.default.fileExists(atPath: place.journal + "-wal")
                }
                try await place.stop(another)
            }
        }
    }
}
