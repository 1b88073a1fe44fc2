extension Reference {
    /// Runs a text tower layer by layer.
    ///
    /// - Parameters:
    ///   - tokens: padded with zeros to the tower's context.
    ///   - observe: is given the output of every layer, (context, width), by its name in the published checkpoint.
    /// - Returns: the embedding, not normalised.
    package static func embedding(
        of tokens: [Int],
        _ tower: TextTower,
        observe: (String, [[Float]]) -> Void = { _, _ in }
    ) -> [Float] {
        let width = tower.width
        var x = tokens.enumerated().map { position, token in
            zip(tower.tokenEmbedding.rows([token]), tower.positions[(position * width)..<((position + 1) * width)]).map(
                +
            )
        }
        for (index, layer) in tower.layers.enumerated() {
            switch layer {
            case .mixer(let block): x = overTokens(x) { mixerBlock($0, block) }
            case .transformer(let layer): x = transformer(x, layer, isCausal: tower.isCausal)
            }
            observe("text.transformer.\(index)", x)
        }
        // The end token has the highest id; its place is the sentence.
        let end = tokens.indices.max { tokens[$0] < tokens[$1] } ?? 0
        return linear(layerNorm(x[tokens.firstIndex(of: tokens[end]) ?? end], tower.finalNorm), tower.projection)
    }

    static func transformer(_ input: [[Float]], _ layer: TransformerLayer, isCausal: Bool = false) -> [[Float]] {
        let joined = input.map { linear(layerNorm($0, layer.attentionNorm), layer.queriesKeysValues) }
        let mixed = attention(
            joined,
            width: input[0].count,
            headWidth: TransformerLayer.headWidth,
            isCausal: isCausal
        )
        let x = zip(input, mixed).map { zip($0, linear($1, layer.projection)).map(+) }
        return x.map { token in
            let hidden = linear(layerNorm(token, layer.feedForwardNorm), layer.expand).map { gelu($0) }
            return zip(token, linear(hidden, layer.project)).map(+)
        }
    }

    /// Tokens as a picture of one row: (width, 1, tokens).
    private static func overTokens(_ x: [[Float]], _ body: (Planes) -> Planes) -> [[Float]] {
        var planes = Planes(channels: x[0].count, height: 1, width: x.count)
        for (t, token) in x.enumerated() {
            for (c, value) in token.enumerated() { planes[c, 0, t] = value }
        }
        let result = body(planes)
        return x.indices.map { t in (0..<result.channels).map { result[$0, 0, t] } }
    }
}
