import Foundation
import MobileCLIP
import TestSupport
import Testing

@Suite("Folding")
struct FoldingTests {
    @Test("a folded checkpoint gives the towers of the unfolded one, and has its published names")
    func folded() throws {
        let model = try Model(SeededCheckpoint.open("mobileclip_s0"))
        let entries = try FoldedCheckpoint.entries(of: model)
        let folded = try Model(MadeUpModel.open(entries))
        #expect(!model.variant.isFolded)
        #expect(folded.variant.isFolded)
        #expect(folded.variant.name == "mobileclip_s0")
        #expect(folded.identity != model.identity)
        #expect(try folded.imageTower() == model.imageTower())
        #expect(try folded.textTower().layers == model.textTower().layers)
        guard ReferenceData.hasRealWeights else { return }
        struct Name: Decodable { let key: String }
        let names = try JSONDecoder().decode([Name].self, from: Data(contentsOf: Self.real("reparam_layout.json"))).map(
            \.key
        )
        #expect(Set(entries.map(\.name)) == Set(names))
    }

    @Test("branches add up: against every branch run on its own")
    func branches() throws {
        let checkpoint = try MadeUpModel.open()
        let name = "image_encoder.model.patch_embed.1"
        let folded = try WeightReader(checkpoint: checkpoint).mobileOne(name)
        let wave = (0..<480).map { Float(sin(Double($0))) }
        let input = Reference.Planes(channels: 16, height: 6, width: 5, values: wave)
        var expected = [Double](repeating: 0, count: 480)
        let floats = { (suffix: String) -> [Double] in
            (checkpoint.tensors[name + suffix]?.floats() ?? []).map { Double($0) }
        }
        let parts: [(String, String, Int)] = [
            (".rbr_conv.0", ".bn", 3), (".rbr_scale", ".bn", 1), (".rbr_skip", "", 0),
        ]
        for (branch, norm, window) in parts {
            let (gamma, beta) = (floats("\(branch)\(norm).weight"), floats("\(branch)\(norm).bias"))
            let mean = floats("\(branch)\(norm).running_mean")
            let variance = floats("\(branch)\(norm).running_var")
            let weight = window == 0 ? [Double](repeating: 1, count: 16) : floats(branch + ".conv.weight")
            for i in expected.indices {
                let (c, y, x) = (i / 30, i / 5 % 6, i % 5)
                var sum = 0.0
                let reach = max(window, 1) / 2
                for dy in -reach...reach {
                    for dx in -reach...reach where (0..<6).contains(y + dy) && (0..<5).contains(x + dx) {
                        let side = max(window, 1)
                        let tap = weight[(c * side + dy + reach) * side + dx + reach]
                        sum += tap * Double(input.values[(c * 6 + y + dy) * 5 + x + dx])
                    }
                }
                expected[i] += (sum - mean[c]) / (variance[c] + 1e-5).squareRoot() * gamma[c] + beta[c]
            }
        }
        #expect(difference(Reference.convolve(input, folded).values, expected.map { Float($0) }) < 1e-6)
    }

    // MARK: Real weights

    private static func real(_ file: String) -> URL {
        ReferenceData.shared.appendingPathComponent("reference/mobileclip_s0_partial/\(file)")
    }

    private static let root = "image_encoder.model."

    @Test(
        "real weights fold to the published folding",
        .enabled(if: ReferenceData.hasRealWeights, "shared/reference/mobileclip_s0_partial is absent")
    )
    func realFolding() throws {
        let open = WeightReader(checkpoint: try Checkpoint(path: Self.real("partial.safetensors").path))
        let folded = WeightReader(checkpoint: try Checkpoint(path: Self.real("reparam_blocks.safetensors").path))
        for name in ["patch_embed.1", "patch_embed.2"] {
            let (one, other) = (try open.mobileOne(Self.root + name), try folded.mobileOne(Self.root + name))
            #expect(difference(one.weight, other.weight) < 1e-5, "\(name)")
            #expect(difference(one.bias, other.bias) < 1e-5, "\(name)")
        }
        for (name, channels) in [("network.1", 64), ("network.2", 128)] {
            let one = try #require(try TrunkStep(open, Self.root + name, channels: channels))
            let other = try #require(try TrunkStep(folded, Self.root + name, channels: channels))
            let pairs = zip(Self.arrays(of: one), Self.arrays(of: other))
            #expect(Self.arrays(of: one).count == (name == "network.1" ? 4 : 6 * 9))
            for (index, pair) in pairs.enumerated() {
                #expect(difference(pair.0, pair.1) < 1e-5, "\(name), array \(index)")
            }
        }
    }

