/// Holds every folded convolution of a checkpoint to the branches that it was folded from.
///
/// Folding is linear, so that one random window of input for each output is enough: the branches are evaluated as they
/// were trained, in double precision, straight from the file's tensors, and share no code with what folds them.
package struct FoldingCheck {
    /// How many convolutions were compared.
    package private(set) var count = 0
    /// The largest difference, as a share of the magnitude of what was added up; about 1e-7 where all is well.
    package private(set) var worst = 0.0
    /// Where it was.
    package private(set) var worstName: String?

    private let checkpoint: Checkpoint

    /// Compares all of them.
    ///
    /// - Parameter reader: folds them.
    package init(_ checkpoint: Checkpoint, _ reader: WeightReader) throws(ModelError) {
        self.checkpoint = checkpoint
        for (name, kind) in Self.folded(in: checkpoint.tensors.keys) {
            let (convolution, branches): (Convolution, Branches) =
                switch kind {
                case .kernels: (try reader.mobileOne(name), try mobileOne(name))
                case .mixer: (try reader.repMixer(name), try repMixer(name))
                case .largeKernel: (try reader.largeKernel(name), try largeKernel(name))
                case .normed(let norm): (try reader.convolutionAndNorm(name, norm: norm), [try normed(name, norm)])
                }
            compare(convolution, branches, name)
        }
    }

    // MARK: What is folded

    private enum Kind {
        /// A MobileOne block: k×k branches, a 1×1 one, the identity.
        case kernels
        /// A RepMixer.
        case mixer
        /// FastViT's large kernel beside a small one.
        case largeKernel
        /// One convolution and its batch norm, which ends so.
        case normed(String)
    }

    /// The names that the branches begin with, by what ends them: in Apple's layout, and in timm's.
    private static let marks: [(ending: String, kind: Kind)] = [
        (".rbr_conv.0.conv.weight", .kernels), (".conv_kxk.0.conv.weight", .kernels),
        (".norm.rbr_skip.weight", .mixer), (".norm.identity.weight", .mixer),
        (".lkb_origin.conv.weight", .largeKernel), (".large_conv.conv.weight", .largeKernel),
    ]

    /// The last part of the names of branches that are not alone.
    private static let beside = ["rbr_scale", "conv_scale", "small_conv"]

    private static func folded(in names: some Sequence<String>) -> [(name: String, kind: Kind)] {
        let all = Set(names)
        return all.sorted().compactMap { name in
            if let mark = marks.first(where: { name.hasSuffix($0.ending) }) {
                return (String(name.dropLast(mark.ending.count)), mark.kind)
            }
            guard name.hasSuffix(".conv.weight") else { return nil }
            let root = String(name.dropLast(".conv.weight".count))
            let parts = root.split(separator: ".").suffix(2).map(String.init)
            guard let last = parts.last, !beside.contains(last), !["rbr_conv", "conv_kxk"].contains(parts[0]) else {
                return nil
            }
            return [".bn", ".norm"].first { all.contains("\(root)\($0).running_var") }.map { (root, .normed($0)) }
        }
    }

    // MARK: Branches

    /// A factor for each output, and what is multiplied by it.
    private struct Branch {
        enum Body {
            /// (outputs, inputs in a group, height, width)
            case convolution([Float], shape: [Int])
            case identity
        }
        let body: Body
        var scale: [Double]
        var shift: [Double]
    }

    private typealias Branches = [Branch]

    private func values(_ name: String) throws(ModelError) -> [Float] {
        guard let tensor = checkpoint.tensors[name] else {
            throw ModelError(path: checkpoint.path, problem: "tensor \(name) is missing")
        }
        return tensor.floats()
    }

    private func has(_ name: String) -> Bool { checkpoint.tensors[name] != nil }

    /// Which of two layouts' names is there.
    private func name(_ one: String, _ other: String, before ending: String) -> String? {
        [one, other].first { has($0 + ending) }
    }

    private func batchNorm(_ name: String) throws(ModelError) -> (scale: [Double], shift: [Double]) {
        let (gamma, beta) = (try values(name + ".weight"), try values(name + ".bias"))
        let (mean, variance) = (try values(name + ".running_mean"), try values(name + ".running_var"))
        let scale = gamma.indices.map { Double(gamma[$0]) / (Double(variance[$0]) + 1e-5).squareRoot() }
        return (scale, gamma.indices.map { Double(beta[$0]) - Double(mean[$0]) * scale[$0] })
    }

    private func normed(_ name: String, _ norm: String = ".bn") throws(ModelError) -> Branch {
        let norm = try batchNorm(name + norm)
        let weight = try values(name + ".conv.weight")
        let shape = checkpoint.tensors[name + ".conv.weight"]?.shape ?? []
        return Branch(body: .convolution(weight, shape: shape), scale: norm.scale, shift: norm.shift)
    }

    private func identity(_ name: String) throws(ModelError) -> Branch {
        let norm = try batchNorm(name)
        return Branch(body: .identity, scale: norm.scale, shift: norm.shift)
    }

    private func mobileOne(_ name: String) throws(ModelError) -> Branches {
        var branches: Branches = []
        for kernels in ["\(name).rbr_conv", "\(name).conv_kxk"] {
            var place = 0
            while has("\(kernels).\(place).conv.weight") {
                branches.append(try normed("\(kernels).\(place)"))
                place += 1
            }
        }
        if let scale = self.name(name + ".rbr_scale", name + ".conv_scale", before: ".conv.weight") {
            branches.append(try normed(scale))
        }
        if let skip = self.name(name + ".rbr_skip", name + ".identity", before: ".weight") {
            branches.append(try identity(skip))
        }
        return branches
    }

    /// x + layerScale · (mixer(x) − norm(x))
    private func repMixer(_ name: String) throws(ModelError) -> Branches {
        let layerScale = try values(
            self.name(name + ".layer_scale", name + ".layer_scale.gamma", before: "") ?? name + ".layer_scale"
        )
        let skip = self.name(name + ".norm.rbr_skip", name + ".norm.identity", before: ".weight")
        var branches = try mobileOne(name + ".mixer")
        var norm = try identity(skip ?? name + ".norm")
        norm.scale = norm.scale.map { -$0 }
        norm.shift = norm.shift.map { -$0 }
        branches.append(norm)
        for index in branches.indices {
            branches[index].scale = zip(branches[index].scale, layerScale).map { $0 * Double($1) }
            branches[index].shift = zip(branches[index].shift, layerScale).map { $0 * Double($1) }
        }
        let ones = [Double](repeating: 1, count: layerScale.count)
        branches.append(Branch(body: .identity, scale: ones, shift: ones.map { _ in 0 }))
        return branches
    }

    private func largeKernel(_ name: String) throws(ModelError) -> Branches {
        var branches = [
            try normed(self.name(name + ".lkb_origin", name + ".large_conv", before: ".conv.weight") ?? name)
        ]
        if has(name + ".small_conv.conv.weight") { branches.append(try normed(name + ".small_conv")) }
        return branches
    }

    // MARK: Comparing

    private mutating func compare(_ folded: Convolution, _ branches: Branches, _ name: String) {
        let (height, width, inputs) = (folded.height, folded.width, folded.inputsPerGroup)
        // An input between −1 and 1, the same for all branches; a depthwise output has an input of its own.
        let input = { (output: Int, channel: Int, y: Int, x: Int) in
            let place = ((inputs == 1 ? output : channel) * height + y) * width + x
            return Double((place &* 2_654_435_761) >> 7 & 0xFFFF) / 32768 - 1
        }
        for output in 0..<folded.outputs {
            var (sum, magnitude) = (Double(folded.bias[output]), abs(Double(folded.bias[output])))
            var place = output * inputs * height * width
            for channel in 0..<inputs {
                for y in 0..<height {
                    for x in 0..<width {
                        let term = Double(folded.weight[place]) * input(output, channel, y, x)
                        (sum, magnitude, place) = (sum + term, magnitude + abs(term), place + 1)
                    }
                }
            }
            for branch in branches {
                let (scale, shift) = (branch.scale[output], branch.shift[output])
                sum -= shift
                magnitude += abs(shift)
                switch branch.body {
                case .identity:
                    let term = scale * input(output, output % inputs, height / 2, width / 2)
                    (sum, magnitude) = (sum - term, magnitude + abs(term))
                case .convolution(let weight, let shape):
                    let (top, left) = ((height - shape[2]) / 2, (width - shape[3]) / 2)
                    var place = output * shape[1] * shape[2] * shape[3]
                    for channel in 0..<shape[1] {
                        for y in 0..<shape[2] {
                            for x in 0..<shape[3] {
                                let term = scale * Double(weight[place]) * input(output, channel, y + top, x + left)
                                (sum, magnitude, place) = (sum - term, magnitude + abs(term), place + 1)
                            }
                        }
                    }
                }
            }
            let share = magnitude > 0 ? abs(sum) / magnitude : 0
            if share > worst || !share.isFinite { (worst, worstName) = (share.isFinite ? share : .infinity, name) }
        }
        count += 1
    }
}
