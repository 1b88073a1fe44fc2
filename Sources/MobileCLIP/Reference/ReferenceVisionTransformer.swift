extension Reference {
    /// Runs a vision transformer layer by layer.
    ///
    /// - Parameters:
    ///   - picture: (3, side, side), values 0…1.
    ///   - observe: is given the tokens after every layer, the class token first.
    /// - Returns: the embedding, not normalised.
    package static func embedding(
        of picture: Planes,
        _ tower: VisionTransformer,
        observe: (String, [[Float]]) -> Void = { _, _ in }
    ) -> [Float] {
        var map = picture
        for (index, patch) in tower.patches.enumerated() {
            map = patches(index == 0 ? map : gelu(map), patch, padding: index == 0 ? tower.padding : 0)
        }
        let pixels = map.height * map.width
        let width = tower.width
        let tokens = (0..<pixels).map { pixel in
            (0..<width).map { map.values[$0 * pixels + pixel] + tower.positions[pixel * width + $0] }
        }
        var x = [tower.classToken] + tokens
        if let norm = tower.firstNorm { x = x.map { layerNorm($0, norm) } }
        for (index, layer) in tower.layers.enumerated() {
            x = transformer(x, layer)
            observe("transformer.\(index)", x)
        }
        return linear(layerNorm(x[0], tower.finalNorm), tower.head)
    }

    /// A convolution whose stride is its window; `padding` zeros before the first row and column.
    private static func patches(_ input: Planes, _ layer: Convolution, padding: Int) -> Planes {
        let window = layer.height
        var output = Planes(channels: layer.outputs, height: input.height / window, width: input.width / window)
        for o in 0..<layer.outputs {
            for y in 0..<output.height {
                for x in 0..<output.width {
                    var sum = layer.bias[o]
                    for i in 0..<layer.inputsPerGroup {
                        for tap in 0..<(window * window) {
                            let (row, column) = (
                                y * window + tap / window - padding, x * window + tap % window - padding
                            )
                            guard row >= 0, column >= 0 else { continue }
                            let weight = layer.weight[(o * layer.inputsPerGroup + i) * window * window + tap]
                            sum += weight * input[i, row, column]
                        }
                    }
                    output[o, y, x] = sum
                }
            }
        }
        return output
    }
}
