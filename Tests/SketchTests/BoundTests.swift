import Kernels
import Sketch
import Testing

/// What a sketch says of a product is never off by more than it says.
@Suite("Bound")
struct BoundTests {
    private struct Case {
        let name: String
        let vector: [Float]
        let keyframe: [Float]
        let query: [Float]
    }

    private func cases(width: Int) -> [Case] {
        var noise = Noise(UInt64(width))
        var cases: [Case] = []
        func add(_ name: String, _ vector: [Float], _ keyframe: [Float], _ query: [Float]) {
            let round = { (vector: [Float]) in vector.map { Float(Float16($0)) } }
            cases.append(Case(name: name, vector: round(vector), keyframe: round(keyframe), query: query))
        }
        let zeros = [Float](repeating: 0, count: width)
        for _ in 0..<20 {
            let keyframe = noise.unit(width)
            let near = Noise.normalized(zip(keyframe, noise.unit(width)).map { $0 + 0.1 * $1 })
            add("near", near, keyframe, noise.unit(width))
            add("far", noise.unit(width), keyframe, noise.unit(width))
            add("not of length 1", near.map { $0 * 900 }, keyframe, noise.unit(width).map { $0 * 77 })
            add("small", near.map { $0 * 1e-6 }, zeros, noise.unit(width))
        }
        let spike = [1] + zeros.dropFirst()
        let signs = zeros.indices.map { $0.isMultiple(of: 2) ? Float(0.03) : -0.03 }
        let one = noise.unit(width)
        add("nothing", zeros, zeros, one)
        add("the keyframe itself", one, one, one)
        add("its opposite", one, one.map { -$0 }, one)
        add("a spike", spike, zeros, spike)
        add("a spike among others", zip(spike, one).map { $0 + 0.01 * $1 }, zeros, one)
        add("alternating", signs, zeros, signs)
        add("on the edge of a code", zeros.indices.map { Float($0 % 2) * 0.5 }, zeros, one)
        add("a query of nothing", one, zeros, zeros)
        add("a query that is a spike", one, zeros, spike.map { $0 * 3 })
        add("the greatest there are", zeros.map { _ in 65504 }, zeros.map { _ in -65504 }, signs)
        return cases
    }

    @Test("holds for every kind of vector and query", arguments: [1, 16, 100, 128, 129, 512, 1000])
    func holds(width: Int) throws {
        let kernels = kernels_best().pointee
        for test in cases(width: width) {
            var quantization = try #require(Quantization(width: width))
            quantization.encode(test.vector, from: test.keyframe)
            let decoded = Quantization.decode(
                coarse: quantization.coarse,
                fine: quantization.fine,
                scale: quantization.scale,
                keyframe: test.keyframe
            )
            let rest = zip(test.vector, decoded).map { Double($0) - $1 }
            let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(length <= Double(quantization.fineError), "\(test.name)")
            let head = SketchHead(
                scale: quantization.scale,
                coarseError: quantization.coarseError,
                fineError: quantization.fineError,
                keyframe: 0,
                first: 0
            )
            // The worst query there is lies along what is left out.
            let worst = Noise.normalized(rest.map { Float($0 * 1e6) })
            for vector in [test.query, worst] {
                let query = try #require(SketchQuery(vector))
                var (coarse, fine): (Int32, Int32) = (0, 0)
                kernels.nibble_dots(1, Int32(query.codes.count), quantization.coarse, query.codes, &coarse)
                kernels.nibble_dots(1, Int32(query.codes.count), quantization.fine, query.codes, &fine)
                let base = product(halves(test.keyframe), vector)
                let exact = product(halves(test.vector), vector)
                for estimate in [
                    query.coarse(base, head, coarse), query.fine(base, head, coarse: coarse, fine: fine),
                ] {
                    #expect(abs(exact - estimate.value) <= estimate.error, "\(test.name), \(width)")
                }
            }
        }
    }

    @Test("is as tight as such a bound can be: a query along what is left out reaches it")
    func tight() throws {
        var noise = Noise(7)
        let (keyframe, vector) = (noise.unit(512), noise.unit(512))
        var quantization = try #require(Quantization(width: 512))
        quantization.encode(vector, from: keyframe)
        let decoded = Quantization.decode(
            coarse: quantization.coarse,
            fine: quantization.fine,
            scale: quantization.scale,
            keyframe: keyframe
        )
        let length = zip(vector, decoded).reduce(0.0) { $0 + squared(Double($1.0) - $1.1) }.squareRoot()
        #expect(length > 0.9999 * Double(quantization.fineError))
        // A difference of about √2 is kept to a hundredth, and coarsely to a fifth.
        #expect(quantization.fineError < 0.015 && quantization.coarseError < 0.25)
    }

    private func squared(_ number: Double) -> Double { number * number }

    @Test("there is no query of what is not a number, nor of nothing or too much")
    func queries() {
        #expect(SketchQuery([]) == nil)
        #expect(SketchQuery([.nan, 1]) == nil)
        #expect(SketchQuery([.infinity]) == nil)
        #expect(SketchQuery([Float](repeating: 0, count: 4097)) == nil)
        #expect(SketchQuery([Float](repeating: 0, count: 4096)) != nil)
    }
}
