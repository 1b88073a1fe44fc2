import Kernels

// The layers once more, as places in `PackedWeights`, with the order of their numbers that the kernels want.

/// One depthwise filter per input channel: [window][channels].
///
/// A layer that makes `multiplier` outputs of each input is that many filters; their outputs stand in blocks (all first
/// outputs, then all second ones) instead of side by side, and whatever reads them has its own inputs in that order.
struct PackedDepthwise {
    var shape: depthwise_shape
    let multiplier: Int
    let filters: [(weights: PackedWeights.Place, bias: PackedWeights.Place)]

    init(
        _ layer: Convolution,
        input: MapSize,
        stride: Int = 1,
        gelu: Bool = false,
        into weights: inout PackedWeights.Builder
    ) {
        let channels = input.channels
        let window = layer.height * layer.width
        multiplier = layer.outputs / channels
        shape = depthwise_shape(
            height: Int32(input.height),
            width: Int32(input.width),
            channels: Int32(channels),
            kernel_height: Int32(layer.height),
            kernel_width: Int32(layer.width),
            stride: Int32(stride),
            output_channels: Int32(layer.outputs),
            gelu: gelu
        )
        filters = (0..<multiplier).map { [multiplier] nth in
            let packed = (0..<(window * channels)).map {
                layer.weight[($0 % channels * multiplier + nth) * window + $0 / channels]
            }
            let bias = (0..<channels).map { layer.bias[$0 * multiplier + nth] }
            return (weights.add(packed), weights.add(bias))
        }
    }

    func run(
        _ kernels: kernels,
        _ weights: PackedWeights,
        _ input: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>
    ) {
        for (nth, filter) in filters.enumerated() {
            withUnsafePointer(to: shape) {
                kernels.depthwise(
                    $0,
                    input,
                    weights[filter.weights],
                    weights[filter.bias],
                    output + nth * Int(shape.channels)
                )
            }
        }
    }
}

/// (outputs, inputs) in panels, and a bias.
struct PackedLinear {
    let weight: PackedWeights.Place
    let bias: PackedWeights.Place
    let outputs: Int
    let inputs: Int

    init(_ layer: Linear, into weights: inout PackedWeights.Builder) {
        weight = weights.add(panelsOf: layer)
        let padding = -layer.outputs & (Int(PANEL_WIDTH) - 1)
        bias = weights.add(layer.bias + repeatElement(0, count: padding))
        outputs = layer.outputs
        inputs = layer.inputs
    }

    /// output = input · weightᵀ + bias, then GELU, or added to what is there.
    func run(
        _ kernels: kernels,
        _ weights: PackedWeights,
        rows: Int,
        _ input: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        gelu: Bool = false,
        add: Bool = false
    ) {
        var shape = product_shape(
            rows: Int32(rows),
            inputs: Int32(inputs),
            outputs: Int32(outputs),
            input_stride: Int32(inputs),
            output_stride: Int32(outputs),
            gelu: gelu,
            add: add
        )
        kernels.product(&shape, input, weights[weight], weights[bias], output)
    }
}

struct PackedLayerNorm {
    private let weight: PackedWeights.Place
    private let bias: PackedWeights.Place
    private let epsilon: Float
    private let width: Int

    init(_ layer: LayerNorm, into weights: inout PackedWeights.Builder) {
        weight = weights.add(layer.weight)
        bias = weights.add(layer.bias)
        epsilon = layer.epsilon
        width = layer.weight.count
    }

    /// `input` and `output` may be one.
    func run(
        _ kernels: kernels,
        _ weights: PackedWeights,
        rows: Int,
        _ input: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>
    ) {
        kernels.layer_norm(Int32(rows), Int32(width), epsilon, weights[weight], weights[bias], input, output)
    }
}

struct PackedSqueezeExcite {
    let reduce: PackedLinear
    let expand: PackedLinear
}

