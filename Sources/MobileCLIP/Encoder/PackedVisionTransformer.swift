import Kernels

/// A vision transformer with its weights packed.
struct PackedVisionTransformer: Sendable {
    /// A convolution whose stride is its window: a matrix product of the windows' values, in the order row, column, channel.
    struct Patches {
        let window: Int
        let layer: PackedLinear
        /// Windows along a side of the map that it makes.
        let side: Int
        /// How far outside of the map the first window begins.
        let padding: Int
    }

    let side: Int
    let embeddingWidth: Int
    let width: Int
    let weights: PackedWeights
    let patches: [Patches]
    let classToken: PackedWeights.Place
    let positions: PackedWeights.Place
    let firstNorm: PackedLayerNorm?
    let layers: [PackedTransformerLayer]
    let finalNorm: PackedLayerNorm
    let head: PackedLinear
    /// The most floats of the windows' values, and of a map between the stem's convolutions.
    let largestWindows: Int
    let largestMap: Int
    /// The most channels of a token inside a layer.
    let widest: Int

    /// Tokens, the class token included.
    var tokens: Int { 1 + (patches.last.map { $0.side * $0.side } ?? 0) }

    init(_ tower: VisionTransformer) {
        var weights = PackedWeights.Builder()
        side = tower.side
        width = tower.width
        var mapSide = tower.side
        var (windows, maps) = (0, 0)
        patches = tower.patches.enumerated().map { index, convolution in
            mapSide /= convolution.height
            let layer = PackedLinear(convolution.overWindows(dividedBy: index == 0 ? 255 : 1), into: &weights)
            windows = max(windows, mapSide * mapSide * layer.inputs)
            maps = max(maps, mapSide * mapSide * layer.outputs)
            let padding = index == 0 ? tower.padding : 0
            return Patches(window: convolution.height, layer: layer, side: mapSide, padding: padding)
        }
        (largestWindows, largestMap) = (windows, maps)
        classToken = weights.add(tower.classToken)
        positions = weights.add(tower.positions)
        firstNorm = tower.firstNorm.map { PackedLayerNorm($0, into: &weights) }
        layers = tower.layers.map { PackedTransformerLayer($0, into: &weights) }
        finalNorm = PackedLayerNorm(tower.finalNorm, into: &weights)
        head = PackedLinear(tower.head, into: &weights)
        embeddingWidth = tower.head.outputs
        widest = max(3 * tower.width, embeddingWidth, tower.layers.map(\.expand.outputs).max() ?? 0)
        self.weights = PackedWeights(weights)
    }
}

extension Convolution {
    /// The layer as a linear one over a window's values, channels last.
    ///
    /// - Parameter divisor: what the input is to be divided by, once and for all here.
    fileprivate func overWindows(dividedBy divisor: Float) -> Linear {
        let inputs = inputsPerGroup * height * width
        var result = Linear(weight: weight, bias: bias, outputs: outputs, inputs: inputs)
        for output in 0..<outputs {
            for input in 0..<inputs {
                let (tap, channel) = (input / inputsPerGroup, input % inputsPerGroup)
                result.weight[output * inputs + input] =
                    weight[output * inputs + channel * height * width + tap] / divisor
            }
        }
        return result
    }
}
