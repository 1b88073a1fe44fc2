// The layers of both towers after folding, in the published layouts. What runs them is elsewhere: `Reference/` as they
// stand, `Encoder/` packed for speed.

/// A 2-D convolution with bias. weight: (outputs, inputs / groups, height, width); a depthwise one has
/// `inputsPerGroup` 1 and one group per input channel.
package struct Convolution: Sendable, Equatable {
    package var weight: [Float]
    package var bias: [Float]
    package let outputs: Int
    package let inputsPerGroup: Int
    package let height: Int
    package let width: Int

    var shape: [Int] { [outputs, inputsPerGroup, height, width] }

    /// Adds `other`, a convolution of an equal or smaller window, at the centre of this one's window.
    mutating func add(_ other: Convolution, scaledBy factor: (_ output: Int) -> Float = { _ in 1 }) {
        let top = (height - other.height) / 2
        let left = (width - other.width) / 2
        for output in 0..<outputs {
            let scale = factor(output)
            bias[output] += scale * other.bias[output]
            for input in 0..<inputsPerGroup {
                for y in 0..<other.height {
                    for x in 0..<other.width {
                        let from = ((output * inputsPerGroup + input) * other.height + y) * other.width + x
                        let to = ((output * inputsPerGroup + input) * height + y + top) * width + x + left
                        weight[to] += scale * other.weight[from]
                    }
                }
            }
        }
    }
}

/// y = weight · x + bias. weight: (outputs, inputs).
package struct Linear: Sendable, Equatable {
    package var weight: [Float]
    package var bias: [Float]
    package let outputs: Int
    package let inputs: Int

    /// This layer, with output `o` multiplied by `scale[o]`.
    func scaled(by scale: [Float]) -> Linear {
        var result = self
        for output in 0..<outputs {
            result.bias[output] *= scale[output]
            for input in 0..<inputs { result.weight[output * inputs + input] *= scale[output] }
        }
        return result
    }
}

/// Batch norm at inference: y = scale · x + shift, per channel.
package struct ChannelAffine: Sendable, Equatable {
    package var scale: [Float]
    package var shift: [Float]
}

/// What normalises a feature map before attention: batch norm in the towers of four stages, layer norm over each pixel's
/// channels in those of five.
package enum ChannelNorm: Sendable, Equatable {
    case batch(ChannelAffine)
    case layer(LayerNorm)
}

/// gates = sigmoid(expand(relu(reduce(mean over the picture)))); each channel is multiplied by its gate.
package struct SqueezeExcite: Sendable, Equatable {
    package let reduce: Linear
    package let expand: Linear
}

/// FastViT's ConvFFN: depthwise convolution, expand, GELU, project.
package struct ConvolutionalFeedForward: Sendable, Equatable {
    package let depthwise: Convolution
    package let expand: Linear
    package let project: Linear
}

/// x ← mixer(x); x ← x + layerScale · feedForward(x). The mixer holds its own residual, folded in.
package struct RepMixerBlock: Sendable, Equatable {
    package let mixer: Convolution
    package let feedForward: ConvolutionalFeedForward
    package let layerScale: [Float]
}

/// x ← x + layerScale1 · attention(norm(x)); x ← x + layerScale2 · feedForward(x).
package struct AttentionBlock: Sendable, Equatable {
    package let norm: ChannelNorm
    /// (3 · channels, channels): queries, keys, values; no bias.
    package let queriesKeysValues: Linear
    package let projection: Linear
    package let layerScale1: [Float]
    package let layerScale2: [Float]
    package let feedForward: ConvolutionalFeedForward
    /// Channels per head: 32 in every MCi tower.
    package static let headWidth = 32
}

/// Patch merging: depthwise 7×7 of stride 2 that doubles the channels (output o reads input o / 2), squeeze-excite in
/// some, GELU; then 1×1 and GELU.
package struct Downsample: Sendable, Equatable {
    package let depthwise: Convolution
    package let squeezeExcite: SqueezeExcite?
    package let pointwise: Linear
}

/// One step of an MCi tower's trunk, in order.
package enum TrunkStep: Sendable, Equatable {
    case mixers([RepMixerBlock])
    case downsample(Downsample)
    /// The conditional positional encoding x + depthwise(x), the sum folded in.
    case positions(Convolution)
    case attention([AttentionBlock])
}

/// An image tower of either kind: 8-bit RGB in, embedding out.
package enum ImageTower: Sendable, Equatable {
    case convolutional(ConvolutionalTower)
    case transformer(VisionTransformer)
}

/// An MCi image tower.
package struct ConvolutionalTower: Sendable, Equatable {
    /// Dense 3×3 of stride 2, depthwise 3×3 of stride 2, 1×1; GELU after each.
    package let stemDense: Convolution
    package let stemDepthwise: Convolution
    package let stemPointwise: Linear
    package let trunk: [TrunkStep]
    /// Depthwise 3×3 that doubles the channels, squeeze-excite, GELU; then the mean over the picture.
    package let expansion: Convolution
    package let expansionGates: SqueezeExcite
    /// (embedding width, channels): the head.
    package let head: Linear
}

/// Layer norm over the last dimension.
package struct LayerNorm: Sendable, Equatable {
    package let weight: [Float]
    package let bias: [Float]
    package let epsilon: Float
}

/// A pre-norm transformer layer: x ← x + attention(norm(x)); x ← x + feed-forward(norm(x)), GELU between.
package struct TransformerLayer: Sendable, Equatable {
    package let attentionNorm: LayerNorm
    package let queriesKeysValues: Linear
    package let projection: Linear
    package let feedForwardNorm: LayerNorm
    package let expand: Linear
    package let project: Linear
    /// Channels per head: 64 in every published text tower and vision transformer.
    package static let headWidth = 64
}

/// One layer of a text tower.
package enum TextLayer: Sendable, Equatable {
    /// Text-RepMixer: a RepMixer block whose windows are 1×11 over the tokens.
    case mixer(RepMixerBlock)
    case transformer(TransformerLayer)
}

/// A text tower: token ids in, embedding out.
package struct TextTower: Sendable {
    package let tokenEmbedding: TokenEmbedding
    /// (context, width)
    package let positions: [Float]
    package let context: Int
    package let width: Int
    package let layers: [TextLayer]
    package let finalNorm: LayerNorm
    /// (embedding width, width)
    package let projection: Linear
    /// Whether a token attends only to itself and those before it.
    package let isCausal: Bool
}