/// The feed-forward's two linear layers, layer scale multiplied into the second.
struct PackedFeedForward {
    let depthwise: PackedDepthwise
    let expand: PackedLinear
    let project: PackedLinear

    init(_ layer: ConvolutionalFeedForward, scale: [Float], input: MapSize, into weights: inout PackedWeights.Builder) {
        depthwise = PackedDepthwise(layer.depthwise, input: input, into: &weights)
        expand = PackedLinear(layer.expand, into: &weights)
        project = PackedLinear(layer.project.scaled(by: scale), into: &weights)
    }
}

struct PackedMixerBlock {
    let mixer: PackedDepthwise
    let feedForward: PackedFeedForward

    init(_ block: RepMixerBlock, input: MapSize, into weights: inout PackedWeights.Builder) {
        mixer = PackedDepthwise(block.mixer, input: input, into: &weights)
        feedForward = PackedFeedForward(block.feedForward, scale: block.layerScale, input: input, into: &weights)
    }
}

/// Attention with a batch norm before it multiplied into the first matrix and layer scale into the last.
struct PackedAttentionBlock {
    /// A layer norm before it; nil where a batch norm is in the matrix.
    let norm: PackedLayerNorm?
    let queriesKeysValues: PackedLinear
    let projection: PackedLinear
    let feedForward: PackedFeedForward

    init(_ block: AttentionBlock, input: MapSize, into weights: inout PackedWeights.Builder) {
        var joined = block.queriesKeysValues
        switch block.norm {
        case .layer(let layer): norm = PackedLayerNorm(layer, into: &weights)
        case .batch(let affine):
            norm = nil
            for output in 0..<joined.outputs {
                for channel in 0..<joined.inputs {
                    let place = output * joined.inputs + channel
                    joined.bias[output] += joined.weight[place] * affine.shift[channel]
                    joined.weight[place] *= affine.scale[channel]
                }
            }
        }
        queriesKeysValues = PackedLinear(joined, into: &weights)
        projection = PackedLinear(block.projection.scaled(by: block.layerScale1), into: &weights)
        feedForward = PackedFeedForward(block.feedForward, scale: block.layerScale2, input: input, into: &weights)
    }
}

/// The extents of a feature map, channels last.
struct MapSize: Equatable {
    var height: Int
    var width: Int
    var channels: Int

    var pixels: Int { height * width }
    var count: Int { height * width * channels }
    var halved: MapSize { MapSize(height: (height + 1) / 2, width: (width + 1) / 2, channels: channels) }
}

extension Linear {
    /// The layer for inputs in blocks (see `PackedDepthwise`): column `nth · channels + c` is column
    /// `c · multiplier + nth` of this one.
    func readingBlocks(multiplier: Int) -> Linear {
        guard multiplier > 1 else { return self }
        var result = self
        let channels = inputs / multiplier
        for output in 0..<outputs {
            for input in 0..<inputs {
                result.weight[output * inputs + input] =
                    weight[output * inputs + input % channels * multiplier + input / channels]
            }
        }
        return result
    }

    /// The layer with its outputs in blocks.
    func writingBlocks(multiplier: Int) -> Linear {
        guard multiplier > 1 else { return self }
        var result = self
        let channels = outputs / multiplier
        for output in 0..<outputs {
            let from = output % channels * multiplier + output / channels
            result.bias[output] = bias[from]
            for input in 0..<inputs { result.weight[output * inputs + input] = weight[from * inputs + input] }
        }
        return result
    }
}

extension SqueezeExcite {
    func packedForBlocks(multiplier: Int, into weights: inout PackedWeights.Builder) -> PackedSqueezeExcite {
        PackedSqueezeExcite(
            reduce: PackedLinear(reduce.readingBlocks(multiplier: multiplier), into: &weights),
            expand: PackedLinear(expand.writingBlocks(multiplier: multiplier), into: &weights)
        )
    }
}
