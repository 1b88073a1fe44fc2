import Foundation
import MobileCLIP
import TestSupport

/// A narrow, shallow MCi model with stand-in weights, in the published layout before folding.
enum MadeUpModel {
    static let widths = [16, 32, 64, 128]
    static let depths = [1, 1, 2, 1]
    static let textWidth = 64
    static let embeddingWidth = 48

    /// Name and shape of every tensor.
    static let layout: [(name: String, shape: [Int])] = {
        var list: [(String, [Int])] = [("logit_scale", [])]
        let root = "image_encoder.model."
        list += mobileOne(root + "patch_embed.0", [16, 3, 3, 3], skip: false)
        list += mobileOne(root + "patch_embed.1", [16, 1, 3, 3], skip: true)
        list += mobileOne(root + "patch_embed.2", [16, 16, 1, 1], skip: true)
        var step = 0
        for stage in 0..<4 {
            let width = widths[stage]
            if stage > 0 {
                let name = "\(root)network.\(step).proj"
                list += convolution(name + ".0.lkb_origin", [width, 1, 7, 7])
                list += convolution(name + ".0.small_conv", [width, 1, 3, 3])
                if stage > 1 { list += gates(name + ".0.se", "fc1", "fc2", width, width / 4) }
                list += mobileOne(name + ".1", [width, width, 1, 1], skip: true)
                step += 1
            }
            if stage == 3 {
                list += [
                    ("\(root)network.\(step).pe.weight", [width, 1, 7, 7]), ("\(root)network.\(step).pe.bias", [width]),
                ]
                step += 1
            }
            for block in 0..<depths[stage] {
                let name = "\(root)network.\(step).\(block)"
                if stage == 3 {
                    list += [(name + ".layer_scale_1", [width, 1, 1]), (name + ".layer_scale_2", [width, 1, 1])]
                    list += norm(name + ".norm", width) + [(name + ".token_mixer.qkv.weight", [3 * width, width])]
                    list += linear(name + ".token_mixer.proj", [width, width])
                    list += feedForward(name, width, [width, 1, 7, 7], 3)
                } else {
                    list += mixer(name, width, [3, 3], [7, 7], expansion: 3)
                }
            }
            step += 1
        }
        list += mobileOne(root + "conv_exp", [256, 1, 3, 3], skip: false)
        list +=
            gates(root + "conv_exp.se", "reduce", "expand", 256, 16) + [(root + "head.proj", [256, embeddingWidth])]
        return list + text
    }()

    private static let text: [(String, [Int])] = {
        let root = "text_encoder."
        let width = textWidth
        var list: [(String, [Int])] = [
            (root + "embedding_layer.weight", [Tokenizer.vocabularySize, width]),
            (root + "positional_embedding.pos_embed.pos_embed", [1, 1, 77, width]),
            (root + "projection_layer", [width, embeddingWidth]),
        ]
        list += mixer(root + "transformer.0", width, [1, 11], [1, 11], expansion: 4)
        let name = root + "transformer.1."
        for norm in [name + "pre_norm_mha.0", name + "pre_norm_ffn.0", root + "final_layer_norm"] {
            list += [(norm + ".weight", [width]), (norm + ".bias", [width])]
        }
        list += linear(name + "pre_norm_mha.1.qkv_proj", [3 * width, width])
        list += linear(name + "pre_norm_mha.1.out_proj", [width, width])
        list +=
            linear(name + "pre_norm_ffn.1", [4 * width, width]) + linear(name + "pre_norm_ffn.4", [width, 4 * width])
        return list + mixer(root + "transformer.2", width, [1, 11], [1, 11], expansion: 4)
    }()

    private static func norm(_ name: String, _ width: Int) -> [(String, [Int])] {
        ["weight", "bias", "running_mean", "running_var"].map { ("\(name).\($0)", [width]) }
    }

