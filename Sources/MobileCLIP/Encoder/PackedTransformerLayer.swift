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
        queriesKeysValues.multiply(weights, rows: tokens, memory.normal, memory.hidden)
        kernels.add_bias(Int32(tokens), Int32(3 * width), weights[queriesKeysValues.bias], memory.hidden)
        attend(
            kernels,
            joined: memory.hidden,
            tokens: tokens,
            width: width,
            headWidth: TransformerLayer.headWidth,
            isCausal: isCausal,
            scores: memory.scores,
            output: memory.mixed
        )
        projection.multiply(weights, rows: tokens, memory.mixed, memory.x, accumulate: true)
        kernels.add_bias(Int32(tokens), Int32(width), weights[projection.bias], memory.x)
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
    /// tokens × tokens.
    let scores: UnsafeMutablePointer<Float>

    /// - Parameter widest: the most channels of a token inside a layer.
    init(tokens: Int, width: Int, widest: Int) {
        self.tokens = tokens
        self.width = width
        let sizes = [tokens * width, tokens * width, tokens * width, tokens * widest, tokens * tokens]
            .map { ($0 + 15) & ~15 }
        arena = FloatArena(count: sizes.reduce(0, +))
        x = arena.start
        normal = x + sizes[0]
        mixed = normal + sizes[1]
        hidden = mixed + sizes[2]
        scores = hidden + sizes[3]
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
        expand.multiply(weights, rows: tokens, input, hidden)
        kernels.add_bias_gelu(Int32(tokens), Int32(expand.outputs), weights[expand.bias], hidden)
        project.multiply(weights, rows: tokens, hidden, output, accumulate: true)
        kernels.add_bias(Int32(tokens), Int32(project.outputs), weights[project.bias], output)
    }
}
