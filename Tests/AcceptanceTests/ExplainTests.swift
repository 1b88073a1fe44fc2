import Foundation
import FoundationXML
import Journal
import Pipeline
import Testing

extension Acceptance {
    @Suite("Explain")
    struct ExplainTests {
        private func explain(_ arguments: [String], in place: Workplace) async throws -> Program.Outcome {
            try await place.run(
                Programs.client,
                ["explain"] + arguments + place.demoFiles
            )
        }

        private func report(_ event: String, in place: Workplace) async throws -> ExplanationReport {
            let outcome = try await explain([event, "--json"], in: place)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let decoder = JSONDecoder()
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            decoder.dateDecodingStrategy = .custom { decoder in
                try style.parse(decoder.singleValueContainer().decode(String.self))
            }
            return try decoder.decode(ExplanationReport.self, from: Data(outcome.output.utf8))
        }

        @Test("of each of the demonstration's events it says when the thresholds were crossed, as the scores have it")
        func demo() async throws {
            try await Workplace.with { place in
                try await place.stop(try await place.playDemo())
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max)
                #expect(events.count >= 10)
                for event in events {
                    try await check(event, reader, in: place)
                }
                try await checkWords(try #require(events.first), in: place)
            }
        }

        /// What `hold` and `release` have to be by the scores alone.
        private func check(_ event: JournaledEvent, _ reader: JournalReader, in place: Workplace) async throws {
            let report = try await report(event.start.id.description, in: place)
            let rule = try #require(report.rule)
            let (when, clear) = try (threshold(rule.when), threshold(rule.clear))
            #expect(report.trigger == event.start.trigger && report.notes == [], "\(report.notes)")
            #expect(milliseconds(report.started) == milliseconds(event.start.at))
            #expect(report.ended.map(milliseconds) == (event.end?.at).map(milliseconds))

            let scores = try reader.scores(trigger: event.start.trigger, camera: "doorstep")
            let best = Dictionary(grouping: scores, by: \.look).mapValues { looks in
                (at: milliseconds(looks[0].at), value: looks.map(\.score.probability).max() ?? 0)
            }
            for look in report.looks {
                let probability = try #require(look.score?.probability)
                #expect(abs(probability - (best[look.look]?.value ?? -1)) < 1e-6)
                let expected: ExplanationReport.Verdict =
                    probability >= when ? .when : probability < clear ? .clear : .between
                #expect(look.verdict == expected)
            }
            // The looks between the first that satisfied `when` and the start all did, and the one before did not.
            let past = best.values.sorted { $0.at < $1.at }
            let started = milliseconds(event.start.at)
            let begins = try #require(report.steps.last { $0.what.hasPrefix("`when` begins to hold") })
            let first = milliseconds(begins.at)
            #expect(started - first >= Int(rule.hold * 1000))
            #expect(past.filter { (first...started).contains($0.at) }.allSatisfy { $0.value >= when })
            if let before = past.last(where: { $0.at < first }) { #expect(before.value < when) }
            // How unusual it was for this camera: the whole recording lies within a day.
            let earlier = past.filter { $0.at < started }
            let score = try #require(event.start.score?.probability)
            if earlier.isEmpty {
                #expect(report.percentile == nil)
            } else {
                let share = Double(earlier.count { $0.value < score }) / Double(earlier.count)
                #expect(abs(try #require(report.percentile) - share) < 1e-4)
            }
            guard let end = event.end, end.reason == .cleared else { return }
            let clears = try #require(report.steps.last { $0.what.hasPrefix("`clear` begins to hold") })
            let (gone, ended) = (milliseconds(clears.at), milliseconds(end.at))
            #expect(ended - gone >= Int(rule.release * 1000))
            #expect(past.filter { (gone...ended).contains($0.at) }.allSatisfy { $0.value < clear })
        }

        private func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

        private func threshold(_ condition: String) throws -> Double {
            try #require(condition.split(separator: " ").last.flatMap { Double($0) })
        }

        private func checkWords(_ event: JournaledEvent, in place: Workplace) async throws {
            let id = event.start.id.description
            let page = place.path("page.html")
            let text = try await explain([String(id.suffix(8)).lowercased(), "--html", page], in: place)
            #expect(text.status == 0 && text.output.contains("the event starts") && text.output.contains(id))
            #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 160 })
            let html = try Data(contentsOf: URL(fileURLWithPath: page))
            #expect(XMLParser(data: html).parse())
            let words = String(decoding: html, as: UTF8.self)
            #expect(words.contains("<svg") && words.contains("class=\"score\""))
            #expect(!words.contains("src=\"http") && !words.contains("<script") && !words.contains("<link"))

            let last = try await explain(["last", "--trigger", event.start.trigger], in: place)
            #expect(last.output.contains(id))
            let none = try await explain(["01ZZZZZZZZZZZZZZZZZZZZZZZZ"], in: place)
            #expect(none.status == 1 && none.errors.contains("no event") && none.errors.contains(id), "\(none.errors)")
            let vague = try await explain(["0"], in: place)
            #expect(vague.status == 1 && vague.errors.contains("several events"), "\(vague.errors)")
        }
    }
}
