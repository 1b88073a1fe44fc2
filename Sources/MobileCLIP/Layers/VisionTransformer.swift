/// A vision transformer: patches become tokens, a class token before them gathers what they say.
package struct VisionTransformer: Sendable, Equatable {
    /// Convolutions whose stride is their window, so that windows do not overlap; GELU between.
    package let patches: [Convolution]
    /// Rows and columns of zeros before a picture's first: windows begin so far outside, and as much at its end is in none.
    package let padding: Int
    /// The class token, its position added where it has one.
    package let classToken: [Float]
    /// (patches, width): what is added to the patches' tokens.
    package let positions: [Float]
    /// Before the first layer, in some.
    package let firstNorm: LayerNorm?
    package let layers: [TransformerLayer]
    /// Of the class token after the last layer.
    package let finalNorm: LayerNorm
    /// (embedding width, width)
    package let head: Linear

    /// Channels of a token.
    package var width: Int { classToken.count }
    /// The side in pixels of the square that becomes a token.
    package var patchSide: Int { patches.reduce(1) { $0 * $1.height } }
    /// Tokens of patches along a side of the picture.
    package var grid: Int { Int(Double(positions.count / width).squareRoot().rounded()) }
    /// The side of the pictures that it takes, in pixels.
    package var side: Int { grid * patchSide }
}
