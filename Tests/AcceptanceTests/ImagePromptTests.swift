import Foundation
import TestSupport
import Testing

extension Acceptance {
    /// Triggers that look for pictures, by the bundled model on the demonstration's clip.
    @Suite("Image prompts")
    struct ImagePromptTests {
        private static let clip = ReferenceData.configuration("demo/clip.mjpeg")
        private static let model = ReferenceData.configuration("models/smallworld.safetensors")

        /// Writes frames of the clip, by their seconds, as `SECONDS.jpg`.
        private func cut(_ seconds: [Double], in place: Workplace) throws {
            let clip = try Data(contentsOf: URL(fileURLWithPath: Self.clip))
            let frames = clip.split(at: Data([0xFF, 0xD8, 0xFF]))
            for second in seconds { try place.write(frames[Int(second * 4)], as: "\(second).jpg") }
        }

        /// Writes a configuration with the clip, played as fast as it can be looked at unless it is looped.
        private func configure(_ place: Workplace, _ triggers: String, isLooped: Bool = false) throws {
            try place.configure(
                "  - { name: doorstep, file: \(Self.clip), rate: 4, look: 4/s, "
                    + (isLooped ? "loop: true }" : "pace: fastest }"),
                triggers: triggers,
                model: Self.model
            )
        }

        /// A frame of the scene, and as rivals the view before, a frame of each other scene, and another person.
        private let ladder = """
            [{ name: ladder, image: [33.0.jpg, 44.0.jpg], against-image: [3.0.jpg, 10.0.jpg, 18.0.jpg, 26.0.jpg, 30.0.jpg, 53.0.jpg, 62.0.jpg],
              hold: 1s, release: 2s }]
            """
        private let seconds = [33.0, 44, 3, 10, 18, 26, 30, 53, 62]

        @Test("a frame of the clip finds its scene and no other, and a backtest tells the same events")
        func finds() async throws {
            try await Workplace.with { place in
                try cut(seconds, in: place)
                try configure(place, ladder)
                let check = try await place.client("check", place.configuration)
                #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
                let daemon = try await place.startWatching()
                try await eventually("the clip's end; the daemon said \(daemon.errors)") {
                    daemon.errors.contains("camera doorstep has ended")
                }
                let list = try await place.client("prompts", "list", "--socket", place.socket)
                #expect(list.output.contains("  image    \(place.path("33.0.jpg"))"), "\(list.output)\(list.errors)")
                #expect(list.output.contains("  against  \(place.path("3.0.jpg"))"))
                try await place.stop(daemon)

                let past = try await place.run(
                    Programs.client,
                    ["backtest", "--json", "--config", place.configuration]
                )
                let report = try JSONDecoder().decode(PastReport.self, from: Data(past.output.utf8))
                let frames = report.triggers.flatMap(\.events).map(\.frame)
                // The ladder is there from 31.5 to 45.8 s, and must have been for a second; it may be told two later.
                #expect(frames.count == 1 && frames.allSatisfy { (126...138).contains($0) }, "\(frames)")
                let (looks, events) = try await place.expectThePastAgain()
                #expect(looks == 300 && events == 1)

                let text = try await place.client("explain", "last", "--config", place.configuration)
                #expect(text.status == 0 && text.output.contains("image  \(place.path("33.0.jpg"))"), "\(text.errors)")
                #expect(!text.output.contains("the configuration has changed since"))

                // The same pictures by hand, without a configuration's trigger.
                let options = seconds.dropFirst(2).flatMap { ["--against-image", place.path("\($0).jpg")] }
                let byHand = try await place.run(
                    Programs.client,
                    ["backtest", "--json", "--config", place.configuration, "--hold", "1s", "--release", "2s"]
                        + ["--image", place.path("33.0.jpg"), "--image", place.path("44.0.jpg")] + options
                )
                #expect(byHand.status == 0, "\(byHand.errors)")
                let other = try JSONDecoder().decode(PastReport.self, from: Data(byHand.output.utf8))
                #expect(other.triggers.flatMap(\.events) == report.triggers.flatMap(\.events))
                let refused = try await place.client(
                    "backtest",
                    "--config",
                    place.configuration,
                    "--image",
                    place.path("33.0.jpg")
                )
                #expect(refused.status == 64 && refused.errors.contains("--against-image"))
            }
        }

        @Test("a picture whose file has changed is read again by a reload, and a broken one refuses it")
        func reload() async throws {
            try await Workplace.with { place in
                try cut([3, 34, 53], in: place)
                let names = ["3.0.jpg", "34.0.jpg", "53.0.jpg"]
                let pictures = try names.map { try Data(contentsOf: URL(fileURLWithPath: place.path($0))) }
                try configure(
                    place,
                    "[{ name: a, image: 34.0.jpg, against-image: 3.0.jpg, when: similarity >= -1, clear: similarity < -1 }]",
                    isLooped: true
                )
                let daemon = try await place.startWatching()
                try await eventually("an event") { try await place.status().triggers.first?.event != nil }
                let first = try await place.status().triggers.first?.event
                let reload = { try await place.client("reload", "--socket", place.socket) }
                #expect(try await reload().output.contains("nothing has changed"))

                try place.write(Data("no picture".utf8), as: "34.0.jpg")
                let broken = try await reload()
                #expect(broken.status == 78, "\(broken.output)")
                #expect(broken.errors.contains("scenewatch.yaml:4:"), "\(broken.errors)")
                #expect(broken.errors.contains("34.0.jpg cannot be used: the file is neither a JPEG nor a PNG"))
                #expect(try await place.client("check", place.configuration).errors == broken.errors)
                #expect(try await place.status().triggers.first?.event == first)

                try place.write(pictures[2], as: "34.0.jpg")
                #expect(try await reload().output == "trigger a changed\n")
                try await eventually("another event") {
                    let event = try await place.status().triggers.first?.event
                    return event != nil && event != first
                }
                try await place.stop(daemon)
            }
        }
    }
}
