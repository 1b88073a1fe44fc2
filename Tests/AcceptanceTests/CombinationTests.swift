import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Combinations")
    struct CombinationTests {
        @Test("a combination starts and ends with what it goes by, has no score anywhere, and is found in the past")
        func life() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let conditions = "when: similarity >= \(scene.upper), clear: similarity < \(scene.lower)"
                // The scene comes and goes every 2.4 s.
                try place.configure(
                    Scene.camera(in: place, count: 12),
                    triggers: """
                        [{ name: both, when: { all: [here, { not: gone }] } },
                          { name: gone, when: { not: here } },
                          { name: here, prompt: \(scene.prompt), \(conditions) }]
                        """
                )
                let daemon = try await place.startWatching()
                let raw = try RawSocket(place.socket)
                _ = try await raw.next()
                try await raw.send(#"{"do":"subscribe","since":0,"kinds":["event.started","event.ended"]}"#)
                _ = try await raw.next()
                // As texts: what is said live must be said again of the past, to the letter.
                var live: [String] = []
                var starts: [String: Int] = [:]
                while ["both", "gone", "here"].contains(where: { starts[$0, default: 0] < 2 }) {
                    let text = try #require(try await raw.line())
                    let line = try SocketLine(text)
                    live.append(text)
                    if line.kind == "event.started" { starts[line.trigger ?? "", default: 0] += 1 }
                    let isCombination = line.trigger != "here"
                    #expect((line.score == nil) == isCombination, "\(text)")
                    let hasCrop = text.contains(#""crop":"#)
                    #expect(hasCrop == (!isCombination && line.kind == "event.started"), "\(text)")
                }
                let again = try RawSocket(place.socket)
                _ = try await again.next()
                try await again.send(#"{"do":"subscribe","since":0,"kinds":["event.started","event.ended"]}"#)
                _ = try await again.next()
                for text in live { #expect(try await again.line() == text) }
                try await place.stop(daemon)

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max).reversed()
                for event in events {
                    let isCombination = event.start.trigger != "here"
                    #expect((event.start.score == nil) == isCombination)
                    #expect((event.start.crop == nil) == isCombination)
                    #expect(event.end != nil)
                }
                // Each at the very look at which what it goes by starts or ends.
                let here = events.filter { $0.start.trigger == "here" }
                let both = events.filter { $0.start.trigger == "both" }
                #expect(both.map(\.start.frame) == here.map(\.start.frame))
                #expect(both.map(\.end?.frame) == here.map(\.end?.frame))
                let rows = try await Recordings.query(
                    place,
                    """
                    SELECT trigger, count(*) > 1, min(similarity IS NULL), max(similarity IS NULL),
                        max(probability IS NOT NULL), max(rival IS NOT NULL), max(crop IS NOT NULL)
                    FROM events GROUP BY trigger ORDER BY trigger
                    """
                )
                #expect(rows == ["both|1|1|1|0|0|0", "gone|1|1|1|0|0|0", "here|1|0|0|1|1|1"])
                #expect(try reader.scores(trigger: "both").isEmpty)
                let past = try await place.expectThePastAgain()
                #expect(past.events == events.count)
            }
        }
    }
}
