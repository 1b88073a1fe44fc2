extension Reference {
    /// Runs an image tower layer by layer.
    ///
    /// - Parameters:
    ///   - picture: (3, side, side), values 0…1.
    ///   - observe: is given the output of every stage by its name in the published checkpoint.
    /// - Returns: the embedding, not normalised.
    package static func embedding(
        of picture: Planes,
        _ tower: ConvolutionalTower,
        observe: (String, Planes) -> Void = { _, _ in }
    ) -> [Float] {
        var x = gelu(convolve(picture, tower.stemDense, stride: 2))
        x = gelu(convolve(x, tower.stemDepthwise, stride: 2))
        x = gelu(pointwise(x, tower.stemPointwise))
        observe("patch_embed", x)
        for (index, step) in tower.trunk.enumerated() {
            x = run(step, x)
            observe("network.\(index)", x)
        }
        x = gelu(squeezeExcite(convolve(x, tower.expansion), tower.expansionGates))
        observe("conv_exp", x)
        return linear(means(x), tower.head)
    }

    package static func run(_ step: TrunkStep, _ input: Planes) -> Planes {
        switch step {
        case .mixers(let blocks): blocks.reduce(input, mixerBlock)
        case .attention(let blocks): blocks.reduce(input, attentionBlock)
        case .positions(let encoding): convolve(input, encoding)
        case .downsample(let layer): downsample(input, layer)
        }
    }

    package static func mixerBlock(_ input: Planes, _ block: RepMixerBlock) -> Planes {
        let x = convolve(input, block.mixer)
        return residual(x, feedForward(x, block.feedForward), scale: block.layerScale)
    }

    package static func feedForward(_ input: Planes, _ layer: ConvolutionalFeedForward) -> Planes {
        pointwise(gelu(pointwise(convolve(input, layer.depthwise), layer.expand)), layer.project)
    }

    static func attentionBlock(_ input: Planes, _ block: AttentionBlock) -> Planes {
        let pixels = input.height * input.width
        let normal = self.normal(input, block.norm)
        let joined = pointwise(normal, block.queriesKeysValues)
        let tokens = (0..<pixels).map { pixel in (0..<joined.channels).map { joined.values[$0 * pixels + pixel] } }
        let mixed = attention(tokens, width: input.channels, headWidth: AttentionBlock.headWidth)
        var planes = input
        for pixel in 0..<pixels {
            for channel in 0..<input.channels { planes.values[channel * pixels + pixel] = mixed[pixel][channel] }
        }
        let x = residual(input, pointwise(planes, block.projection), scale: block.layerScale1)
        return residual(x, feedForward(x, block.feedForward), scale: block.layerScale2)
    }

    private static func normal(_ input: Planes, _ norm: ChannelNorm) -> Planes {
        let pixels = input.height * input.width
        var output = input
        switch norm {
        case .batch(let affine):
            for i in output.values.indices {
                output.values[i] = input.values[i] * affine.scale[i / pixels] + affine.shift[i / pixels]
            }
        case .layer(let norm):
            for pixel in 0..<pixels {
                let channels = (0..<input.channels).map { input.values[$0 * pixels + pixel] }
                for (channel, value) in layerNorm(channels, norm).enumerated() {
                    output.values[channel * pixels + pixel] = value
                }
            }
        }
        return output
    }

    static func downsample(_ input: Planes, _ layer: Downsample) -> Planes {
        var x = convolve(input, layer.depthwise, stride: 2)
        if let gates = layer.squeezeExcite { x = squeezeExcite(x, gates) }
        return gelu(pointwise(gelu(x), layer.pointwise))
    }
}
