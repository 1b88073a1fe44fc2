import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("scenewatch search")
    struct SearchTests {
        private struct Report: Decodable {
            struct Moment: Decodable, Equatable {
                let camera: String
                let at: String
                let from: String
                let until: String
                let look: Int64
                let crop: Int
                let similarity: Double
            }

            let search: String
            let model: String
            let moments: [Moment]
            let unsketched: Int
        }

        private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

        private func search(_ place: Workplace, _ arguments: [String]) async throws -> Report {
            let outcome = try await place.run(Programs.client, ["search", "--json"] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        }

        @Test("a text finds the moment that shows it, beside the daemon, after it, and without its sketch")
        func text() async throws {
            try await Workplace.with { place in
                let (files, daemon) = (place.demoFiles, try await place.playDemo())
                let ladder = ["a ladder in front of a house", "--limit", "5", "--fold", "5s"] + files
                let beside = try await search(place, ladder)
                try await place.stop(daemon)

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let event = try #require(try reader.events(limit: .max).first { $0.start.trigger == "ladder" })
                let best = try #require(beside.moments.first)
                let at = try Self.style.parse(best.at)
                let end = try #require(event.end?.at)
                #expect(at > event.start.at - 3 && at < end + 3)
                #expect(beside.moments.count <= 5 && best.camera == "doorstep" && beside.search == ladder[0])
                #expect(best.from <= best.at && best.at <= best.until)

                let after = try await search(place, ladder)
                #expect(after.moments == beside.moments && after.unsketched == 0)
                try FileManager.default.removeItem(atPath: place.journal + ".sketch")
                let plain = try await search(place, ladder)
                #expect(plain.moments == beside.moments && plain.unsketched == 300)

                let words = try await place.run(Programs.client, ["search"] + ladder)
                #expect(words.output.hasPrefix("AT") && words.output.contains(best.at))
                let none = try await search(place, ladder + ["--since", "2100-01-01T00:00:00Z"])
                #expect(none.moments.isEmpty)
            }
        }

        @Test("a look finds its like, a picture its moment, and a page shows what there are pictures of")
        func pictures() async throws {
            try await Workplace.with { place in
                let (files, daemon) = (place.demoFiles, try await place.playDemo())
                try await place.stop(daemon)
                let like = try await search(place, ["--like", "100", "--fold", "0s"] + files)
                #expect(like.moments.count == 20 && !like.moments.contains { $0.look == 100 })
                #expect(like.moments[0].similarity > 0.9)
                let crop = try await search(place, ["--like", "100/0", "--fold", "2s"] + files)
                #expect(!crop.moments.isEmpty)
                let alone = try await place.run(Programs.client, ["search", "--like", "100", "--fold", "1h"] + files)
                #expect(alone.status == 0 && alone.errors.contains("own moment"), "\(alone)")

                // The clip's hundredth frame.
                let clip = try Data(
                    contentsOf: URL(fileURLWithPath: Workplace.demo).deletingLastPathComponent()
                        .appendingPathComponent("demo/clip.mjpeg")
                )
                let start = try #require(clip.range(of: Data([0xff, 0xd8, 0xff])))
                let next = try #require(clip.range(of: Data([0xff, 0xd8, 0xff]), in: start.upperBound..<clip.endIndex))
                try place.write(clip[start.lowerBound..<next.lowerBound], as: "first.jpg")
                let image = ["--image", place.path("first.jpg"), "--fold", "0s"]
                let found = try await search(place, image + files)
                #expect(try #require(found.moments.first).similarity > 0.8)

                let page = try await place.run(Programs.client, ["search", "a <dog>", "--html"] + files)
                #expect(page.status == 0 && page.output.hasPrefix("<!DOCTYPE html>"))
                #expect(page.output.contains("a &lt;dog&gt;"))
                #expect(page.output.contains("src=\"data:image/jpeg;base64,/9j/"))
            }
        }

        @Test("what cannot be searched is refused in words")
        func refusals() async throws {
            try await Workplace.with { place in
                let (files, daemon) = (place.demoFiles, try await place.playDemo())
                try await place.stop(daemon)
                let yaml = try String(contentsOfFile: Workplace.demo, encoding: .utf8)
                    .replacing("models/smallworld.safetensors", with: try StandInModel.safetensors.get())
                try place.write(Data(yaml.utf8), as: "scenewatch.yaml")
                for (arguments, status, words) in [
                    (files, 64, "say what to look for"),
                    (["a dog", "--like", "1"] + files, 64, "say what to look for"),
                    (["a dog", "--json", "--html"] + files, 64, "not both"),
                    (["a dog", "--limit", "0"] + files, 64, "1 to 10000"),
                    (["a dog", "--fold", "soon"] + files, 64, "--fold"),
                    (["a dog", "--since", "yesterday"] + files, 64, "neither a time"),
                    (["a dog", "--since", "400d"] + files, 64, "longer than 365 days"),
                    (["", " "] + files, 64, "the text is empty"),
                    (["--like", "one"] + files, 64, "not the number of a look"),
                    (["--like", "1/2/3"] + files, 64, "not the number of a look"),
                    (["a dog", "--camera", "porch"] + files, 1, "no camera “porch”"),
                    (["--like", "9999"] + files, 1, "no look 9999"),
                    (["--like", "9/77"] + files, 1, "crops, counted from 0"),
                    (["--image", place.path("none.jpg")] + files, 1, "none.jpg"),
                    (["a dog", "--config", Workplace.demo, "--journal", place.path("none.db")], 1, "none.db"),
                    (["a dog", "--config", place.path("none.yaml")], 78, "none.yaml"),
                    (["a dog", "--config", place.configuration, "--journal", place.journal], 1, "cannot be compared"),
                ] {
                    let outcome = try await place.run(Programs.client, ["search"] + arguments)
                    #expect(Int(outcome.status) == status && outcome.errors.contains(words), "\(outcome)")
                    #expect(outcome.output.isEmpty)
                }
            }
        }
    }
}
