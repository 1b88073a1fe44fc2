import Foundation
import TestSupport
import Testing

extension Acceptance {
    @Suite("scenewatch embed")
    struct EmbedTests {
        private struct Line: Decodable {
            let input: String
            let model: String
            let embedding: [Float]
        }

        private func lines(_ outcome: Program.Outcome) throws -> [Line] {
            try outcome.lines.map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(Set(try #require(object).keys) == ["input", "model", "embedding"])
                return try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            }
        }

        private func expectGolden(_ lines: [Line], _ inputs: [String], _ golden: [[Double]], raw: Bool) {
            #expect(lines.map(\.input) == inputs)
            #expect(Set(lines.map(\.model)).count == 1)
            #expect(lines.count == golden.count)
            for (line, expected) in zip(lines, golden) {
                #expect(line.embedding.count == expected.count)
                #expect(cosine(line.embedding, expected) >= 0.99999, "\(line.input)")
                let length = norm(line.embedding.map(Double.init))
                #expect(abs(length / (raw ? norm(expected) : 1) - 1) < (raw ? 1e-3 : 1e-5), "\(line.input)")
            }
        }

        @Test("pictures and texts are embedded as the published model does", arguments: ["safetensors", "pt"])
        func golden(format: String) async throws {
            let model = try (format == "pt" ? StandInModel.torch : StandInModel.safetensors).get()
            let golden = try ReferenceData.golden(of: "mobileclip_s0")
            let pictures = golden.images.map { ReferenceData.picture($0.split(separator: ".").map(String.init)[0]) }
            try await Workplace.with { place in
                for raw in [true, false] {
                    let options = ["--model", model] + (raw ? ["--raw"] : [])
                    let images = try await place.run(Programs.client, ["embed", "image"] + options + pictures)
                    #expect(images.status == 0, "\(images.errors)")
                    #expect(images.errors.isEmpty)
                    expectGolden(try lines(images), pictures, golden.imageEmbeddings, raw: raw)
                    let texts = try await place.run(Programs.client, ["embed", "text"] + options + golden.texts)
                    #expect(texts.status == 0, "\(texts.errors)")
                    expectGolden(try lines(texts), golden.texts, golden.textEmbeddings, raw: raw)
                }
            }
        }

        @Test("a picture that cannot be read is named, and the others are printed")
        func unreadable() async throws {
            let model = try StandInModel.safetensors.get()
            let good = ["rocket", "coffee"].map { ReferenceData.picture($0) }
            try await Workplace.with { place in
                try place.write(Data("no picture".utf8), as: "broken.png")
                let bad = [place.path("broken.png"), place.path("missing.jpg"), place.folder]
                let inputs = [good[0]] + bad + [good[1]]
                let outcome = try await place.run(Programs.client, ["embed", "image", "--model", model] + inputs)
                #expect(outcome.status == 1)
                #expect(try lines(outcome).map(\.input) == good)
                let words = outcome.errors.split(separator: "\n")
                #expect(words.count == bad.count, "\(outcome.errors)")
                for (line, path) in zip(words, bad) { #expect(line.contains(path)) }
            }
        }
    }
}
