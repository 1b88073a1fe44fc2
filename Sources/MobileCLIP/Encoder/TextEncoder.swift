import COpenBLAS
import Kernels

/// Runs a text tower on one thread: prompts in, embeddings out.
///
/// Not Sendable: it belongs to the thread that uses it. It reads token embeddings from the mapped checkpoint.
public final class TextEncoder {
    private enum Layer {
        case mixer(PackedMixerBlock)
        case transformer(PackedTransformerLayer)
    }

    private let tower: TextTower
    /// Cuts its texts into tokens, and knows which of them it hears.
    public let tokenizer: Tokenizer
    private let kernels: kernels
    private let weights: PackedWeights
    private let layers: [Layer]
    private let finalWeight: PackedWeights.Place
    private let finalBias: PackedWeights.Place
    private let projection: PackedLinear
    private let arena: FloatArena
    private let x: UnsafeMutablePointer<Float>
    private let normal: UnsafeMutablePointer<Float>
    private let windowed: UnsafeMutablePointer<Float>
    private let hidden: UnsafeMutablePointer<Float>
    private let scores: UnsafeMutablePointer<Float>

    package init(tower: TextTower, instructionSet: Int = 0) {
        self.tower = tower
        tokenizer = tower.tokenizer
        kernels = (kernels_at(instructionSet) ?? kernels_best()).pointee
        let size = MapSize(height: 1, width: tower.context, channels: tower.width)
        var builder = PackedWeights.Builder()
        var widest = 3 * tower.width
        layers = tower.layers.map { layer in
            switch layer {
            case .mixer(let block):
                widest = max(widest, block.feedForward.expand.outputs)
                return .mixer(PackedMixerBlock(block, input: size, into: &builder))
            case .transformer(let layer):
                widest = max(widest, layer.expand.outputs)
                return .transformer(PackedTransformerLayer(layer, into: &builder))
            }
        }
        finalWeight = builder.add(tower.finalNorm.weight)
        finalBias = builder.add(tower.finalNorm.bias)
        projection = PackedLinear(tower.projection, into: &builder)
        weights = PackedWeights(builder)

        let sizes = [size.count, size.count, size.count, tower.context * widest, tower.context * tower.context]
            .map { ($0 + 15) & ~15 }
        arena = FloatArena(count: sizes.reduce(0, +))
        x = arena.start
        normal = x + sizes[0]
        windowed = normal + sizes[1]
        hidden = windowed + sizes[2]
        scores = hidden + sizes[3]
    }

    /// The length of its embeddings.
    public var embeddingWidth: Int { projection.outputs }

    /// The embedding of one text, not normalised. Texts of more tokens than the context are cut.
    public func encode(_ text: String) -> [Float] {
        encode(tokens: tokenizer.tokens(of: text)) { _, _ in }
    }

    /// - Parameters:
    ///   - tokens: as the tokenizer gives them, unpadded.
    ///   - observe: is given the output of every layer: its name in the published checkpoint, (context, width) values.
    package func encode(tokens: [Int], observe: (String, UnsafePointer<Float>) -> Void) -> [Float] {
        let (context, width) = (tower.context, tower.width)
        let padded = tokens.prefix(context) + repeatElement(0, count: max(0, context - tokens.count))
        for (i, value) in tower.tokenEmbedding.rows(Array(padded)).enumerated() { x[i] = value + tower.positions[i] }

        for (index, layer) in layers.enumerated() {
            switch layer {
            case .mixer(let block): run(block)
            case .transformer(let layer): run(layer)
            }
            observe("text.transformer.\(index)", x)
        }
        // The end token has the highest id; the first place of it is the sentence.
        let highest = padded.max() ?? 0
        let end = padded.firstIndex(of: highest) ?? 0
        kernels.layer_norm(
            1,
            Int32(width),
            LayerNorm.epsilon,
            weights[finalWeight],
            weights[finalBias],
            x + end * width,
            normal
        )
        projection.multiply(weights, rows: 1, normal, hidden)
        return Array(UnsafeBufferPointer(start: hidden, count: projection.outputs))
    }

    private func run(_ block: PackedMixerBlock) {
        let count = tower.context * tower.width
        block.mixer.run(kernels, weights, x, normal)
        block.feedForward.depthwise.run(kernels, weights, normal, windowed)
        feedForward(block.feedForward.expand, block.feedForward.project, from: windowed, into: normal)
        x.update(from: normal, count: count)
    }

    private func run(_ layer: PackedTransformerLayer) {
        let (context, width) = (tower.context, tower.width)
        norm(layer.attentionNorm)
        layer.queriesKeysValues.multiply(weights, rows: context, normal, hidden)
        kernels.add_bias(Int32(context), Int32(3 * width), weights[layer.queriesKeysValues.bias], hidden)
        attend(
            kernels,
            joined: hidden,
            tokens: context,
            width: width,
            headWidth: TransformerLayer.headWidth,
            scores: scores,
            output: windowed
        )
        layer.projection.multiply(weights, rows: context, windowed, x, accumulate: true)
        kernels.add_bias(Int32(context), Int32(width), weights[layer.projection.bias], x)
        norm(layer.feedForwardNorm)
        feedForward(layer.expand, layer.project, from: normal, into: x)
    }

    private func norm(_ layer: (weight: PackedWeights.Place, bias: PackedWeights.Place)) {
        kernels.layer_norm(
            Int32(tower.context),
            Int32(tower.width),
            LayerNorm.epsilon,
            weights[layer.weight],
            weights[layer.bias],
            x,
            normal
        )
    }

    /// output ← output + project(gelu(expand(input)))
    private func feedForward(
        _ expand: PackedLinear,
        _ project: PackedLinear,
        from input: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>
    ) {
        let rows = tower.context
        expand.multiply(weights, rows: rows, input, hidden)
        kernels.add_bias_gelu(Int32(rows), Int32(expand.outputs), weights[expand.bias], hidden)
        project.multiply(weights, rows: rows, hidden, output, accumulate: true)
        kernels.add_bias(Int32(rows), Int32(project.outputs), weights[project.bias], output)
    }
}

private struct PackedTransformerLayer {
    let attentionNorm: (weight: PackedWeights.Place, bias: PackedWeights.Place)
    let queriesKeysValues: PackedLinear
    let projection: PackedLinear
    let feedForwardNorm: (weight: PackedWeights.Place, bias: PackedWeights.Place)
    let expand: PackedLinear
    let project: PackedLinear

    init(_ layer: TransformerLayer, into weights: inout PackedWeights.Builder) {
        attentionNorm = (weights.add(layer.attentionNorm.weight), weights.add(layer.attentionNorm.bias))
        queriesKeysValues = PackedLinear(layer.queriesKeysValues, into: &weights)
        projection = PackedLinear(layer.projection, into: &weights)
        feedForwardNorm = (weights.add(layer.feedForwardNorm.weight), weights.add(layer.feedForwardNorm.bias))
        expand = PackedLinear(layer.expand, into: &weights)
        project = PackedLinear(layer.project, into: &weights)
    }
}
