import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Same scores")
    struct SameScoresTests {
        /// What a trigger scored, look by look, to the last bit.
        private struct Scored: Equatable {
            let at: Date
            let crop: Int
            let bits: [UInt64]
            let rival: String?

            init(_ score: JournaledScore, from start: Date) {
                // Whole frames, since two runs begin at two moments.
                at = Date(timeIntervalSinceReferenceDate: (score.at.timeIntervalSince(start) * 10).rounded() / 10)
                crop = score.score.crop
                bits = [score.score.similarity, score.score.probability, score.score.margin].map(\.bitPattern)
                rival = score.score.rival
            }
        }

        @Test("another trigger and another camera leave the scores of those that were there alone, to the last bit")
        func additions() async throws {
            let (before, after) = (try await scores(withMore: false), try await scores(withMore: true))
            #expect(before.count == 48 && Set(before.map(\.bits)).count > 1)
            #expect(before == after)
        }

        private func scores(withMore: Bool) async throws -> [Scored] {
            var scored: [Scored] = []
            try await Workplace.with { place in
                let model = try StandInModel.safetensors.get()
                try place.write(Pictures.reel([Pictures.pair.0, Pictures.pair.1], count: 12), as: "reel.mjpeg")
                try place.write(Pictures.reel([Pictures.pair.1, Pictures.pair.0], count: 7), as: "other.mjpeg")
                let played = "rate: 10, look: 10/s, view: center, pace: fastest"
                let own = """
                    { name: own, prompt: [smoke or fire, a rocket], against: [a cat], cameras: [reel] },
                      { name: second, prompt: red, cameras: [reel] }
                    """
                let more = """
                    { name: first, prompt: a cat, against: [red, a rocket] }, \(own), { name: last, prompt: a rocket,
                      against: [smoke or fire], cameras: [other] }
                    """
                try place.configure(
                    (withMore ? "  - { name: other, file: other.mjpeg, \(played) }\n" : "")
                        + "  - { name: reel, file: reel.mjpeg, \(played) }",
                    triggers: "[\(withMore ? more : own)]",
                    model: model
                )
                let daemon = try place.start(Programs.daemon, ["--config", place.configuration, "--fastest"])
                let cameras = withMore ? ["reel", "other"] : ["reel"]
                try await eventually("the recordings' end; the daemon said \(daemon.errors)") {
                    if let ending = daemon.ending {
                        throw Timeout(description: "the daemon \(ending): \(daemon.errors)")
                    }
                    return cameras.allSatisfy { daemon.errors.contains("camera \($0) has ended") }
                        && FileManager.default.fileExists(atPath: place.socket)
                }
                try await place.stop(daemon)
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                for trigger in ["own", "second"] {
                    let scores = try reader.scores(trigger: trigger, camera: "reel")
                    let start = try #require(scores.first?.at)
                    scored += scores.map { Scored($0, from: start) }
                }
            }
            return scored
        }
    }
}
