import Foundation
import FoundationXML
import Journal
import Testing

extension Acceptance {
    @Suite("Backtest")
    struct BacktestTests {
        /// The demonstration's clip, played once as fast as it can be looked at.
        private func playDemo(in place: Workplace) async throws -> [String] {
            try await place.stop(try await place.playDemo())
            return place.demoFiles
        }

        @Test("of the demonstration's journal it says exactly the events that were told, run for run")
        func demo() async throws {
            try await Workplace.with { place in
                _ = try await playDemo(in: place)
                let files = try await playDemo(in: place)
                let (looks, events) = try await place.expectThePastAgain(files)
                #expect(looks == 600 && events >= 20)
            }
        }

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
                let report = try JSONDecoder().decode(PastReport.self, from: Data(outcome.output.utf8))
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

        @Test("a page of its own draws the events and the scores, and times are those of where one is")
        func page() async throws {
            try await Workplace.with { place in
                let files = try await playDemo(in: place)
                let page = place.path("page.html")
                let program = try place.start(
                    Programs.client,
                    ["backtest", "--html", page, "--trigger", "ladder", "--trigger", "dog"] + files,
                    environment: ["TZ": "Asia/Kolkata"]
                )
                #expect(try await program.end(within: .seconds(60)) == .exited(0), "\(program.errors)")
                #expect(program.output.contains("+05:30  doorstep") && !program.output.contains("Z  doorstep"))
                #expect(!program.errors.contains("\u{1B}"), "there is no progress but on a terminal")
                let data = try Data(contentsOf: URL(fileURLWithPath: page))
                #expect(XMLParser(data: data).parse(), "it is well-formed XML")
                let html = String(decoding: data, as: UTF8.self)
                for part in [
                    "<h2>ladder</h2>", "<h2>dog</h2>", "class=\"bar\"", "class=\"event\"", "class=\"when\"",
                    "class=\"clear\"", "class=\"suggested\"", "suggestion: when ", "+05:30</td>", "the time of Asia/",
                ] {
                    #expect(html.contains(part), "\(part)")
                }
                #expect(!html.contains("<script") && !html.contains("src="), "it needs nothing else")

                // Of that camera only, as local times.
                let reader = try JournalReader(path: place.journal)
                let ladder = try #require(
                    try reader.events(limit: .max).first { $0.start.trigger == "ladder" }?.start.at
                )
                reader.close()
                let kolkata = Date.ISO8601FormatStyle(timeZone: try #require(TimeZone(identifier: "Asia/Kolkata")))
                let local = { String(kolkata.format(ladder + $0).prefix(19)) }
                let judged = try place.start(
                    Programs.client,
                    [
                        "backtest", "--trigger", "ladder", "--camera", "doorstep", "--since", local(-60), "--until",
                        local(3), "--yes", "doorstep@" + local(1), "--no", local(-10),
                    ] + files,
                    environment: ["TZ": "Asia/Kolkata"]
                )
                #expect(try await judged.end(within: .seconds(60)) == .exited(0), "\(judged.errors)")
                #expect(judged.output.contains("ladder: 1 event by"))
                #expect(judged.output.contains("goes on"), "what ends it was after --until")
                #expect(judged.output.contains("of the moments named, 0 told falsely and 0 missed"))
            }
        }

        @Test("what cannot be judged is refused in words")
        func refusals() async throws {
            try await Workplace.with { place in
                let demo = ["--config", Workplace.demo]
                let unknown = "in \(Workplace.demo);"
                for (arguments, status, words) in [
                    (["--trigger", "lader"] + demo, 64, "no trigger “lader” \(unknown) did you mean “ladder”?"),
                    (["--camera", "porch"] + demo, 64, "no camera “porch” \(unknown) there are doorstep"),
                    (["--yes", "porch@1h", "--no", "2h"] + demo, 64, "no camera “porch”"),
                    (["--since", "1h", "--until", "2h"] + demo, 64, "--since must be before --until"),
                    (["a dog", "--trigger", "dog"] + demo, 64, "not both"),
                    (["--when", "margin > 0"] + demo, 64, "go with a prompt"),
                    (["a dog", "--when", "margin"] + demo, 64, "is not a measure"),
                    (["a dog", "--clear", "margin < 0"] + demo, 64, "`clear` must be of the same measure as `when`"),
                    (["a dog", "--clear", "probability < 0.9"] + demo, 64, "are both true of"),
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
                let yaml = try String(contentsOfFile: Workplace.demo, encoding: .utf8)
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
