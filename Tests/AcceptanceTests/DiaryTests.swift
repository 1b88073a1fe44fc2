import Foundation
import Journal
import TestSupport
import Testing

extension Acceptance {
    @Suite("The diary")
    struct DiaryTests {
        private struct Line: Decodable {
            let kind: String
            let from: String
            let until: String?
            let label: String?
            let looks: Int?
            let trigger: String?
        }

        private struct Script: Decodable {
            struct Event: Decodable {
                let trigger: String
                let start: Double
                let end: Double
            }

            let events: [Event]
        }

        private struct Span {
            let label: String
            let from: Double
            let until: Double

            func overlap(_ other: Span) -> Double {
                label == other.label ? max(0, min(until, other.until) - max(from, other.from)) : 0
            }
        }

        /// What the built-in vocabulary calls what the script's triggers wait for.
        private static let labels = [
            "parcel-left": "a parcel", "dog": "a dog", "door-open": "an open door", "red-coat": "a person",
            "ladder": "a ladder", "two-people": "two people", "rain": "rain",
            "yellow-umbrella": "a person with an umbrella", "porch-light": "a light that is on",
        ]

        /// What else the clip shows and no trigger waits for: who brings the parcel, who fetches it, the cat, the dog at
        /// its edge, and the time of day.
        private static let others = [
            Span(label: "a doorstep", from: 0, until: 75), Span(label: "a person", from: 3.5, until: 8),
            Span(label: "a person", from: 15, until: 18), Span(label: "an animal", from: 49, until: 56.5),
            Span(label: "an animal", from: 60.5, until: 67), Span(label: "evening", from: 50, until: 62),
            Span(label: "night", from: 61, until: 75),
        ]

        @Test("of the demonstration's clip it names what the script says happened, and little else")
        func demonstration() async throws {
            try await Workplace.with { place in
                try await place.stop(try await place.playDemo())
                let reader = try JournalReader(path: place.journal)
                let window = try reader.window()
                var first: Date?
                try reader.eachLook(in: window) { first = first ?? $0.at }
                reader.close()
                let begin = try #require(first)

                let log = ["log", "--journal", place.journal, "--since", "1d"]
                let outcome = try await place.run(Programs.client, log + ["--json"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                let lines = try outcome.output.split(separator: "\n").map {
                    try JSONDecoder().decode(Line.self, from: Data($0.utf8))
                }
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                let told = try lines.filter { $0.kind == "seen" }.map { line in
                    Span(
                        label: try #require(line.label),
                        from: try style.parse(line.from).timeIntervalSince(begin),
                        // The last look shows it until the next would come.
                        until: try style.parse(try #require(line.until)).timeIntervalSince(begin) + 0.25
                    )
                }
                #expect(Set(lines.compactMap(\.trigger)).isSuperset(of: ["dog", "ladder", "rain"]))
                try check(told)

                let words = try await place.run(Programs.client, log)
                #expect(words.output.contains("a ladder") && words.output.contains("event parcel-left"))
                let page = try await place.run(Programs.client, log + ["--html"])
                #expect(page.output.contains("</html>") && page.output.contains("a ladder"))
                // However often, and with whatever score: one line of the drawing.
                #expect(lines.count { $0.trigger == "dog" } == 2)
                #expect(page.output.components(separatedBy: "<th>event dog</th>").count == 2)
            }
        }

        private func check(_ told: [Span]) throws {
            let path = URL(fileURLWithPath: ReferenceData.configuration("demo/script.json"))
            let script = try JSONDecoder().decode(Script.self, from: Data(contentsOf: path))
            let events = try script.events.map { event in
                Span(label: try #require(Self.labels[event.trigger]), from: event.start, until: event.end)
            }
            let truth = events + Self.others
            // A scripted span is found where its label covers half of it; a told one is right where it is true for half.
            let found = events.count { event in
                told.reduce(0) { $0 + $1.overlap(event) } >= (event.until - event.from) / 2
            }
            let right = told.count { span in
                truth.reduce(0) { $0 + $1.overlap(span) } >= (span.until - span.from) / 2
            }
            let recall = Double(found) / Double(events.count)
            let precision = Double(right) / Double(told.count)
            #expect(recall >= 0.9, "\(found) of \(events.count) scripted spans: \(told)")
            #expect(precision >= 0.9, "\(right) of \(told.count) told spans: \(told)")
            // The same by time.
            let holding = told.reduce(0) { sum, span in sum + truth.reduce(0) { $0 + $1.overlap(span) } }
            let all = told.reduce(0) { $0 + $1.until - $1.from }
            let covered = events.reduce(0) { sum, event in sum + told.reduce(0) { $0 + $1.overlap(event) } }
            let wanted = events.reduce(0) { $0 + $1.until - $1.from }
            #expect(holding / all >= 0.9, "\(holding) of \(all) seconds told")
            #expect(covered / wanted >= 0.9, "\(covered) of \(wanted) seconds scripted")
        }
    }
}
