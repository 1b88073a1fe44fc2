import Kernels

/// Runs a vision transformer. Everything it needs is allocated in `init`; encoding allocates nothing.
final class VisionTransformerEncoder {
    private let tower: PackedVisionTransformer
    private let kernels: kernels
    private let memory: TokenMemory
    private let arena: FloatArena
    /// The values of a convolution's windows.
    private let windows: UnsafeMutablePointer<Float>
    /// The map between two convolutions of the stem.
    private let map: UnsafeMutablePointer<Float>

    init(tower: PackedVisionTransformer, kernels: kernels) {
        self.tower = tower
        self.kernels = kernels
        memory = TokenMemory(tokens: tower.tokens, width: tower.width, widest: tower.widest)
        let size = (tower.largestWindows + 15) & ~15
        arena = FloatArena(count: size + tower.largestMap)
        windows = arena.start
        map = windows + size
    }

    /// As `ImageEncoder` has it.
    func encode(
        _ pixels: [UInt8],
        into embedding: inout [Float],
        observe: (String, (height: Int, width: Int, channels: Int), UnsafePointer<Float>) -> Void
    ) {
        let (width, weights) = (tower.width, tower.weights)
        let tokens = memory.x + width
        stem(pixels, into: tokens)
        let side = tower.patches.last?.side ?? 0
        observe("patch_embed", (side, side, width), tokens)

        let (classToken, positions) = (weights[tower.classToken], weights[tower.positions])
        memory.x.update(from: classToken, count: width)
        for i in 0..<((memory.tokens - 1) * width) { tokens[i] += positions[i] }
        tower.firstNorm?.run(kernels, weights, rows: memory.tokens, memory.x, memory.x)
        for (index, layer) in tower.layers.enumerated() {
            layer.run(kernels, weights, memory)
            observe("transformer.\(index)", (1, memory.tokens, width), memory.x)
        }

        tower.finalNorm.run(kernels, weights, rows: 1, memory.x, memory.normal)
        tower.head.run(kernels, weights, rows: 1, memory.normal, memory.hidden)
        embedding.removeAll(keepingCapacity: true)
        embedding.append(contentsOf: UnsafeBufferPointer(start: memory.hidden, count: tower.embeddingWidth))
    }

    /// The stem's convolutions, GELU between; the last one's map goes to `tokens`.
    private func stem(_ pixels: [UInt8], into tokens: UnsafeMutablePointer<Float>) {
        for (index, patches) in tower.patches.enumerated() {
            let isLast = index + 1 == tower.patches.count
            let output = isLast ? tokens : map
            let channels = patches.layer.inputs / (patches.window * patches.window)
            if index == 0 {
                pixels.withUnsafeBufferPointer { picture in
                    guard let start = picture.baseAddress else { return }
                    gather(patches, channels: channels, from: start) { from, to, count in
                        for i in 0..<count { to[i] = Float(from[i]) }
                    }
                }
            } else {
                gather(patches, channels: channels, from: UnsafePointer(map)) { from, to, count in
                    to.update(from: from, count: count)
                }
            }
            let rows = patches.side * patches.side
            patches.layer.run(kernels, tower.weights, rows: rows, windows, output, gelu: !isLast)
        }
    }

    /// Puts each window's values one behind the other.
    ///
    /// - Parameter copy: of a row of a window: from, to, how many values.
    private func gather<Value>(
        _ patches: PackedVisionTransformer.Patches,
        channels: Int,
        from input: UnsafePointer<Value>,
        copy: (UnsafePointer<Value>, UnsafeMutablePointer<Float>, Int) -> Void
    ) {
        let (window, padding) = (patches.window, patches.padding)
        let row = patches.side * window * channels
        var target = windows
        for y in 0..<patches.side {
            for x in 0..<patches.side {
                // Of the first windows, the beginning lies in the padding.
                let left = x * window - padding
                let outside = max(-left, 0) * channels
                for inner in 0..<window {
                    let line = y * window + inner - padding
                    let zeros = line < 0 ? window * channels : outside
                    target.update(repeating: 0, count: zeros)
                    if line >= 0 {
                        let start = input + line * row + left * channels + zeros
                        copy(start, target + zeros, window * channels - zeros)
                    }
                    target += window * channels
                }
            }
        }
    }
}
