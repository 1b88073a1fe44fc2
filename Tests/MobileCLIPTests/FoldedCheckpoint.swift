import Foundation
import MobileCLIP
import TestSupport

extension Model {
    /// The image tower of an MCi model.
    func convolutionalTower() throws -> ConvolutionalTower {
        guard case .convolutional(let tower) = try imageTower() else { throw CocoaError(.featureUnsupported) }
        return tower
    }

    /// The image tower of a model with a vision transformer.
    func visionTransformer() throws -> VisionTransformer {
        guard case .transformer(let tower) = try imageTower() else { throw CocoaError(.featureUnsupported) }
        return tower
    }
}

/// Writes a model as training code saves it after folding: `reparam_conv` and `lkb_reparam` in place of the branches.
enum FoldedCheckpoint {
    /// What folding removes.
    private static let branches = [
        ".rbr_conv.", ".rbr_scale.", ".rbr_skip.", ".lkb_origin.", ".small_conv.", ".token_mixer.layer_scale",
        ".pe.weight",
        ".pe.bias",
    ]

    static func entries(of model: Model) throws -> [CheckpointWriter.Entry] {
        let kept = model.checkpoint.tensors.filter { name, _ in !branches.contains { name.contains($0) } }
        let entries = kept.map { name, tensor in
            tensor.type == .int64
                ? CheckpointWriter.Entry(name: name, shape: tensor.shape, type: .int64) {
                    Data(count: 8 * tensor.count)
                }
                : CheckpointWriter.Entry(name, tensor.shape, tensor.floats())
        }
        return entries + image(try model.convolutionalTower()) + text(try model.textTower())
    }

    private static func image(_ tower: ConvolutionalTower) -> [CheckpointWriter.Entry] {
        let root = "image_encoder.model."
        var entries = convolution(root + "patch_embed.0.reparam_conv", tower.stemDense)
        entries += convolution(root + "patch_embed.1.reparam_conv", tower.stemDepthwise)
        entries += pointwise(root + "patch_embed.2.reparam_conv", tower.stemPointwise)
        for (index, step) in tower.trunk.enumerated() {
            let name = "\(root)network.\(index)"
            switch step {
            case .mixers(let blocks):
                for (nth, block) in blocks.enumerated() {
                    entries += convolution("\(name).\(nth).token_mixer.reparam_conv", block.mixer)
                }
            case .downsample(let layer):
                entries += convolution(name + ".proj.0.lkb_reparam", layer.depthwise)
                entries += pointwise(name + ".proj.1.reparam_conv", layer.pointwise)
            case .positions(let layer): entries += convolution(name + ".reparam_conv", layer)
            case .attention: break
            }
        }
        return entries + convolution(root + "conv_exp.reparam_conv", tower.expansion)
    }

    private static func text(_ tower: TextTower) -> [CheckpointWriter.Entry] {
        tower.layers.enumerated().flatMap { index, layer -> [CheckpointWriter.Entry] in
            guard case .mixer(let block) = layer else { return [] }
            return convolution("text_encoder.transformer.\(index).token_mixer.reparam_conv", block.mixer)
        }
    }

    private static func convolution(_ name: String, _ layer: Convolution) -> [CheckpointWriter.Entry] {
        let shape = [layer.outputs, layer.inputsPerGroup, layer.height, layer.width]
        return [.init(name + ".weight", shape, layer.weight), .init(name + ".bias", [layer.outputs], layer.bias)]
    }

    private static func pointwise(_ name: String, _ layer: Linear) -> [CheckpointWriter.Entry] {
        let shape = [layer.outputs, layer.inputs, 1, 1]
        return [.init(name + ".weight", shape, layer.weight), .init(name + ".bias", [layer.outputs], layer.bias)]
    }
}
