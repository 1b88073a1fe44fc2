/// By which weights red, green and blue make up luma.
public enum ColorMatrix: String, Sendable, CaseIterable {
    /// ITU-R BT.601: standard definition, and most webcams.
    case bt601
    /// ITU-R BT.709: high definition.
    case bt709
    /// ITU-R BT.2020 with non-constant luminance.
    case bt2020

    /// The shares of red and blue in luma; green has the rest.
    fileprivate var weights: (red: Double, blue: Double) {
        switch self {
        case .bt601: (0.299, 0.114)
        case .bt709: (0.2126, 0.0722)
        case .bt2020: (0.2627, 0.0593)
        }
    }
}

/// Which numbers of 8 bits are black and white.
public enum ColorRange: String, Sendable, CaseIterable {
    /// Y, or red, green and blue, from 16 to 235; U and V from 16 to 240.
    case limited
    /// Everything from 0 to 255.
    case full
}

/// What makes RGB of Y, U and V, in integers, so that the result is the same on every host.
///
/// With y = Y − 16 (or Y in full range), u = U − 128 and v = V − 128 the channels are the following, rounded (halves up)
/// to whole numbers and clamped to 0…255. The factors are rounded to multiples of 2⁻¹⁶; for BT.601 in limited range
/// they are
///
///     65536·R = 76309·y              + 104597·v
///     65536·G = 76309·y −  25675·u −  53279·v
///     65536·B = 76309·y + 132201·u
struct ColorConversion: Equatable {
    /// The Y that is black.
    let black: Int
    let luma: Int
    let redOfV: Int
    let greenOfU: Int
    let greenOfV: Int
    let blueOfU: Int

    init(matrix: ColorMatrix, range: ColorRange) {
        let weights = matrix.weights
        let green = 1 - weights.red - weights.blue
        let chroma = range == .limited ? 255.0 / 224 : 1
        func fixed(_ factor: Double) -> Int { Int((factor * 65536).rounded()) }
        black = range == .limited ? 16 : 0
        luma = fixed(range == .limited ? 255.0 / 219 : 1)
        redOfV = fixed(2 * (1 - weights.red) * chroma)
        greenOfU = fixed(2 * (1 - weights.blue) * weights.blue / green * chroma)
        greenOfV = fixed(2 * (1 - weights.red) * weights.red / green * chroma)
        blueOfU = fixed(2 * (1 - weights.blue) * chroma)
    }

    /// One pixel at `target`, of components in units of 2⁻ᵇⁱᵗˢ.
    @inline(__always)
    func convert(_ y: Int, _ u: Int, _ v: Int, bits: Int, to target: UnsafeMutablePointer<UInt8>) {
        let gray = luma &* (y &- black &<< bits) &+ (32768 &<< bits)
        let u = u &- 128 &<< bits
        let v = v &- 128 &<< bits
        let shift = 16 &+ bits
        target[0] = Self.clamped((gray &+ redOfV &* v) &>> shift)
        target[1] = Self.clamped((gray &- greenOfU &* u &- greenOfV &* v) &>> shift)
        target[2] = Self.clamped((gray &+ blueOfU &* u) &>> shift)
    }

    /// The channel that is of the range that Y has.
    @inline(__always)
    func expand(_ channel: Int, bits: Int) -> UInt8 {
        Self.clamped((luma &* (channel &- black &<< bits) &+ (32768 &<< bits)) &>> (16 &+ bits))
    }

    @inline(__always)
    private static func clamped(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, value)))
    }
}
