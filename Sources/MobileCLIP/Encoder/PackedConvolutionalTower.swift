import Kernels

/// An MCi tower with its weights packed for the kernels.
struct PackedConvolutionalTower: Sendable {
    /// The side of the square pictures that it takes, in pixels.
    let side: Int
    /// The length of its embeddings.
    let embeddingWidth: Int

    enum Step {
        case mixers([PackedMixerBlock])
        case downsample(PackedDepthwise, PackedSqueezeExcite?, PackedLinear)
        case positions(PackedDepthwise)
        case attention([PackedAttentionBlock])
    }

    let weights: PackedWeights
    let stemWeights: PackedWeights.Place
    let stemBias: PackedWeights.Place
    let stemChannels: Int
    let stemDepthwise: PackedDepthwise
    let stemPointwise: PackedLinear
    /// Every step with the size of the map that it takes.
    let trunk: [(input: MapSize, step: Step)]
    let expansion: PackedDepthwise
    let expansionGates: PackedSqueezeExcite
    let expansionSize: MapSize
    let head: PackedLinear
    /// The most floats that any feature map of the tower needs.
    let largestMap: Int
    /// The most channels that any feed-forward or attention works with inside.
    let widestHidden: Int

    init(_ tower: ConvolutionalTower, side: Int) {
        var weights = PackedWeights.Builder()
        self.side = side
        stemChannels = tower.stemDense.outputs
        var size = MapSize(height: side, width: side, channels: 3).halved
        size.channels = stemChannels
        var largest = size.count
        var widest = 0

        // (row, column, colour) outermost, channels innermost; 8-bit pixels are divided by 255 here, once.
        stemWeights = weights.add(
            (0..<(27 * size.channels)).map { [channels = size.channels] in
                let (tap, output) = ($0 / channels, $0 % channels)
                return tower.stemDense.weight[(output * 3 + tap % 3) * 9 + tap / 3] / 255
            }
        )
        stemBias = weights.add(tower.stemDense.bias)
        stemDepthwise = PackedDepthwise(tower.stemDepthwise, input: size, stride: 2, gelu: true, into: &weights)
        size = size.halved
        stemPointwise = PackedLinear(tower.stemPointwise, into: &weights)
        size.channels = stemPointwise.outputs

        var trunk: [(MapSize, Step)] = []
        for step in tower.trunk {
            let input = size
            switch step {
            case .mixers(let blocks):
                trunk.append((input, .mixers(blocks.map { PackedMixerBlock($0, input: input, into: &weights) })))
                widest = max(widest, blocks.map(\.feedForward.expand.outputs).max() ?? 0)
            case .positions(let encoding):
                trunk.append((input, .positions(PackedDepthwise(encoding, input: input, into: &weights))))
            case .attention(let blocks):
                trunk.append((input, .attention(blocks.map { PackedAttentionBlock($0, input: input, into: &weights) })))
                widest = max(widest, blocks.map(\.feedForward.expand.outputs).max() ?? 0, 3 * input.channels)
            case .downsample(let layer):
                let gates = layer.squeezeExcite
                let depthwise = PackedDepthwise(
                    layer.depthwise,
                    input: input,
                    stride: 2,
                    gelu: gates == nil,
                    into: &weights
                )
                let packedGates = gates?.packedForBlocks(multiplier: depthwise.multiplier, into: &weights)
                let pointwise = layer.pointwise.readingBlocks(multiplier: depthwise.multiplier)
                trunk.append((input, .downsample(depthwise, packedGates, PackedLinear(pointwise, into: &weights))))
                size = size.halved
                size.channels = max(layer.depthwise.outputs, layer.pointwise.outputs)
                largest = max(largest, size.count)
                size.channels = layer.pointwise.outputs
            }
            largest = max(largest, size.count)
        }
        self.trunk = trunk

        expansion = PackedDepthwise(tower.expansion, input: size, into: &weights)
        expansionGates = tower.expansionGates.packedForBlocks(multiplier: expansion.multiplier, into: &weights)
        size.channels = tower.expansion.outputs
        expansionSize = size
        head = PackedLinear(tower.head.readingBlocks(multiplier: expansion.multiplier), into: &weights)
        embeddingWidth = head.outputs
        largestMap = max(largest, size.count)
        widestHidden = widest
        self.weights = PackedWeights(weights)
    }
}
