extension ConvolutionalTower {
    /// Reads and folds a tower of either layout. Depths, widths and the kind of every block follow from the tensors' names
    /// and shapes.
    init(_ reader: WeightReader, _ layout: Layout) throws(ModelError) {
        let root = layout.image
        let names = layout.blocks
        let first = root + names.stem
        stemDense = try reader.mobileOne(first + ".0")
        stemDepthwise = try reader.mobileOne(first + ".1")
        stemPointwise = try reader.linear(try reader.mobileOne(first + ".2"), first + ".2")
        let stem = stemDense.outputs
        try stemDense.require(inputs: 3, window: 3, from: first + ".0", reader)
        try stemDepthwise.require(outputs: stem, inputs: 1, window: 3, from: first + ".1", reader)
        guard stemPointwise.inputs == stem else {
            throw reader.problem("\(first).2 does not fit the layer before it")
        }
        guard max(stem, stemPointwise.outputs) <= Self.mostStemChannels else {
            throw reader.problem(
                "its \(names.stem) is over \(Self.mostStemChannels) channels wide, which no MobileCLIP is"
            )
        }

        trunk = try Self.trunk(reader, layout, channels: stemPointwise.outputs)
        let channels = trunk.reduce(stemPointwise.outputs) { channels, step in
            if case .downsample(let layer) = step { layer.pointwise.outputs } else { channels }
        }
        let last = root + names.expansion
        expansion = try reader.mobileOne(last)
        try expansion.require(inputs: 1, window: 3, from: last, reader)
        try reader.requireWidening(expansion, of: channels, last)
        expansionGates = try SqueezeExcite(
            reader,
            reduce: "\(last).\(names.reduce)",
            expand: "\(last).\(names.expand)",
            channels: expansion.outputs
        )
        head = try reader.head(layout, isTransformer: false, inputs: expansion.outputs)
        try reader.requireAllRead(under: root)
    }

    private static func trunk(
        _ reader: WeightReader,
        _ layout: Layout,
        channels: Int
    ) throws(ModelError) -> [TrunkStep] {
        var channels = channels
        var trunk: [TrunkStep] = []
        func add(_ name: String) throws(ModelError) -> Bool {
            guard let step = try TrunkStep(reader, name, channels: channels) else { return false }
            if case .downsample(let layer) = step { channels = layer.pointwise.outputs }
            trunk.append(step)
            return true
        }
        switch layout.names {
        case .apple:
            // One row of steps.
            while try add("\(layout.image)network.\(trunk.count)") {}
            guard !trunk.isEmpty else { throw reader.missing(layout.image + "network.0.0.layer_scale") }
            try reader.requireAllRead(under: layout.image + "network.")
        case .openCLIP:
            var stage = 0
            while true {
                let before = trunk.count
                let name = "\(layout.image)stages.\(stage)"
                for part in ["downsample", "pos_emb", "blocks"] { _ = try add("\(name).\(part)") }
                guard trunk.count > before else { break }
                stage += 1
            }
            guard stage > 0 else { throw reader.missing(layout.image + "stages.0.blocks.0.layer_scale.gamma") }
            try reader.requireAllRead(under: layout.image + "stages.")
        }
        return trunk
    }

    /// A file can ask for widths that no model has; a few bytes of them would take gigabytes of feature maps.
    private static let mostStemChannels = 512
}

extension TrunkStep {
    /// The step `NAME`, recognised from what it holds; nil when there is none.
    ///
    /// - Parameter channels: of the map that it takes.
    package init?(_ reader: WeightReader, _ name: String, channels: Int) throws(ModelError) {
        let names = reader.names
        let merging = name + ".proj.0."
        if reader.hasAny("\(merging)\(names.largeKernel).conv.weight", "\(merging)\(names.foldedLargeKernel).weight") {
            self = .downsample(try Downsample(reader, name + ".proj", channels: channels))
        } else if reader.hasAny("\(name).\(names.positions).weight", name + ".reparam_conv.weight") {
            let step = try reader.positionalEncoding(name)
            try step.require(outputs: channels, inputs: 1, window: 7, from: name, reader)
            self = .positions(step)
        } else if reader.has(name + ".0.token_mixer.qkv.weight") {
            self = .attention(
                try reader.blocks(name) { block throws(ModelError) in
                    try AttentionBlock(reader, block, channels: channels)
                }
            )
        } else if reader.has("\(name).0.layer_scale\(names.layerScale)") {
            self = .mixers(
                try reader.blocks(name) { block throws(ModelError) in
                    try RepMixerBlock(reader, block, channels: channels, window: (7, 7), mixing: (3, 3))
                }
            )
        } else {
            return nil
        }
    }
}

extension Downsample {
    fileprivate init(_ reader: WeightReader, _ name: String, channels: Int) throws(ModelError) {
        depthwise = try reader.largeKernel(name + ".0")
        try depthwise.require(inputs: 1, window: 7, from: name + ".0", reader)
        try reader.requireWidening(depthwise, of: channels, name)
        squeezeExcite =
            reader.has(name + ".0.se.fc1.weight")
            ? try SqueezeExcite(
                reader,
                reduce: name + ".0.se.fc1",
                expand: name + ".0.se.fc2",
                channels: depthwise.outputs
            ) : nil
        pointwise = try reader.linear(try reader.mobileOne(name + ".1"), name + ".1")
        guard pointwise.inputs == depthwise.outputs, pointwise.outputs == depthwise.outputs else {
            throw reader.problem("\(name).1 does not fit the layer before it")
        }
    }
}

