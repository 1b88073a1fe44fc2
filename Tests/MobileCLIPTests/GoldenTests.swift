import Foundation
import Imaging
import MobileCLIP
import TestSupport
import Testing

/// Stages and plain loops against what the published models' own code made.
@Suite("Golden stages")
struct GoldenTests {
    @Test("a PyTorch file gives the same embeddings, identity included, as safetensors")
    func torch() throws {
        let torch = try SeededCheckpoint.open("mobileclip_s0", format: .torch)
        let safetensors = try SeededCheckpoint.open("mobileclip_s0")
        #expect(torch.format == .torch)
        #expect(safetensors.format == .safetensors)
        let (one, other) = (try Model(torch), try Model(safetensors))
        #expect(one.identity == other.identity)
        #expect(try one.imageTower() == other.imageTower())
        let another = try Model(SeededCheckpoint.open("mobileclip_s0", seed: 2))
        #expect(another.identity != one.identity)
    }

    @Test("every stage of the fast towers is the published one's")
    func stages() throws {
        let golden = try ReferenceData.golden(of: "mobileclip_s0")
        let model = try Model(SeededCheckpoint.open("mobileclip_s0"))
        let tower = try model.convolutionalTower()
        let encoder = ImageEncoder(tower: PackedImageTower(.convolutional(tower), side: 256))
        let picture = try PictureFile.read(path: ReferenceData.picture("astronaut"))
        var embedding: [Float] = []
        var seen: Set<String> = []
        encoder.encode(picture.pixels, into: &embedding) { name, size, values in
            guard let stage = golden.stages[name] else { return }
            let pixels = size.height * size.width
            // conv_exp's channels stand in blocks: all first outputs of the inputs, then all second ones.
            let channel = { (c: Int) in name == "conv_exp" ? c % 2 * (size.channels / 2) + c / 2 : c }
            let planes = (0..<(pixels * size.channels)).map {
                values[$0 % pixels * size.channels + channel($0 / pixels)]
            }
            #expect(stage.shape == [size.channels, size.height, size.width], "\(name)")
            expectStage(planes, stage, name)
            seen.insert(name)
        }
        let texts = try model.makeTextEncoder()
        _ = texts.encode(tokens: Tokenizer().tokens(of: golden.texts[0])) { name, values in
            guard let stage = golden.stages[name] else { return }
            expectStage((0..<stage.shape.reduce(1, *)).map { values[$0] }, stage, name)
            seen.insert(name)
        }
        #expect(seen == Set(golden.stages.keys))
    }

    @Test("the plain loops agree with the published models and with every instruction set")
    func reference() throws {
        let golden = try ReferenceData.golden(of: "mobileclip_s0")
        let model = try Model(SeededCheckpoint.open("mobileclip_s0"))
        let tower = try model.convolutionalTower()
        let picture = try PictureFile.read(path: ReferenceData.picture("chelsea"))
        let planes = Reference.Planes(
            channels: 3,
            height: 256,
            width: 256,
            values: (0..<(3 * 65536)).map { Float(picture.pixels[$0 % 65536 * 3 + $0 / 65536]) / 255 }
        )
        let exact = Reference.embedding(of: planes, tower)
        expectEmbedding(exact, golden.imageEmbeddings[1], "plain loops")

        let packed = PackedImageTower(.convolutional(tower), side: 256)
        var embedding: [Float] = []
        for set in 0..<3 {
            let encoder = ImageEncoder(tower: packed, instructionSet: set)
            encoder.encode(picture.pixels, into: &embedding)
            expectEmbedding(embedding, exact.map(Double.init), encoder.instructionSet)
        }

        let text = try model.textTower()
        var tokens = Tokenizer().tokens(of: golden.texts[1])
        tokens += repeatElement(0, count: 77 - tokens.count)
        expectEmbedding(Reference.embedding(of: tokens, text), golden.textEmbeddings[1], "plain text loops")
    }

    private func expectStage(_ values: [Float], _ stage: ReferenceData.Golden.Stage, _ name: String) {
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
        // Values are held to the stage's own scale: single ones may be near zero.
        let scale = abs(stage.mean) + stage.std
        #expect(abs(mean - stage.mean) <= 1e-3 * scale, "\(name): mean \(mean), not \(stage.mean)")
        #expect(abs(variance.squareRoot() / stage.std - 1) <= 1e-3, "\(name): std \(variance.squareRoot())")
        for (value, expected) in zip(values, stage.first16) {
            #expect(
                abs(Double(value) - expected) <= 1e-3 * max(abs(expected), scale),
                "\(name): \(value), not \(expected)"
            )
        }
    }
}
