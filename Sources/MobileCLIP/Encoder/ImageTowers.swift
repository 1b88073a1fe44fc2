import Kernels

/// An image tower of either kind with its weights packed for the kernels. One serves any number of encoders, on any threads.
public struct PackedImageTower: Sendable {
    enum Kind {
        case convolutional(PackedConvolutionalTower)
        case transformer(PackedVisionTransformer)
    }

    let kind: Kind
    /// The side of the square pictures that it takes, in pixels.
    public let side: Int
    /// The length of its embeddings.
    public let embeddingWidth: Int

    /// - Parameter side: of the pictures that a convolutional tower is to take; a transformer's own is fixed.
    package init(_ tower: ImageTower, side: Int) {
        switch tower {
        case .convolutional(let tower):
            let packed = PackedConvolutionalTower(tower, side: side)
            kind = .convolutional(packed)
            (self.side, embeddingWidth) = (side, packed.embeddingWidth)
        case .transformer(let tower):
            let packed = PackedVisionTransformer(tower)
            kind = .transformer(packed)
            (self.side, embeddingWidth) = (packed.side, packed.embeddingWidth)
        }
    }
}

/// Runs an image tower on one thread. Everything it needs is allocated in `init`; encoding allocates nothing.
///
/// Not Sendable: an encoder belongs to the thread that uses it. Several may share one `PackedImageTower`.
public final class ImageEncoder {
    private enum Kind {
        case convolutional(ConvolutionalEncoder)
        case transformer(VisionTransformerEncoder)
    }

    /// The weights, shared.
    public let tower: PackedImageTower
    private let kind: Kind
    private let kernels: kernels

    /// - Parameter instructionSet: which of the CPU's kernel sets to use; 0, the fastest.
    package init(tower: PackedImageTower, instructionSet: Int) {
        self.tower = tower
        kernels = (kernels_at(instructionSet) ?? kernels_best()).pointee
        switch tower.kind {
        case .convolutional(let tower):
            kind = .convolutional(ConvolutionalEncoder(tower: tower, kernels: kernels))
        case .transformer(let tower):
            kind = .transformer(VisionTransformerEncoder(tower: tower, kernels: kernels))
        }
    }

    /// An encoder with the fastest kernels that the CPU runs.
    public convenience init(tower: PackedImageTower) {
        self.init(tower: tower, instructionSet: 0)
    }

    /// The name of the kernels in use.
    public var instructionSet: String { String(cString: kernels.name) }

    /// The embedding of one picture, not normalised.
    ///
    /// - Parameters:
    ///   - pixels: RGB, 8 bit, side × side × 3 values.
    ///   - embedding: receives `embeddingWidth` values; its storage is reused.
    public func encode(_ pixels: [UInt8], into embedding: inout [Float]) {
        encode(pixels, into: &embedding) { _, _, _ in }
    }

    /// - Parameter observe: is given the output of every stage: its name in the published checkpoint, its size, its
    ///   values with channels last.
    package func encode(
        _ pixels: [UInt8],
        into embedding: inout [Float],
        observe: (String, (height: Int, width: Int, channels: Int), UnsafePointer<Float>) -> Void
    ) {
        precondition(pixels.count == tower.side * tower.side * 3, "a picture must be side × side × 3 bytes")
        switch kind {
        case .convolutional(let encoder): encoder.encode(pixels, into: &embedding, observe: observe)
        case .transformer(let encoder): encoder.encode(pixels, into: &embedding, observe: observe)
        }
    }
}
