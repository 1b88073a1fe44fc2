/// A query, ready to be compared with sketched embeddings: its components as 16-bit numbers, and what that leaves out.
package struct SketchQuery: Sendable {
    /// The query itself.
    package let vector: [Float]
    /// As many as the padded width, zeros at the end.
    package let codes: [Int16]
    /// What a step of the codes is worth.
    let step: Double
    /// The sum of the codes.
    let sum: Double
    /// The length of the query.
    let length: Double
    /// The length of what its codes leave out, times that of a vector of ones.
    let rest: Double

    /// A query of any length, of finite components; nil for others, and for more components than can be sketched.
    package init?(_ vector: [Float]) {
        guard let layout = SegmentLayout(width: vector.count), vector.allSatisfy(\.isFinite) else { return nil }
        self.vector = vector
        let greatest = Double(vector.map(abs).max() ?? 0)
        let step = greatest > 0 ? greatest / 32_767 : 1
        var codes = [Int16](repeating: 0, count: layout.paddedWidth)
        var (sum, squares, restSquares) = (0.0, 0.0, 0.0)
        for (index, component) in vector.enumerated() {
            let code = (Double(component) / step).rounded()
            codes[index] = Int16(min(32_767, max(-32_767, code)))
            sum += Double(codes[index])
            squares += Double(component) * Double(component)
            let rest = Double(component) - step * Double(codes[index])
            restSquares += rest * rest
        }
        self.codes = codes
        self.step = step
        self.sum = sum
        length = squares.squareRoot()
        rest = restSquares.squareRoot() * Double(vector.count).squareRoot()
    }

    /// The product of query and embedding, and the most by which it can be off.
    package struct Estimate {
        package var value: Double
        package var error: Double
        package var least: Double { value - error }
        package var most: Double { value + error }
    }

    /// From the coarse codes alone.
    ///
    /// - Parameters:
    ///   - base: the product with the keyframe.
    ///   - dot: that of the codes.
    @inline(__always)
    package func coarse(_ base: Double, _ head: SketchHead, _ dot: Int32) -> Estimate {
        let scale = Double(head.scale)
        return Estimate(
            value: base + scale * step * (16 * Double(dot) - Quantization.coarseMiddle * sum),
            error: length * Double(head.coarseError) + rest * scale * Quantization.middle + slack
        )
    }

    /// From all codes.
    @inline(__always)
    package func fine(_ base: Double, _ head: SketchHead, coarse: Int32, fine: Int32) -> Estimate {
        Estimate(value: fineValue(base, head, coarse: coarse, fine: fine), error: fineError(head))
    }

    @inline(__always)
    func fineValue(_ base: Double, _ head: SketchHead, coarse: Int32, fine: Int32) -> Double {
        terms.value(base, head, 16 * Int64(coarse) + Int64(fine))
    }

    /// What of a query is needed for each of many embeddings.
    struct Terms: BitwiseCopyable {
        let step: Double
        let shift: Double

        /// From all codes: `dot` is their product with the query's.
        @inline(__always)
        func value(_ base: Double, _ head: SketchHead, _ dot: Int64) -> Double {
            base + Double(head.scale) * step * (Double(dot) - shift)
        }
    }

    var terms: Terms { Terms(step: step, shift: Quantization.middle * sum) }

    @inline(__always)
    func fineError(_ head: SketchHead) -> Double {
        length * Double(head.fineError) + rest * Double(head.scale) * Quantization.middle + slack
    }

    /// At least the error of every one of several queries.
    struct ErrorBound {
        private var (length, rest, slack) = (0.0, 0.0, 0.0)

        init(_ queries: [SketchQuery]) {
            for query in queries {
                length = max(length, query.length)
                rest = max(rest, query.rest * Quantization.middle)
                slack = max(slack, query.slack)
            }
        }

        @inline(__always)
        func of(_ head: SketchHead) -> Double {
            length * Double(head.fineError) + rest * Double(head.scale) + slack
        }
    }

    /// More than what rounding in double precision can add up to.
    private var slack: Double { 1e-10 * max(1, length) }
}
