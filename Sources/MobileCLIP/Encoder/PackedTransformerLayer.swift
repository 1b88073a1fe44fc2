import Kernels

/// A transformer layer of either tower, as places in `PackedWeights`.
struct PackedTransformerLayer {
    private let attentionNorm: PackedLayerNorm
    private let queriesKeysValues: PackedLinear
    private let projection: PackedLinear
    private let feedForwardNorm: PackedLayerNorm
    private let expand: PackedLinear
    private let project: PackedLinear

    init(_ layer: TransformerLayer, into weights: inout PackedWeights.Builder) {
        attentionNorm = PackedLayerNorm(layer.attentionNorm, into: &weights)
        queriesKeysValues = PackedLinear(layer.queriesKeysValues, into: &weights)
        projection = PackedLinear(layer.projection, into: &weights)
        feedForwardNorm = PackedLayerNorm(layer.feedForwardNorm, into: &weights)
        expand = PackedLinear(layer.expand, into: &weights)
        project = PackedLinear(layer.project, into: &weights)
    }

    /// x ← x + attention(norm(x)); x ← x + feed-forward(norm(x)).
    func run(_ kernels: kernels, _ weights: PackedWeights, _ memory: TokenMemory, isCausal: Bool = false) {
        let (tokens, width) = (memory.tokens, memory.width)
        attentionNorm.run(kernels, weights, rows: tokens, memory.x, memory.normal)
        queriesKeysValues.run(kernels, weights, rows: tokens, memory.normal, memory.hidden)
        attend(
            kernels,
            joined: memory.hidden,
            tokens: tokens,
            width: width,
            headWidth: TransformerLayer.headWidth,
            isCausal: isCausal,
            memory: memory.attention,
            output: memory.mixed
        )
        projection.run(kernels, weights, rows: tokens, memory.mixed, memory.x, add: true)
        feedForwardNorm.run(kernels, weights, rows: tokens, memory.x, memory.normal)
        memory.feedForward(kernels, weights, expand, project, from: memory.normal, into: memory.x)
    }
}

/// Where the layers over a sequence of tokens work. Everything is allocated in `init`.
final class TokenMemory {
    let tokens: Int
    /// Channels of a token.
    let width: Int
    private let arena: FloatArena
    /// tokens × width: the sequence itself.
    let x: UnsafeMutablePointer<Float>
    /// tokens × width: what has been normalised.
    let normal: UnsafeMutablePointer<Float>
    /// tokens × width: what attention or a convolution has mixed.
    let mixed: UnsafeMutablePointer<Float>
    /// tokens × widest: the inside of a layer.
    let hidden: UnsafeMutablePointer<Float>
    /// As `AttentionMemory` has it.
    let attention: UnsafeMutablePointer<Float>

    /// - Parameter widest: the most channels of a token inside a layer.
    init(tokens: Int, width: Int, widest: Int) {
        self.tokens = tokens
        self.width = width
        let attentionFloats = AttentionMemory.count(tokens: tokens, headWidth: TransformerLayer.headWidth)
        let sizes = [tokens * width, tokens * width, tokens * width, tokens * widest, attentionFloats]
            .map { ($0 + 15) & ~15 }
        arena = FloatArena(count: sizes.reduce(0, +))
        x = arena.start
        normal = x + sizes[0]
        mixed = normal + sizes[1]
        hidden = mixed + sizes[2]
        attention = hidden + sizes[3]
    }

    /// output ← output + project(gelu(expand(input)))
    func feedForward(
        _ kernels: kernels,
        _ weights: PackedWeights,
        _ expand: PackedLinear,
        _ project: PackedLinear,
        from input: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>
    ) {
        expand.run(kernels, weights, rows: tokens, input, hidden, gelu: true)
        project.run(kernels, weights, rows: tokens, hidden, output, add: true)
    }
}
