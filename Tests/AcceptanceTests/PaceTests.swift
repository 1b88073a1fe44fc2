import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Pace")
    struct PaceTests {
        /// What a run of the clip told: the events by their offsets from the first look, in seconds.
        private struct Run {
            struct Event: Equatable {
                var frame: UInt64
                var start: Double
                var end: Double?
                var reason: EventEndReason?
            }
            var looks: Int
            var events: [Event]
            var lost: Double
            var took: Duration
        }

        private func run(_ source: String, pace: String, _ scene: Scene) async throws -> Run {
            var result: Run?
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.1, Pictures.pair.0], count: 17), as: "part.mjpeg")
                // The scene comes twice, and the second time it is there at the end.
                let parts = try Data(contentsOf: URL(fileURLWithPath: place.path("part.mjpeg")))
                try place.write(parts + parts, as: "reel.mjpeg")
                try FileManager.default.createDirectory(atPath: place.path("reel"), withIntermediateDirectories: true)
                let pictures = [Pictures.pair.1, Pictures.pair.0]
                for number in 0..<68 {
                    try place.write(Pictures.data(pictures[number / 17 % 2]), as: "reel/\(1000 + number).jpg")
                }
                let camera = "{ name: \(Scene.camera), \(source), rate: 10, look: 5/s, view: center, pace: \(pace) }"
                try place.configure("  - \(camera)", triggers: scene.yaml, model: StandInModel.small.get())
                let start = ContinuousClock.now
                let daemon = try await place.startWatching()
                try await eventually("the end of the recording") {
                    try await place.status().camera(Scene.camera).state == "ended"
                }
                let took = ContinuousClock.now - start
                try await eventually("the end of all events") {
                    try await place.status().triggers.allSatisfy { $0.state != "active" }
                }
                try await place.stop(daemon)
                try scene.replay().expectAgreement(with: place.journal)
                result = try read(place.journal, took)
            }
            return try #require(result)
        }

        private func read(_ journal: String, _ took: Duration) throws -> Run {
            let reader = try JournalReader(path: journal)
            defer { reader.close() }
            let looks = try reader.looks(limit: .max).reversed().map(\.look)
            let zero = try #require(looks.first).at
            let events = try reader.events(limit: .max).reversed().map { event in
                Run.Event(
                    frame: event.start.frame,
                    start: event.start.at.timeIntervalSince(zero),
                    end: event.end?.at.timeIntervalSince(zero),
                    reason: event.end?.reason
                )
            }
            let losses = try reader.messages(after: 0, limit: .max).compactMap { message in
                if case .cameraLost(let change) = message.message { change.at } else { nil }
            }
            #expect(losses.count == 1)
            let lost = try #require(losses.first).timeIntervalSince(zero)
            return Run(looks: looks.count, events: events, lost: lost, took: took)
        }

        @Test("a recording played as fast as possible tells the events that it tells by the clock")
        func same() async throws {
            var scene: Scene?
            try await Workplace.with { scene = try await Scene(in: $0, model: StandInModel.small.get()) }
            let own = try #require(scene)
            let real = try await run("file: reel.mjpeg", pace: "real", own)
            #expect(real.events.map(\.reason) == [.cleared, .cameraLost])
            for source in ["file: reel.mjpeg", "folder: reel"] {
                let fast = try await run(source, pace: "fastest", own)
                #expect(fast.took < real.took)
                // 68 frames at 10/s, looked at 5 times a second: every other one, and none is missed.
                #expect(fast.looks == 34)
                #expect(fast.events.map(\.reason) == [.cleared, .cameraLost])
                for (one, other) in zip(fast.events, real.events) {
                    #expect(abs(one.start - other.start) <= 0.35, "\(one) and \(other)")
                    #expect(one.end.map { $0 > one.start } == true)
                }
                let expected = [(frame: 22, end: 3.8), (frame: 56, end: 6.8)]
                for (event, expected) in zip(fast.events, expected) {
                    #expect(event.frame == UInt64(expected.frame))
                    #expect(abs(event.start - Double(expected.frame) / 10) < 0.002)
                    #expect(abs((event.end ?? 0) - expected.end) < 0.15)
                }
                #expect(abs(fast.lost - 6.8) < 0.002)
                #expect(abs((fast.events.last?.end ?? 0) - 6.8) < 0.002)
            }
        }

        @Test("it takes turns with a camera that goes by the clock, which does not starve")
        func besideAnother() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 200), as: "long.mjpeg")
                try place.write(Pictures.reel([Pictures.pair.1], count: 5), as: "live.mjpeg")
                try place.configure(
                    """
                      - { name: long, file: long.mjpeg, rate: 10, look: 10/s, pace: fastest }
                      - { name: live, file: live.mjpeg, rate: 60, look: 60/s, loop: true, view: center }
                    """,
                    model: StandInModel.small.get()
                )
                let cameras = try await looks(place, until: ["long"])
                #expect(cameras.count { $0 == "long" } == 200)
                // It comes first whenever it is due, which is more often than 60 looks take.
                let last = cameras.lastIndex(of: "long") ?? 0
                for part in cameras[...last].split(separator: "live") { #expect(part.count < 60) }
            }
        }

        @Test("two recordings take turns, and neither waits for the other's end")
        func twoRecordings() async throws {
            try await Workplace.with { place in
                let names = ["one", "two"]
                for name in names {
                    try place.write(Pictures.reel([Pictures.pair.1], count: 100), as: "\(name).mjpeg")
                }
                try place.configure(
                    names.map { name in
                        "  - { name: \(name), file: \(name).mjpeg, look: 10/s, pace: fastest, view: center }"
                    }.joined(separator: "\n"),
                    // One crop a run, so that only one of them has a turn.
                    triggers: "[]\nbatch: { size: 1 }",
                    model: StandInModel.small.get()
                )
                let cameras = try await looks(place, until: names)
                let ends = names.map { name in cameras.lastIndex(of: name) ?? 0 }
                for name in names {
                    #expect(cameras.count { $0 == name } == 100)
                    #expect(cameras[..<(ends.min() ?? 0)].count { $0 == name } > 30)
                }
            }
        }

        /// Runs the daemon until cameras have ended; gives the camera of every look, in order.
        private func looks(_ place: Workplace, until cameras: [String]) async throws -> [String] {
            let daemon = try await place.startWatching()
            try await eventually("the end of \(cameras)") {
                let status = try await place.status()
                return try cameras.allSatisfy { try status.camera($0).state == "ended" }
            }
            try await place.stop(daemon)
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            return try reader.looks(limit: .max).reversed().map(\.look.camera)
        }
    }
}
