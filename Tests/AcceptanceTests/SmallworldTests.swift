import Foundation
import TestSupport
import Testing

extension Acceptance {
    @Suite("The bundled model")
    struct SmallworldTests {
        private struct Line: Decodable {
            let embedding: [Float]
        }

        /// Frames of the bundled clip and texts, embedded by PyTorch with the branches unfolded (Training/golden.py).
        private let golden: ReferenceData.Smallworld
        private let model = ReferenceData.configuration("models/smallworld.safetensors")

        init() throws {
            golden = try ReferenceData.smallworld()
        }

        private func expectGolden(_ outcome: Program.Outcome, _ expected: [[Double]]) throws {
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = try outcome.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            #expect(lines.count == expected.count)
            for (line, expected) in zip(lines, expected) {
                #expect(cosine(line.embedding, expected) >= 0.9999)
                #expect(abs(norm(line.embedding.map(Double.init)) / norm(expected) - 1) < 1e-3)
            }
        }

        @Test("what the daemon folds embeds as what PyTorch trained")
        func embeddings() async throws {
            let clip = try Data(contentsOf: URL(fileURLWithPath: ReferenceData.configuration("demo/clip.mjpeg")))
            let pictures = clip.split(at: Data([0xFF, 0xD8, 0xFF]))
            try await Workplace.with { place in
                for frame in golden.frames { try place.write(pictures[frame], as: "\(frame).jpg") }
                let files = golden.frames.map { place.path("\($0).jpg") }
                let options = ["--model", model, "--raw"]
                try expectGolden(
                    try await place.run(Programs.client, ["embed", "image"] + options + files),
                    golden.imageEmbeddings
                )
                try expectGolden(
                    try await place.run(Programs.client, ["embed", "text"] + options + golden.texts),
                    golden.textEmbeddings
                )
            }
        }

        @Test("it is small, and a word that it never learned is named")
        func size() async throws {
            let attributes = try FileManager.default.attributesOfItem(atPath: model)
            #expect(try #require(attributes[.size] as? Int) <= 8_000_000)
            try await Workplace.with { place in
                let outcome = try await place.run(
                    Programs.client,
                    ["embed", "text", "--model", model, "a zebra on the doorstep"]
                )
                #expect(outcome.status == 0)
                #expect(outcome.errors.contains("“zebra”"), "\(outcome.errors)")
            }
        }
    }
}
