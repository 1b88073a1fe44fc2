/// The sizes of an image tower and the kinds of its blocks, as far as tensors' names and shapes tell.
struct ImageArchitecture: Sendable, Equatable {
    /// What makes the first feature map of a picture.
    enum Stem: Sendable, Equatable {
        /// Three MobileOne blocks, to a quarter of the side.
        case mobileOne
        /// Convolutions without overlap, of these windows.
        case convolutions([Int])
    }

    /// What mixes the places of a map with each other.
    enum Mixer: Sendable, Equatable {
        /// A depthwise convolution that folds to one.
        case convolution
        /// Attention after batch norm, beside convolutional feed-forwards.
        case attention
        /// The same after layer norm.
        case layerNormAttention
        /// A plain transformer's layer.
        case transformer
    }

    /// Blocks of one width and kind.
    struct Stage: Sendable, Equatable {
        let depth: Int
        let width: Int
        /// What the feed-forwards widen by.
        let ratio: Int
        let mixer: Mixer
        /// Whether the patch merging before it has squeeze-excite.
        let isGated: Bool

        init(_ depth: Int, _ width: Int, ratio: Int, _ mixer: Mixer = .convolution, isGated: Bool = false) {
            self.depth = depth
            self.width = width
            self.ratio = ratio
            self.mixer = mixer
            self.isGated = isGated
        }
    }

    /// What makes one vector of the last map.
    enum Pooling: Sendable, Equatable {
        /// A depthwise expansion with squeeze-excite, then the mean over the picture.
        case mean
        /// The class token.
        case classToken
    }

    let stem: Stem
    let stages: [Stage]
    let pooling: Pooling
    /// The length of the embedding, which one linear layer, the head, makes of the pooled vector.
    let embeddingWidth: Int
    /// The side of its pictures in pixels.
    let side: Int
}

/// The sizes of a text tower and the kinds of its layers.
struct TextArchitecture: Sendable, Equatable {
    enum Layer: Sendable, Equatable {
        /// Text-RepMixer.
        case mixer
        case transformer
    }

    let layers: [Layer]
    let width: Int
    let embeddingWidth: Int

    init(_ layers: [Layer], width: Int, embeddingWidth: Int) {
        self.layers = layers
        self.width = width
        self.embeddingWidth = embeddingWidth
    }

    /// A plain transformer.
    static func plain(_ depth: Int, width: Int) -> TextArchitecture {
        TextArchitecture(Array(repeating: .transformer, count: depth), width: width, embeddingWidth: width)
    }
}
