import Foundation
import MobileCLIP

/// A narrow, shallow MCi model with stand-in weights, in the published layout before folding.
package struct SmallModel: Sendable {
    package var widths = [16, 32, 64, 128]
    package var depths = [1, 1, 2, 1]
    package var textWidth = 64
    package var embeddingWidth = 48
    /// The tokens that it has learned, ascending; nil for all.
    package var learned: [Int]?

    package init() {}

    /// The sizes of the model that is bundled.
    package static func bundled(learned: [Int]?) -> SmallModel {
        var model = SmallModel()
        model.widths = [24, 48, 96, 192]
        model.textWidth = 128
        model.embeddingWidth = 256
        model.learned = learned
        return model
    }

    /// Its tensors. The row of a token is the same whether the model has learned all of them or a part; the one for all
    /// others is that of token 1.
    package func entries(seed: UInt64 = 3) -> [CheckpointWriter.Entry] {
        var entries = layout.map { name, shape in
            CheckpointWriter.Entry(name, shape, SeededWeights.floats(seed: seed, name: name, shape: shape))
        }
        guard let learned else { return entries }
        let name = "text_encoder.embedding_layer.weight"
        let all = SeededWeights.floats(seed: seed, name: name, shape: [Tokenizer.vocabularySize, textWidth])
        let rows = (learned + [1]).flatMap { all[($0 * textWidth)..<(($0 + 1) * textWidth)] }
        entries.removeAll { $0.name == name }
        entries.append(CheckpointWriter.Entry(name, [learned.count + 1, textWidth], rows))
        entries.append(CheckpointWriter.Entry("text_encoder.embedding_layer.token_ids", learned.map { Int32($0) }))
        return entries
    }

    /// Name and shape of every tensor.
    package var layout: [(name: String, shape: [Int])] {
        var list: [(String, [Int])] = [("logit_scale", [])]
        let root = "image_encoder.model."
        let (stem, last) = (widths[0], widths[3])
        list += mobileOne(root + "patch_embed.0", [stem, 3, 3, 3], skip: false)
        list += mobileOne(root + "patch_embed.1", [stem, 1, 3, 3], skip: true)
        list += mobileOne(root + "patch_embed.2", [stem, stem, 1, 1], skip: true)
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
        list += mobileOne(root + "conv_exp", [2 * last, 1, 3, 3], skip: false)
        list += gates(root + "conv_exp.se", "reduce", "expand", 2 * last, last / 8)
        list.append((root + "head.proj", [2 * last, embeddingWidth]))
        return list + text
    }

    private var text: [(String, [Int])] {
        let root = "text_encoder."
        let width = textWidth
        var list: [(String, [Int])] = [
            (root + "embedding_layer.weight", [learned.map { $0.count + 1 } ?? Tokenizer.vocabularySize, width]),
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
    }

    private func norm(_ name: String, _ width: Int) -> [(String, [Int])] {
        ["weight", "bias", "running_mean", "running_var"].map { ("\(name).\($0)", [width]) }
    }

    private func linear(_ name: String, _ shape: [Int]) -> [(String, [Int])] {
        [(name + ".weight", shape), (name + ".bias", [shape[0]])]
    }

    private func convolution(_ name: String, _ shape: [Int]) -> [(String, [Int])] {
        [(name + ".conv.weight", shape)] + norm(name + ".bn", shape[0])
    }

    private func mobileOne(_ name: String, _ shape: [Int], skip: Bool) -> [(String, [Int])] {
        var list = convolution(name + ".rbr_conv.0", shape)
        if shape[3] == 3 { list += convolution(name + ".rbr_scale", [shape[0], shape[1], 1, 1]) }
        if skip { list += norm(name + ".rbr_skip", shape[0]) }
        return list
    }

    private func gates(_ name: String, _ reduce: String, _ expand: String, _ width: Int, _ inner: Int)
        -> [(String, [Int])]
    {
        linear("\(name).\(reduce)", [inner, width, 1, 1]) + linear("\(name).\(expand)", [width, inner, 1, 1])
    }

    private func feedForward(_ name: String, _ width: Int, _ window: [Int], _ expansion: Int) -> [(
        String, [Int]
    )] {
        convolution(name + ".convffn.conv", window) + linear(name + ".convffn.fc1", [expansion * width, width, 1, 1])
            + linear(name + ".convffn.fc2", [width, expansion * width, 1, 1])
    }

    private func mixer(_ name: String, _ width: Int, _ mixing: [Int], _ window: [Int], expansion: Int)
        -> [(String, [Int])]
    {
        let list = [(name + ".layer_scale", [width, 1, 1]), (name + ".token_mixer.layer_scale", [width, 1, 1])]
        return list + norm(name + ".token_mixer.norm.rbr_skip", width)
            + mobileOne(name + ".token_mixer.mixer", [width, 1] + mixing, skip: true)
            + feedForward(name, width, [width, 1] + window, expansion)
    }
}
