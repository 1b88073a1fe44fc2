import Kernels

/// Runs an MCi tower. Everything it needs is allocated in `init`; encoding allocates nothing.
final class ConvolutionalEncoder {
    private let tower: PackedConvolutionalTower
    private let kernels: kernels
    private let arena: FloatArena
    // Places in the arena: the feature map, two to work in, the wide inside of a block, attention scores, vectors.
    private var map: UnsafeMutablePointer<Float>
    private var mixed: UnsafeMutablePointer<Float>
    private let windowed: UnsafeMutablePointer<Float>
    private let hidden: UnsafeMutablePointer<Float>
    private let scores: UnsafeMutablePointer<Float>
    private let means: UnsafeMutablePointer<Float>
    private let gates: UnsafeMutablePointer<Float>
    private let result: UnsafeMutablePointer<Float>
    /// Pixels that pass through a feed-forward at a time, so that the wide values between its layers stay in the cache.
    private static let tile = 512

    init(tower: PackedConvolutionalTower, kernels: kernels) {
        self.tower = tower
        self.kernels = kernels
        let attentionPixels = tower.trunk.map { if case .attention = $0.step { $0.input.pixels } else { 0 } }.max() ?? 0
        let widest = max(tower.expansionSize.channels, tower.embeddingWidth, tower.widestHidden)
        let sizes = [
            tower.largestMap, tower.largestMap, max(tower.largestMap, 9 * (tower.side + 2)),
            tower.widestHidden * max(Self.tile, attentionPixels),
            AttentionMemory.count(tokens: attentionPixels, headWidth: AttentionBlock.headWidth),
            widest, widest, widest,
        ].map { ($0 + 15) & ~15 }
        arena = FloatArena(count: sizes.reduce(0, +))
        var places = [arena.start]
        for size in sizes.dropLast() { places.append(places[places.count - 1] + size) }
        (map, mixed, windowed, hidden) = (places[0], places[1], places[2], places[3])
        (scores, means, gates, result) = (places[4], places[5], places[6], places[7])
    }

    /// As `ImageEncoder` has it.
    func encode(
        _ pixels: [UInt8],
        into embedding: inout [Float],
        observe: (String, (height: Int, width: Int, channels: Int), UnsafePointer<Float>) -> Void
    ) {
        var size = stem(pixels)
        observe("patch_embed", (size.height, size.width, size.channels), map)
        for (index, entry) in tower.trunk.enumerated() {
            switch entry.step {
            case .mixers(let blocks): for block in blocks { run(block, size) }
            case .attention(let blocks): for block in blocks { run(block, size) }
            case .positions(let encoding):
                encoding.run(kernels, tower.weights, map, mixed)
                swap(&map, &mixed)
            case .downsample(let depthwise, let gates, let pointwise):
                size = downsample(depthwise, gates, pointwise, size)
            }
            observe("network.\(index)", (size.height, size.width, size.channels), map)
        }
        expand()
        observe(
            "conv_exp",
            (tower.expansionSize.height, tower.expansionSize.width, tower.expansionSize.channels),
            mixed
        )

        kernels.column_means(Int32(tower.expansionSize.pixels), Int32(tower.expansionSize.channels), mixed, means)
        tower.head.run(kernels, tower.weights, rows: 1, means, result)
        embedding.removeAll(keepingCapacity: true)
        embedding.append(contentsOf: UnsafeBufferPointer(start: result, count: tower.embeddingWidth))
    }

    // MARK: Stages

    private func stem(_ pixels: [UInt8]) -> MapSize {
        let side = tower.side
        var size = MapSize(height: side, width: side, channels: tower.stemChannels).halved
        pixels.withUnsafeBufferPointer { picture in
            guard let start = picture.baseAddress else { return }
            kernels.stem(
                Int32(side),
                Int32(side),
                Int32(tower.stemChannels),
                start,
                tower.weights[tower.stemWeights],
                tower.weights[tower.stemBias],
                windowed,
                mixed
            )
        }
        tower.stemDepthwise.run(kernels, tower.weights, mixed, windowed)
        size = size.halved
        size.channels = tower.stemPointwise.outputs
        tower.stemPointwise.run(kernels, tower.weights, rows: size.pixels, windowed, map, gelu: true)
        return size
    }

    private func run(_ block: PackedMixerBlock, _ size: MapSize) {
        block.mixer.run(kernels, tower.weights, map, mixed)
        feedForward(block.feedForward, size, mixed)
        swap(&map, &mixed)
    }

    private func run(_ block: PackedAttentionBlock, _ size: MapSize) {
        let weights = tower.weights
        var input = UnsafePointer(map)
        if let norm = block.norm {
            norm.run(kernels, weights, rows: size.pixels, map, mixed)
            input = UnsafePointer(mixed)
        }
        block.queriesKeysValues.run(kernels, weights, rows: size.pixels, input, hidden)
        attend(
            kernels,
            joined: hidden,
            tokens: size.pixels,
            width: size.channels,
            headWidth: AttentionBlock.headWidth,
            memory: scores,
            output: mixed
        )
        block.projection.run(kernels, weights, rows: size.pixels, mixed, map, add: true)
        feedForward(block.feedForward, size, map)
    }

    /// x ← x + project(gelu(expand(depthwise(x)))), a tile of pixels at a time.
    private func feedForward(_ layer: PackedFeedForward, _ size: MapSize, _ x: UnsafeMutablePointer<Float>) {
        layer.depthwise.run(kernels, tower.weights, x, windowed)
        for first in stride(from: 0, to: size.pixels, by: Self.tile) {
            let rows = min(Self.tile, size.pixels - first)
            let place = first * size.channels
            layer.expand.run(kernels, tower.weights, rows: rows, windowed + place, hidden, gelu: true)
            layer.project.run(kernels, tower.weights, rows: rows, hidden, x + place, add: true)
        }
    }

    private func downsample(
        _ depthwise: PackedDepthwise,
        _ gates: PackedSqueezeExcite?,
        _ pointwise: PackedLinear,
        _ input: MapSize
    ) -> MapSize {
        depthwise.run(kernels, tower.weights, map, mixed)
        var size = input.halved
        size.channels = pointwise.inputs
        if let gates { squeezeExciteGELU(gates, size, mixed) }
        pointwise.run(kernels, tower.weights, rows: size.pixels, mixed, map, gelu: true)
        size.channels = pointwise.outputs
        return size
    }

    private func expand() {
        tower.expansion.run(kernels, tower.weights, map, mixed)
        squeezeExciteGELU(tower.expansionGates, tower.expansionSize, mixed)
    }

    // MARK: Layers

    private func squeezeExciteGELU(_ layer: PackedSqueezeExcite, _ size: MapSize, _ x: UnsafeMutablePointer<Float>) {
        kernels.column_means(Int32(size.pixels), Int32(size.channels), x, means)
        layer.reduce.run(kernels, tower.weights, rows: 1, means, result)
        for i in 0..<layer.reduce.outputs { result[i] = max(result[i], 0) }
        layer.expand.run(kernels, tower.weights, rows: 1, result, gates)
        for i in 0..<layer.expand.outputs { gates[i] = sigmoid(gates[i]) }
        kernels.scale_gelu(Int32(size.pixels), Int32(size.channels), gates, x)
    }
}
