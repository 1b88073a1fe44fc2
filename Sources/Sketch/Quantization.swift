import Kernels

/// An embedding as codes: its difference from a keyframe, eight bits a component.
package struct Quantization {
    /// What a code of 127.5 would be worth is zero.
    static let middle = 127.5
    /// What the upper half of a code stands for is sixteen times it, less this.
    static let coarseMiddle = 120.0

    private let layout: SegmentLayout
    /// Of the last embedding that was encoded.
    package private(set) var scale: Float = 0
    package private(set) var coarseError: Float = 0
    package private(set) var fineError: Float = 0
    /// The upper four bits, as `nibble_dots` takes them.
    package private(set) var coarse: [UInt8]
    /// The lower four bits.
    package private(set) var fine: [UInt8]
    private var codes: [UInt8]

    init(_ layout: SegmentLayout) {
        self.layout = layout
        codes = [UInt8](repeating: 0, count: layout.paddedWidth)
        coarse = [UInt8](repeating: 0, count: layout.codeBytes)
        fine = coarse
    }

    /// For vectors of so many components; nil for too many, or none.
    package init?(width: Int) {
        guard let layout = SegmentLayout(width: width) else { return nil }
        self.init(layout)
    }

    /// Encodes `vector` as its difference from `keyframe`, and measures in double precision what the codes leave out.
    package mutating func encode(_ vector: [Float], from keyframe: [Float]) {
        vector.withUnsafeBufferPointer { vector in
            keyframe.withUnsafeBufferPointer { keyframe in
                codes.withUnsafeMutableBufferPointer { codes in
                    var greatest = 0.0
                    for i in 0..<vector.count { greatest = max(greatest, abs(Double(vector[i]) - Double(keyframe[i]))) }
                    scale = Float(greatest / Self.middle).nextUp
                    if greatest == 0 { scale = 0 }
                    let step = Double(scale)
                    let steps = step > 0 ? 1 / step : 0
                    var (coarseSquares, fineSquares) = (0.0, 0.0)
                    for i in 0..<vector.count {
                        let difference = Double(vector[i]) - Double(keyframe[i])
                        let code = min(255, max(0, Int(difference * steps + Self.middle + 0.5)))
                        codes[i] = UInt8(truncatingIfNeeded: code)
                        let fineRest = difference - step * (Double(code) - Self.middle)
                        let coarseRest = difference - step * (Double(code & 0xf0) - Self.coarseMiddle)
                        fineSquares += fineRest * fineRest
                        coarseSquares += coarseRest * coarseRest
                    }
                    fineError = Float(fineSquares.squareRoot()).nextUp
                    coarseError = Float(coarseSquares.squareRoot()).nextUp
                }
            }
        }
        pack()
    }

    private mutating func pack() {
        for chunk in stride(from: 0, to: layout.paddedWidth, by: 128) {
            for word in 0..<32 {
                let (a, b) = (codes[chunk + word], codes[chunk + 32 + word])
                let (c, d) = (codes[chunk + 64 + word], codes[chunk + 96 + word])
                let place = chunk / 2 + 2 * word
                coarse[place] = a >> 4 | b & 0xf0
                coarse[place + 1] = c >> 4 | d & 0xf0
                fine[place] = a & 15 | b << 4
                fine[place + 1] = c & 15 | d << 4
            }
        }
    }

    /// The vector that codes stand for.
    package static func decode(
        coarse: [UInt8],
        fine: [UInt8],
        scale: Float,
        keyframe: [Float]
    ) -> [Double] {
        keyframe.indices.map { index in
            let (chunk, lane) = (index / 128 * 128, index % 128)
            let place = chunk / 2 + 2 * (lane % 32) + lane / 64
            let shift = UInt8(lane / 32 % 2 * 4)
            let code = (coarse[place] >> shift & 15) << 4 | fine[place] >> shift & 15
            return Double(keyframe[index]) + Double(scale) * (Double(code) - middle)
        }
    }
}
