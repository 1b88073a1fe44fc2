import Foundation
import Journal
import TestSupport
import Testing

extension Acceptance {
    /// The same frames have the same embeddings, scores and events, to the last bit, whatever else the daemon has to do and
    /// however many processors there are.
    @Suite("The same again")
    struct SameAgainTests {
        private static let camera = "doorstep"

        /// What the journal has of one run. Times are milliseconds since the first look.
        private struct Run: Equatable {
            var looks: [Look]
            var events: [Event]
        }

        private struct Look: Equatable {
            var frame: UInt64
            var at: Int
            var brightness: Int?
            var embeddings: [[UInt32]]
            var scores: [Numbers]
        }

        private struct Event: Equatable {
            var trigger: String
            var frame: UInt64
            var crop: Int?
            var start: Int
            var score: Numbers
            var end: Int?
            var endFrame: UInt64?
            var reason: EventEndReason?
        }

        /// The bits of a score.
        private struct Numbers: Equatable {
            var name: String
            var bits: [UInt64]
            var rival: String?
        }

        @Test("alone, one crop after the other on one processor, and in batches beside other cameras")
        func bits() async throws {
            let alone = try await run(onOneProcessor: true, beside: "", "batch: { size: 1 }")
            #expect(alone.looks.count == 300 && alone.events.count >= 10)
            #expect(Set(alone.looks.map(\.embeddings)).count > 250)
            #expect(alone.looks.allSatisfy { $0.embeddings.count == 2 && $0.scores.count == 20 })

            let clip = ReferenceData.configuration("demo/clip.mjpeg")
            let beside = try await run(
                beside: """
                      - { name: beside, file: \(clip), rate: 4, look: 2/s, pace: fastest }
                      - { name: another, file: \(clip), rate: 10, loop: true, look: 10/s, view: center, reuse: false }

                    """,
                "batch: { size: 8, wait: 20ms }"
            )
            #expect(beside.looks.count == alone.looks.count)
            let different = zip(beside.looks, alone.looks).filter { $0 != $1 }.map(\.0.frame)
            #expect(different.isEmpty, "looks at frames \(different.prefix(10))")
            #expect(beside.events == alone.events)
        }

        /// Plays the demonstration's clip once, beside other cameras.
        private func run(onOneProcessor: Bool = false, beside cameras: String, _ settings: String) async throws -> Run {
            var result: Run?
            try await Workplace.with { place in
                let example = try String(contentsOfFile: ReferenceData.configuration("demo.yaml"), encoding: .utf8)
                let triggers = try #require(example.components(separatedBy: "triggers:").last)
                try place.configure(
                    """
                    \(cameras)  - { name: \(Self.camera), file: \(ReferenceData.configuration("demo/clip.mjpeg")), rate: 4, \
                    look: 4/s, pace: fastest, reuse: false }
                    """,
                    triggers: triggers + settings,
                    model: ReferenceData.configuration("models/smallworld.safetensors")
                )
                let command = [Programs.daemon, "--config", place.configuration]
                let pinned = ["/usr/bin/taskset", "--cpu-list", try firstProcessor()] + command
                let words = onOneProcessor ? pinned : command
                let daemon = try place.start(words[0], Array(words.dropFirst()))
                try await eventually("the end of the recording; the daemon said \(daemon.errors)") {
                    daemon.errors.contains("camera \(Self.camera) has ended")
                        && FileManager.default.fileExists(atPath: place.socket)
                }
                // Told, and not only read: what is active at the end has ended with it, and not with the daemon.
                try await eventually("the end to be in the journal") { try isEndTold(in: place.journal) }
                try await place.stop(daemon)
                result = try read(place.journal)
            }
            return try #require(result)
        }

        private func isEndTold(in journal: String) throws -> Bool {
            let reader = try JournalReader(path: journal)
            defer { reader.close() }
            return try reader.messages(after: 0, limit: .max).contains { message in
                guard case .cameraLost(let loss) = message.message else { return false }
                return loss.camera == Self.camera
            }
        }

        /// The first processor that this process may use.
        private func firstProcessor() throws -> String {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
            let list = try #require(line.split(whereSeparator: \.isWhitespace).last)
            return String(list.prefix { $0.isNumber })
        }

        private func read(_ journal: String) throws -> Run {
            let reader = try JournalReader(path: journal)
            defer { reader.close() }
            let records = try reader.looks(camera: Self.camera, limit: .max).reversed().map(\.look)
            let zero = try #require(records.first).at
            let since = { (date: Date) in Int((date.timeIntervalSince(zero) * 1000).rounded()) }
            let looks = records.map { look in
                Look(
                    frame: look.sequence,
                    at: since(look.at),
                    brightness: look.brightness,
                    embeddings: look.crops.map { $0.embedding.map(\.bitPattern) },
                    scores: look.scores.map { score in
                        Numbers(
                            name: "\(score.trigger) \(score.crop)",
                            bits: [score.similarity, score.probability, score.margin].map(\.bitPattern),
                            rival: score.rival
                        )
                    }
                )
            }
            let events = try reader.events(limit: .max).filter { $0.start.camera == Self.camera }
                .sorted { $0.seqStarted < $1.seqStarted }
                .map { event in
                    let start = event.start
                    let score = try #require(start.score)
                    return Event(
                        trigger: start.trigger,
                        frame: start.frame,
                        crop: start.crop,
                        start: since(start.at),
                        score: Numbers(
                            name: start.trigger,
                            bits: [score.similarity, score.probability, score.margin].map(\.bitPattern),
                            rival: score.rival
                        ),
                        end: event.end.map { since($0.at) },
                        endFrame: event.end?.frame,
                        reason: event.end?.reason
                    )
                }
            return Run(looks: looks, events: events)
        }
    }
}