    private static func arrays(of step: TrunkStep) -> [[Float]] {
        switch step {
        case .mixers(let blocks):
            blocks.flatMap { block in
                let inner = block.feedForward
                return [
                    block.mixer.weight, block.mixer.bias, inner.depthwise.weight, inner.depthwise.bias,
                    inner.expand.weight,
                    inner.expand.bias, inner.project.weight, inner.project.bias, block.layerScale,
                ]
            }
        case .downsample(let layer):
            [layer.depthwise.weight, layer.depthwise.bias, layer.pointwise.weight, layer.pointwise.bias]
        case .positions, .attention: []
        }
    }

    @Test(
        "real weights give the published blocks' outputs",
        .enabled(if: ReferenceData.hasRealWeights, "shared/reference/mobileclip_s0_partial is absent")
    )
    func realBlocks() throws {
        let reader = WeightReader(checkpoint: try Checkpoint(path: Self.real("partial.safetensors").path))
        let golden = try Checkpoint(path: Self.real("golden_blocks.safetensors").path).tensors
        let planes = { (name: String) throws -> Reference.Planes in
            let tensor = try #require(golden[name])
            return .init(
                channels: tensor.shape[1],
                height: tensor.shape[2],
                width: tensor.shape[3],
                values: tensor.floats()
            )
        }
        let depthwise = try reader.mobileOne(Self.root + "patch_embed.1")
        var x = Reference.gelu(Reference.convolve(try planes("stem_in_64x128x128"), depthwise, stride: 2))
        #expect(difference(x.values, try planes("stem1_out").values) < 1e-4)
        let name = Self.root + "patch_embed.2"
        x = Reference.gelu(Reference.pointwise(x, try reader.linear(try reader.mobileOne(name), name)))
        #expect(difference(x.values, try planes("stem2_out").values) < 1e-4)

        x = try planes("in_64x64x64")
        for (step, channels) in [("network.1", 64), ("network.2", 128)] {
            x = Reference.run(try #require(try TrunkStep(reader, Self.root + step, channels: channels)), x)
            let expected = try planes(step.replacingOccurrences(of: ".", with: "") + "_out")
            #expect(difference(x.values, expected.values) < 1e-4, "\(step)")
        }
    }

    @Test(
        "the fast path runs real weights as the plain loops do",
        .enabled(if: ReferenceData.hasRealWeights, "shared/reference/mobileclip_s0_partial is absent")
    )
    func realFastPath() throws {
        // A whole S0: the real tensors where there are any, stand-ins for the others.
        let real = try Checkpoint(path: Self.real("partial.safetensors").path).tensors
        let entries = try ReferenceData.tensors(of: "mobileclip_s0").map { name, shape, type in
            CheckpointWriter.Entry(name: name, shape: shape, type: type == "int64" ? .int64 : .float32) {
                if type == "int64" { return Data(count: 8 * shape.reduce(1, *)) }
                return (real[name]?.floats() ?? SeededWeights.floats(seed: 1, name: name, shape: shape))
                    .withUnsafeBytes { Data($0) }
            }
        }
        let model = try Model(MadeUpModel.open(entries))
        try FastPath.expectPlain(model, within: 1e-4, stages: ["patch_embed", "network.0", "network.1", "network.2"])
    }
}

/// Holds the encoders to the plain loops.
enum FastPath {
    /// - Parameter stages: of the image tower, nil for every one.
    static func expectPlain(_ model: Model, within tolerance: Float, stages: Set<String>? = nil) throws {
        let tower = try model.convolutionalTower()
        var plain: [String: [Float]] = [:]
        let (pixels, planes) = MadeUpModel.picture
        let expected = Reference.embedding(of: planes, tower) { name, x in
            plain[name] = (0..<x.values.count).map {
                x.values[$0 % x.channels * (x.values.count / x.channels) + $0 / x.channels]
            }
        }
        let packed = PackedImageTower(.convolutional(tower), side: 256)
        for set in 0..<3 {
            let encoder = ImageEncoder(tower: packed, instructionSet: set)
            var embedding: [Float] = []
            var seen: Set<String> = []
            encoder.encode(pixels, into: &embedding) { name, size, values in
                // conv_exp's channels stand in another order; the embedding behind it does not.
                guard name != "conv_exp", stages?.contains(name) ?? true else { return }
                let actual = Array(UnsafeBufferPointer(start: values, count: size.height * size.width * size.channels))
                #expect(difference(actual, plain[name] ?? []) < tolerance, "\(encoder.instructionSet), \(name)")
                seen.insert(name)
            }
            #expect(seen == stages ?? Set(plain.keys).subtracting(["conv_exp"]))
            #expect(difference(embedding, expected) < 10 * tolerance, "\(encoder.instructionSet)")
        }
    }
}