extension SqueezeExcite {
    fileprivate init(_ reader: WeightReader, reduce: String, expand: String, channels: Int) throws(ModelError) {
        self.reduce = try reader.linear(reduce, inputs: channels)
        guard self.reduce.outputs <= channels else {
            throw reader.problem(
                "\(reduce) widens \(channels) channels to \(self.reduce.outputs) instead of reducing them"
            )
        }
        self.expand = try reader.linear(expand, outputs: channels, inputs: self.reduce.outputs)
    }
}

extension AttentionBlock {
    fileprivate init(_ reader: WeightReader, _ name: String, channels: Int) throws(ModelError) {
        guard channels.isMultiple(of: Self.headWidth) else {
            throw reader.problem("\(name): \(channels) channels are no whole heads")
        }
        norm =
            reader.hasAny(name + ".norm.running_mean", name + ".norm.running_var")
            ? .batch(try reader.batchNorm(name + ".norm", channels: channels))
            : .layer(try LayerNorm(reader, name + ".norm", width: channels))
        queriesKeysValues = try reader.linear(
            name + ".token_mixer.qkv",
            outputs: 3 * channels,
            inputs: channels,
            bias: reader.has(name + ".token_mixer.qkv.bias")
        )
        projection = try reader.linear(name + ".token_mixer.proj", outputs: channels, inputs: channels)
        layerScale1 = try reader.layerScale(name + ".layer_scale_1", channels: channels)
        layerScale2 = try reader.layerScale(name + ".layer_scale_2", channels: channels)
        let inner = "\(name).\(reader.names.feedForward)"
        feedForward = try ConvolutionalFeedForward(reader, inner, channels: channels, window: (7, 7))
    }
}

extension RepMixerBlock {
    /// - Parameters:
    ///   - window: of the feed-forward's depthwise convolution, (height, width).
    ///   - mixing: of the token mixer.
    init(
        _ reader: WeightReader,
        _ name: String,
        channels: Int,
        window: (Int, Int),
        mixing: (Int, Int)
    ) throws(ModelError) {
        mixer = try reader.repMixer(name + ".token_mixer")
        try mixer.require(outputs: channels, inputs: 1, window: mixing, from: name + ".token_mixer", reader)
        let inner = "\(name).\(reader.names.feedForward)"
        feedForward = try ConvolutionalFeedForward(reader, inner, channels: channels, window: window)
        layerScale = try reader.layerScale(name + ".layer_scale", channels: channels)
    }
}

extension ConvolutionalFeedForward {
    fileprivate init(
        _ reader: WeightReader,
        _ name: String,
        channels: Int,
        window: (Int, Int)
    ) throws(ModelError) {
        depthwise = try reader.convolutionAndNorm(name + ".conv")
        try depthwise.require(outputs: channels, inputs: 1, window: window, from: name + ".conv", reader)
        expand = try reader.expansion(name + ".fc1", of: channels)
        project = try reader.linear(name + ".fc2", outputs: channels, inputs: expand.outputs)
    }
}

extension Convolution {
    fileprivate func require(
        outputs: Int? = nil,
        inputs: Int,
        window: Int,
        from name: String,
        _ reader: WeightReader
    ) throws(ModelError) {
        try require(outputs: outputs, inputs: inputs, window: (window, window), from: name, reader)
    }

    fileprivate func require(
        outputs: Int? = nil,
        inputs: Int,
        window: (Int, Int),
        from name: String,
        _ reader: WeightReader
    ) throws(ModelError) {
        guard outputs ?? self.outputs == self.outputs, inputs == inputsPerGroup, (height, width) == window else {
            let wanted = [outputs.map(String.init) ?? "any", "\(inputs)", "\(window.0)", "\(window.1)"]
            throw reader.problem(
                "\(name) is a convolution of shape \(shape), not [\(wanted.joined(separator: ", "))] as this model needs"
            )
        }
    }
}

extension WeightReader {
    /// Patch merging doubles the channels, and so does the last convolution; no model does more than fourfold.
    fileprivate func requireWidening(_ layer: Convolution, of channels: Int, _ name: String) throws(ModelError) {
        guard layer.outputs.isMultiple(of: channels), layer.outputs <= 4 * channels else {
            throw problem("\(name) makes \(layer.outputs) channels of \(channels), which is no even widening")
        }
    }

    fileprivate func hasAny(_ names: String...) -> Bool {
        names.contains(where: has)
    }

    /// The blocks NAME.0, NAME.1, … of a stage.
    fileprivate func blocks<Block>(
        _ name: String,
        _ read: (String) throws(ModelError) -> Block
    ) throws(ModelError) -> [Block] {
        var blocks: [Block] = []
        let first = "\(names.feedForward).fc1.weight"
        while has("\(name).\(blocks.count).\(first)") { blocks.append(try read("\(name).\(blocks.count)")) }
        guard !blocks.isEmpty else { throw missing("\(name).0.\(first)") }
        return blocks
    }
}
