// Structural reparameterization: the parallel branches that a block is trained with become one convolution.
// MobileOne §3.2 and FastViT §3; all arithmetic in float32, in the order of the published code, denormals kept.

extension WeightReader {
    private static let batchNormEpsilon: Float = 1e-5

    /// A batch norm as a scale and a shift per channel.
    func batchNorm(_ name: String, channels: Int) throws(ModelError) -> ChannelAffine {
        let gamma = try floats(name + ".weight", [channels])
        let beta = try floats(name + ".bias", [channels])
        let mean = try floats(name + ".running_mean", [channels])
        let variance = try floats(name + ".running_var", [channels])
        if let place = variance.firstIndex(where: { $0 < 0 }) {
            throw problem(
                "tensor \(name).running_var holds \(variance[place]) at element \(place); a variance is never negative"
            )
        }
        let scale = zip(gamma, variance).map { $0 / ($1 + Self.batchNormEpsilon).squareRoot() }
        let shift = (0..<channels).map { beta[$0] - mean[$0] * scale[$0] }
        guard scale.allSatisfy(\.isFinite), shift.allSatisfy(\.isFinite) else {
            throw problem("the batch norm \(name) overflows; the checkpoint is damaged")
        }
        return ChannelAffine(scale: scale, shift: shift)
    }

    /// A convolution `NAME.conv` without bias and the batch norm behind it, `NAME.bn` in most places.
    func convolutionAndNorm(_ name: String, norm: String = ".bn") throws(ModelError) -> Convolution {
        let shape = try self.shape(name + ".conv.weight")
        guard shape.count == 4 else {
            throw problem("tensor \(name).conv.weight has the shape \(shape)")
        }
        var weight = try floats(name + ".conv.weight", shape)
        let norm = try batchNorm(name + norm, channels: shape[0])
        let perOutput = shape[1] * shape[2] * shape[3]
        for i in weight.indices { weight[i] *= norm.scale[i / perOutput] }
        return Convolution(
            weight: weight,
            bias: norm.shift,
            outputs: shape[0],
            inputsPerGroup: shape[1],
            height: shape[2],
            width: shape[3]
        )
    }

    /// A branch beside `main`: as many channels, a window no larger.
    private func branch(_ name: String, of main: Convolution) throws(ModelError) -> Convolution {
        let branch = try convolutionAndNorm(name)
        guard branch.outputs == main.outputs, branch.inputsPerGroup == main.inputsPerGroup,
            branch.height <= main.height, branch.width <= main.width
        else {
            throw problem(
                "\(name) is a convolution of shape \(branch.shape), which does not fit the one of \(main.shape) beside it"
            )
        }
        return branch
    }

    /// A convolution with bias, as folded checkpoints and the positional encodings have it, or without.
    func convolution(_ name: String, bias: Bool = true) throws(ModelError) -> Convolution {
        let shape = try self.shape(name + ".weight")
        guard shape.count == 4 else {
            throw problem("tensor \(name).weight has the shape \(shape)")
        }
        return Convolution(
            weight: try floats(name + ".weight", shape),
            bias: bias ? try floats(name + ".bias", [shape[0]]) : [Float](repeating: 0, count: shape[0]),
            outputs: shape[0],
            inputsPerGroup: shape[1],
            height: shape[2],
            width: shape[3]
        )
    }

    /// A MobileOne block: k×k convolutions, a 1×1 scale branch and an identity branch, each with its batch norm.
    /// Already folded, it is `NAME.reparam_conv`.
    package func mobileOne(_ name: String) throws(ModelError) -> Convolution {
        if has(name + ".reparam_conv.weight") { return try convolution(name + ".reparam_conv") }
        let kernels = "\(name).\(names.kernels)"
        let (scale, skip) = ("\(name).\(names.scale)", "\(name).\(names.skip)")
        var folded = try convolutionAndNorm(kernels + ".0")
        var branch = 1
        while has("\(kernels).\(branch).conv.weight") {
            folded.add(try self.branch("\(kernels).\(branch)", of: folded))
            branch += 1
        }
        if has(scale + ".conv.weight") { folded.add(try self.branch(scale, of: folded)) }
        if has(skip + ".weight") { folded.add(try identityAndNorm(skip, like: folded)) }
        return folded
    }

    /// A RepMixer: x + layerScale · (mixer(x) − norm(x)), where norm is a MobileOne block with an identity branch only.
    func repMixer(_ name: String) throws(ModelError) -> Convolution {
        if has(name + ".reparam_conv.weight") { return try convolution(name + ".reparam_conv") }
        let mixer = try mobileOne(name + ".mixer")
        let norm = try identityAndNorm("\(name).norm.\(names.skip)", like: mixer)
        let layerScale = try self.layerScale(name + ".layer_scale", channels: mixer.outputs)
        var folded = identity(like: mixer)
        folded.add(mixer) { layerScale[$0] }
        folded.add(norm) { -layerScale[$0] }
        return folded
    }

    /// FastViT's large-kernel block: a 7×7 and a 3×3 depthwise convolution, each with its batch norm.
    func largeKernel(_ name: String) throws(ModelError) -> Convolution {
        let alone = "\(name).\(names.foldedLargeKernel)"
        if has(alone + ".weight") { return try convolution(alone) }
        var folded = try convolutionAndNorm("\(name).\(names.largeKernel)")
        if has(name + ".small_conv.conv.weight") { folded.add(try branch(name + ".small_conv", of: folded)) }
        return folded
    }

    /// The conditional positional encoding, with the x of x + depthwise(x) folded in.
    func positionalEncoding(_ name: String) throws(ModelError) -> Convolution {
        if has(name + ".reparam_conv.weight") { return try convolution(name + ".reparam_conv") }
        var folded = try convolution("\(name).\(names.positions)")
        folded.add(identity(like: folded))
        return folded
    }

    func layerScale(_ name: String, channels: Int) throws(ModelError) -> [Float] {
        let name = name + names.layerScale
        let shape = try self.shape(name)
        return try floats(name, [channels] + shape.dropFirst().map { _ in 1 })
    }

    /// A 1×1 convolution seen as a linear layer.
    package func linear(_ convolution: Convolution, _ name: String) throws(ModelError) -> Linear {
        guard convolution.height == 1, convolution.width == 1 else {
            throw problem("\(name) is not a 1×1 convolution")
        }
        return Linear(
            weight: convolution.weight,
            bias: convolution.bias,
            outputs: convolution.outputs,
            inputs: convolution.inputsPerGroup
        )
    }

    /// The identity as a convolution of the given one's shape: 1 at the centre, from each channel to itself.
    private func identity(like shape: Convolution) -> Convolution {
        var weight = [Float](repeating: 0, count: shape.weight.count)
        let window = shape.height * shape.width
        for output in 0..<shape.outputs {
            weight[(output * shape.inputsPerGroup + output % shape.inputsPerGroup) * window + window / 2] = 1
        }
        return Convolution(
            weight: weight,
            bias: [Float](repeating: 0, count: shape.outputs),
            outputs: shape.outputs,
            inputsPerGroup: shape.inputsPerGroup,
            height: shape.height,
            width: shape.width
        )
    }

    private func identityAndNorm(_ name: String, like shape: Convolution) throws(ModelError) -> Convolution {
        let norm = try batchNorm(name, channels: shape.outputs)
        var folded = identity(like: shape)
        let perOutput = shape.weight.count / shape.outputs
        for i in folded.weight.indices { folded.weight[i] *= norm.scale[i / perOutput] }
        folded.bias = norm.shift
        return folded
    }
}
