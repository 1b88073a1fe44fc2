import Foundation
import Journal
import TestSupport
import Testing

extension Acceptance {
    @Suite("Idle economy")
    struct ReuseTests {
        @Test("the demonstration's clip has the same events whether unchanged crops are encoded or not")
        func demonstration() async throws {
            let (encoded, without) = try await played(reuse: false)
            let (fewer, with) = try await played(reuse: true)
            #expect(without.count >= 10)
            #expect(with.map(\.trigger) == without.map(\.trigger))
            for (one, other) in zip(with, without) {
                #expect(abs(one.start - other.start) <= 0.5, "\(one.trigger)")
            }
            print("  idle economy: \(fewer) of \(encoded) crops of the demonstration's clip are encoded")
            #expect(fewer < encoded)
        }

        @Test("of a scene in which nothing happens at least four of five crops are not encoded")
        func unchanged() async throws {
            try await Workplace.with { place in
                // A still picture under the noise of a sensor.
                let make = try await place.run(
                    "/usr/bin/ffmpeg",
                    [
                        "-loglevel", "error", "-loop", "1", "-r", "10", "-t", "40", "-i",
                        Pictures.path("published/coffee.png"), "-vf", "scale=1280:720,noise=alls=12:allf=t", "-c:v",
                        "mjpeg", "-q:v", "5", place.path("still.mjpeg"),
                    ]
                )
                #expect(make.status == 0, "\(make.errors)")
                try place.configure(
                    "  - { name: still, file: still.mjpeg, rate: 10, look: 4/s, pace: fastest }",
                    model: StandInModel.small.get()
                )
                let daemon = try await place.startWatching()
                try await eventually("the end of the recording") {
                    try await place.status().camera("still").state == "ended"
                }
                let status = try await place.status()
                let (looks, crops) = (try status.camera("still").looks, status.encoder.crops)
                #expect(looks == 160)
                #expect(crops * 5 <= looks * 2, "\(crops) of \(looks * 2)")
                // Every ten seconds at least.
                #expect(crops >= 2 * 4)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                #expect(try reader.looks(limit: .max).allSatisfy { $0.look.crops.count == 2 })
                try await place.stop(daemon)
            }
        }

        private struct Start {
            let trigger: String
            /// Seconds since the recording began.
            let start: Double
        }

        /// How many crops were encoded, and the events of the demonstration in their order.
        private func played(reuse: Bool) async throws -> (crops: Int, events: [Start]) {
            var result: (Int, [Start]) = (0, [])
            try await Workplace.with { place in
                let example = try String(contentsOfFile: ReferenceData.configuration("demo.yaml"), encoding: .utf8)
                let triggers = try #require(example.components(separatedBy: "triggers:").last)
                try place.configure(
                    """
                      - { name: doorstep, file: \(ReferenceData.configuration("demo/clip.mjpeg")), rate: 4, look: 4/s, \
                    pace: fastest, reuse: \(reuse) }
                    """,
                    triggers: triggers,
                    model: ReferenceData.configuration("models/smallworld.safetensors")
                )
                let daemon = try await place.startWatching()
                try await eventually("the end of the recording") {
                    try await place.status().camera("doorstep").state == "ended"
                }
                result.0 = try await place.status().encoder.crops
                try await place.stop(daemon)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let first = try #require(try reader.looks(limit: .max).last).look.at
                result.1 = try reader.events(limit: .max).reversed().map {
                    Start(trigger: $0.start.trigger, start: $0.start.at.timeIntervalSince(first))
                }
            }
            return result
        }
    }
}