    private static func linear(_ name: String, _ shape: [Int]) -> [(String, [Int])] {
        [(name + ".weight", shape), (name + ".bias", [shape[0]])]
    }

    private static func convolution(_ name: String, _ shape: [Int]) -> [(String, [Int])] {
        [(name + ".conv.weight", shape)] + norm(name + ".bn", shape[0])
    }

    private static func mobileOne(_ name: String, _ shape: [Int], skip: Bool) -> [(String, [Int])] {
        var list = convolution(name + ".rbr_conv.0", shape)
        if shape[3] == 3 { list += convolution(name + ".rbr_scale", [shape[0], shape[1], 1, 1]) }
        if skip { list += norm(name + ".rbr_skip", shape[0]) }
        return list
    }

    private static func gates(_ name: String, _ reduce: String, _ expand: String, _ width: Int, _ inner: Int)
        -> [(String, [Int])]
    {
        linear("\(name).\(reduce)", [inner, width, 1, 1]) + linear("\(name).\(expand)", [width, inner, 1, 1])
    }

    private static func feedForward(_ name: String, _ width: Int, _ window: [Int], _ expansion: Int) -> [(
        String, [Int]
    )] {
        convolution(name + ".convffn.conv", window) + linear(name + ".convffn.fc1", [expansion * width, width, 1, 1])
            + linear(name + ".convffn.fc2", [width, expansion * width, 1, 1])
    }

    private static func mixer(_ name: String, _ width: Int, _ mixing: [Int], _ window: [Int], expansion: Int)
        -> [(String, [Int])]
    {
        let list = [(name + ".layer_scale", [width, 1, 1]), (name + ".token_mixer.layer_scale", [width, 1, 1])]
        return list + norm(name + ".token_mixer.norm.rbr_skip", width)
            + mobileOne(name + ".token_mixer.mixer", [width, 1] + mixing, skip: true)
            + feedForward(name, width, [width, 1] + window, expansion)
    }

    private static let weights: [String: [Float]] = Dictionary(
        uniqueKeysWithValues: layout.map { ($0.name, SeededWeights.floats(seed: 3, name: $0.name, shape: $0.shape)) }
    )

    /// A checkpoint of the model with some of its tensors exchanged, removed (nil) or added.
    static func open(changing changes: [String: CheckpointWriter.Entry?] = [:]) throws -> Checkpoint {
        let own = layout.map { ($0.name, CheckpointWriter.Entry($0.name, $0.shape, weights[$0.name] ?? [])) }
        var entries = Dictionary(uniqueKeysWithValues: own)
        for (name, entry) in changes { entries[name] = entry }
        return try open(entries.values.sorted { $0.name < $1.name })
    }

    /// A checkpoint of these tensors; its file is already unlinked.
    static func open(_ entries: [CheckpointWriter.Entry]) throws -> Checkpoint {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try CheckpointWriter.writeSafetensors(entries, to: path)
        return try Checkpoint(path: path)
    }

    /// The same picture in both layouts: bytes, and planes of 0…1.
    static let picture: (pixels: [UInt8], planes: Reference.Planes) = {
        let pixels = (0..<(3 * 65536)).map { UInt8(truncatingIfNeeded: ($0 / 3 % 256) ^ ($0 / 768) &+ $0 % 3 * 40) }
        let planes = (0..<(3 * 65536)).map { Float(pixels[$0 % 65536 * 3 + $0 / 65536]) / 255 }
        return (pixels, Reference.Planes(channels: 3, height: 256, width: 256, values: planes))
    }()
}

/// The largest difference, as a part of the largest expected magnitude.
func difference(_ actual: [Float], _ expected: [Float]) -> Float {
    guard actual.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 0
    let errors = zip(actual, expected).map { abs($0 - $1) }
    return errors.allSatisfy(\.isFinite) ? (errors.max() ?? 0) / max(largest, .leastNormalMagnitude) : .infinity
}
