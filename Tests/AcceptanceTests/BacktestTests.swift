import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Backtest")
    struct BacktestTests {
        private struct Report: Decodable {
            struct Event: Decodable, Equatable {
                struct Score: Decodable, Equatable {
                    let probability: Double
                    let similarity: Double
                    let margin: Double
                    let rival: String?
                }

                let camera: String
                let started: String
                let ended: String?
                let reason: String?
                let frame: UInt64
                let crop: Int
                let score: Score
            }

            struct Suggestion: Decodable {
                let from: String
                let falseMoments: Int?
                let missedMoments: Int?
                let events: Int
            }

            struct Trigger: Decodable {
                let name: String
                let events: [Event]
                let suggestion: Suggestion?
            }

            let triggers: [Trigger]
            let looks: Int
        }

        private static let demo = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Config/demo.yaml").path

        /// The demonstration's clip, played once as fast as it can be looked at.
        private func playDemo(in place: Workplace) async throws -> [String] {
            let files = ["--config", Self.demo, "--journal", place.journal]
            let daemon = try place.start(Programs.daemon, files + ["--socket", place.socket, "--fastest"])
            try await eventually("the clip's end; the daemon said \(daemon.errors)") {
                daemon.errors.contains("camera doorstep has ended")
                    && FileManager.default.fileExists(atPath: place.socket)
            }
            try await place.stop(daemon)
            return files
        }

        @Test("of the demonstration's journal it says exactly the events that were told")
        func demo() async throws {
            try await Workplace.with { place in
                let files = try await playDemo(in: place)
                let outcome = try await place.run(Programs.client, ["backtest", "--json"] + files)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
                #expect(report.looks == 300)

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let told = try reader.events(limit: .max)
                #expect(told.count >= 10)
                #expect(report.triggers.reduce(0) { $0 + $1.events.count } == told.count)
                for event in told {
                    let trigger = try #require(report.triggers.first { $0.name == event.start.trigger })
                    let found = try #require(trigger.events.first { $0.frame == event.start.frame })
                    #expect(found.camera == event.start.camera && found.crop == event.start.crop)
                    #expect(abs(milliseconds(found.started) - milliseconds(event.start.at)) < 0.5)
                    #expect(abs(milliseconds(found.ended) - milliseconds(event.end?.at)) < 0.5)
                    #expect(found.reason == event.end?.reason.rawValue)
                    // To the last bit, but for the six decimals of both.
                    let score = try #require(event.start.score)
                    #expect(abs(found.score.probability - score.probability) < 5.1e-7)
                    #expect(found.score.rival == score.rival)
                }
            }
        }

        private func milliseconds(_ text: String?) -> Double {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return milliseconds(text.flatMap { try? style.parse($0) })
        }

        private func milliseconds(_ date: Date?) -> Double { (date?.timeIntervalSince1970 ?? 0) * 1000 }

        @Test("a prompt that was never configured is judged, with thresholds by moments that somebody names")
        func prompt() async throws {
            try await Workplace.with { place in
                let files = try await playDemo(in: place)
                let reader = try JournalReader(path: place.journal)
                let ladder = try #require(
                    try reader.events(limit: .max).first { $0.start.trigger == "ladder" }?.start.at
                )
                reader.close()
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                let outcome = try await place.run(
                    Programs.client,
                    [
                        "backtest", "a ladder in front of a house", "--against", "an empty doorstep", "--json",
                        "--when", "probability >= 0.5", "--hold", "1s", "--release", "2s",
                        "--yes", style.format(ladder + 5), "--no", style.format(ladder - 10),
                    ] + files
                )
                #expect(outcome.status == 0, "\(outcome.errors)")
                let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
                #expect(report.triggers.map(\.name) == ["a ladder in front of a house"])
                #expect(report.triggers[0].events.count == 1)
                let suggestion = try #require(report.triggers[0].suggestion)
                #expect(suggestion.from == "moments" && suggestion.events == 1)
                #expect(suggestion.falseMoments == 0 && suggestion.missedMoments == 0)

                let text = try await place.run(Programs.client, ["backtest", "--trigger", "ladder"] + files)
                #expect(text.output.contains("ladder: 1 event by probability >= 0.5, probability < 0.3"))
                #expect(text.output.contains("█") && text.output.contains("suggestion: when "))
                let future = try await place.run(
                    Programs.client,
                    ["backtest", "--since", "2100-01-01T00:00:00Z"] + files
                )
                #expect(future.output.contains("ladder: 0 events") && future.output.contains("\n0 looks"))
            }
        }

        @Test("what cannot be judged is refused in words")
        func refusals() async throws {
            try await Workplace.with { place in
                let demo = ["--config", Self.demo]
                for (arguments, status, words) in [
                    (["--trigger", "lader"] + demo, 78, "no trigger “lader”"),
                    (["--camera", "porch"] + demo, 78, "no camera “porch”"),
                    (["a dog", "--trigger", "dog"] + demo, 64, "not both"),
                    (["--when", "margin > 0"] + demo, 64, "go with a prompt"),
                    (["a dog", "--when", "margin"] + demo, 64, "is not a measure"),
                    (["a dog", "--clear", "margin < 0"] + demo, 64, "of the measure of --when"),
                    (["a dog", "--since", "yesterday"] + demo, 64, "neither a time"),
                    (["a dog", "--yes", "1h"] + demo, 64, "go together"),
                    (["a dog", "--journal", place.journal] + demo, 1, place.journal),
                    (["--config", place.path("none.yaml")], 78, "none.yaml"),
                ] {
                    let outcome = try await place.run(Programs.client, ["backtest"] + arguments)
                    #expect(Int(outcome.status) == status && outcome.errors.contains(words), "\(outcome)")
                    #expect(outcome.output.isEmpty)
                }
            }
        }

        @Test("looks of another model are left out, and that is said")
        func otherModel() async throws {
            try await Workplace.with { place in
                let files = try await playDemo(in: place)
                let yaml = try String(contentsOfFile: Self.demo, encoding: .utf8)
                    .replacing("models/smallworld.safetensors", with: try StandInModel.safetensors.get())
                try place.write(Data(yaml.utf8), as: "scenewatch.yaml")
                let outcome = try await place.run(
                    Programs.client,
                    ["backtest", "a dog", "--config", place.configuration] + files.dropFirst(2)
                )
                #expect(outcome.status == 0)
                #expect(outcome.errors.contains("300 looks are of another model"))
                #expect(outcome.output.contains("a dog: 0 events"))
            }
        }
    }
}
