import Foundation

/// Every layer once more, with plain loops over planes (channels, height, width): the definition that the fast path is
/// tested against. Not for use on a camera: a picture takes seconds.
package enum Reference {
    /// A picture or feature map of shape (channels, height, width).
    package struct Planes: Sendable, Equatable {
        package var channels: Int
        package var height: Int
        package var width: Int
        package var values: [Float]

        package init(channels: Int, height: Int, width: Int, values: [Float]? = nil) {
            self.channels = channels
            self.height = height
            self.width = width
            self.values = values ?? [Float](repeating: 0, count: channels * height * width)
        }

        subscript(channel: Int, y: Int, x: Int) -> Float {
            get { values[(channel * height + y) * width + x] }
            set { values[(channel * height + y) * width + x] = newValue }
        }
    }

    /// out(o, y, x) = bias(o) + Σ weight(o, i, ky, kx) · in(group(o) + i, y·stride + ky − padding, …), zeros outside.
    package static func convolve(_ input: Planes, _ layer: Convolution, stride: Int = 1) -> Planes {
        let groups = input.channels / layer.inputsPerGroup
        let outputsPerGroup = layer.outputs / groups
        let (padY, padX) = ((layer.height - 1) / 2, (layer.width - 1) / 2)
        var output = Planes(
            channels: layer.outputs,
            height: (input.height + stride - 1) / stride,
            width: (input.width + stride - 1) / stride
        )
        for o in 0..<layer.outputs {
            let firstInput = o / outputsPerGroup * layer.inputsPerGroup
            for y in 0..<output.height {
                for x in 0..<output.width {
                    var sum = layer.bias[o]
                    for i in 0..<layer.inputsPerGroup {
                        for ky in 0..<layer.height {
                            let iy = y * stride + ky - padY
                            guard iy >= 0, iy < input.height else { continue }
                            for kx in 0..<layer.width {
                                let ix = x * stride + kx - padX
                                guard ix >= 0, ix < input.width else { continue }
                                let weight = ((o * layer.inputsPerGroup + i) * layer.height + ky) * layer.width + kx
                                sum += layer.weight[weight] * input[firstInput + i, iy, ix]
                            }
                        }
                    }
                    output[o, y, x] = sum
                }
            }
        }
        return output
    }

    /// The linear layer at every pixel: a 1×1 convolution.
    package static func pointwise(_ input: Planes, _ layer: Linear) -> Planes {
        let pixels = input.height * input.width
        var output = Planes(channels: layer.outputs, height: input.height, width: input.width)
        for o in 0..<layer.outputs {
            for p in 0..<pixels { output.values[o * pixels + p] = layer.bias[o] }
            for i in 0..<layer.inputs {
                let weight = layer.weight[o * layer.inputs + i]
                for p in 0..<pixels { output.values[o * pixels + p] += weight * input.values[i * pixels + p] }
            }
        }
        return output
    }

    package static func linear(_ x: [Float], _ layer: Linear) -> [Float] {
        (0..<layer.outputs).map { o in
            (0..<layer.inputs).reduce(layer.bias[o]) { $0 + layer.weight[o * layer.inputs + $1] * x[$1] }
        }
    }

    /// x · Φ(x), with the normal distribution and not its tanh approximation.
    package static func gelu(_ x: Float) -> Float {
        Float(0.5 * Double(x) * (1 + erf(Double(x) / 2.0.squareRoot())))
    }

    package static func gelu(_ input: Planes) -> Planes {
        var output = input
        output.values = input.values.map(gelu)
        return output
    }

    package static func means(_ input: Planes) -> [Float] {
        let pixels = input.height * input.width
        return (0..<input.channels).map { channel in
            Float((0..<pixels).reduce(0.0) { $0 + Double(input.values[channel * pixels + $1]) } / Double(pixels))
        }
    }

    package static func squeezeExcite(_ input: Planes, _ layer: SqueezeExcite) -> Planes {
        let squeezed = linear(means(input), layer.reduce).map { max($0, 0) }
        let gates = linear(squeezed, layer.expand).map { 1 / (1 + exp(-$0)) }
        var output = input
        let pixels = input.height * input.width
        for i in output.values.indices { output.values[i] *= gates[i / pixels] }
        return output
    }

    /// (x + scale(channel) · y)
    package static func residual(_ x: Planes, _ y: Planes, scale: [Float]) -> Planes {
        var output = x
        let pixels = x.height * x.width
        for i in output.values.indices { output.values[i] += scale[i / pixels] * y.values[i] }
        return output
    }

    package static func layerNorm(_ x: [Float], _ layer: LayerNorm) -> [Float] {
        let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
        let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)
        let scale = 1 / (variance + Double(layer.epsilon)).squareRoot()
        return x.indices.map { Float((Double(x[$0]) - mean) * scale) * layer.weight[$0] + layer.bias[$0] }
    }

    package static func softmax(_ x: [Float]) -> [Float] {
        let most = x.max() ?? 0
        let powers = x.map { exp($0 - most) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }

    /// Multi-head attention over tokens, each (width); queries, keys and values lie side by side in `joined`.
    package static func attention(
        _ joined: [[Float]],
        width: Int,
        headWidth: Int,
        isCausal: Bool = false
    ) -> [[Float]] {
        var output = [[Float]](repeating: [Float](repeating: 0, count: width), count: joined.count)
        let scale = 1 / Float(headWidth).squareRoot()
        for head in stride(from: 0, to: width, by: headWidth) {
            for (t, token) in joined.enumerated() {
                let seen = isCausal ? joined[...t] : joined[...]
                let scores = seen.map { other in
                    (head..<(head + headWidth)).reduce(Float(0)) { $0 + scale * token[$1] * other[width + $1] }
                }
                for (other, share) in zip(seen, softmax(scores)) {
                    for c in head..<(head + headWidth) { output[t][c] += share * other[2 * width + c] }
                }
            }
        }
        return output
    }
}
