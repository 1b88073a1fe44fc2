import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("scenewatch try")
    struct TryTests {
        private struct Result: Decodable {
            struct Score: Decodable {
                let probability: Double
                let similarity: Double
                let margin: Double
                let rival: String?
            }

            let camera: String
            let look: Int64
            let crop: Int
            let score: Score
            let when: Bool
        }

        @Test("scores are those that a trigger of that prompt has in the journal")
        func scores() async throws {
            try await Workplace.with { place in
                let files = place.demoFiles
                let daemon = try place.start(Programs.daemon, files + ["--socket", place.socket])
                try await eventually("looks; the daemon said \(daemon.errors)") {
                    (try? await place.status().cameras.first?.looks ?? 0) ?? 0 > 2
                }
                let prompt = ["a ladder in front of a house", "a ladder on a doorstep"]
                let trying = ["try"] + prompt + ["--against", "an empty doorstep", "--when", "probability >= 0.5"]
                let outcome = try await place.run(Programs.client, trying + ["--for", "4s", "--json"] + files)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let words = try await place.run(Programs.client, trying + ["--for", "1s"] + files)
                #expect(words.output.contains("doorstep") && words.errors.contains("held on"), "\(words.errors)")
                try await place.stop(daemon)

                let lines = outcome.output.split(separator: "\n")
                let results = try lines.map { try JSONDecoder().decode(Result.self, from: Data($0.utf8)) }
                #expect(results.count >= 3)
                #expect(Set(results.map(\.look)).count == results.count)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let scores = try reader.scores(trigger: "ladder", camera: "doorstep")
                for result in results {
                    let look = scores.filter { $0.look == result.look }
                    let best = try #require(look.max { $0.score.probability < $1.score.probability })
                    #expect(best.score.crop == result.crop)
                    #expect(abs(best.score.probability - result.score.probability) < 1e-6)
                    #expect(abs(best.score.similarity - result.score.similarity) < 1e-6)
                    #expect(abs(best.score.margin - result.score.margin) < 1e-6)
                    #expect(best.score.rival == result.score.rival)
                    #expect(result.when == (best.score.probability >= 0.5))
                }
            }
        }

        @Test("interrupted, it says what came of it all the same", arguments: [SIGINT, SIGTERM])
        func interrupted(signal: Int32) async throws {
            try await Workplace.with { place in
                let files = place.demoFiles
                let daemon = try place.start(Programs.daemon, files + ["--socket", place.socket])
                try await eventually("looks; the daemon said \(daemon.errors)") {
                    (try? await place.status().cameras.first?.looks ?? 0) ?? 0 > 2
                }
                let trying = try place.start(Programs.client, ["try", "a ladder"] + files)
                try await eventually("scores; it said \(trying.errors)") { trying.lines.count > 2 }
                trying.signal(signal)
                #expect(try await trying.end() == .exited(128 + signal))
                #expect(trying.errors.contains("held on"), "\(trying.errors)")
                try await place.stop(daemon)
            }
        }
    }
}
