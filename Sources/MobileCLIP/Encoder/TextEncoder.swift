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
    private let finalNorm: PackedLayerNorm
    private let projection: PackedLinear
    private let memory: TokenMemory

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
        finalNorm = PackedLayerNorm(tower.finalNorm, into: &builder)
        projection = PackedLinear(tower.projection, into: &builder)
        weights = PackedWeights(builder)
        memory = TokenMemory(tokens: tower.context, width: tower.width, widest: max(widest, projection.outputs))
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
        let (context, width, x) = (tower.context, tower.width, memory.x)
        let padded = tokens.prefix(context) + repeatElement(0, count: max(0, context - tokens.count))
        for (i, value) in tower.tokenEmbedding.rows(Array(padded)).enumerated() { x[i] = value + tower.positions[i] }

        for (index, layer) in layers.enumerated() {
            switch layer {
            case .mixer(let block): run(block)
            case .transformer(let layer): layer.run(kernels, weights, memory, isCausal: tower.isCausal)
            }
            observe("text.transformer.\(index)", x)
        }
        // The end token has the highest id; the first place of it is the sentence.
        let highest = padded.max() ?? 0
        let end = padded.firstIndex(of: highest) ?? 0
        finalNorm.run(kernels, weights, rows: 1, x + end * width, memory.normal)
        projection.run(kernels, weights, rows: 1, memory.normal, memory.hidden)
        return Array(UnsafeBufferPointer(start: memory.hidden, count: projection.outputs))
    }

    private func run(_ block: PackedMixerBlock) {
        let inner = block.feedForward
        block.mixer.run(kernels, weights, memory.x, memory.normal)
        inner.depthwise.run(kernels, weights, memory.normal, memory.mixed)
        memory.feedForward(kernels, weights, inner.expand, inner.project, from: memory.mixed, into: memory.normal)
        memory.x.update(from: memory.normal, count: tower.context * tower.width)
    }
}
