import Foundation
import Kernels
import Testing

@Suite("Columns and rows")
struct MatrixTests {
    static let columns = [1, 2, 3, 7, 8, 15, 16, 17, 24, 33, 64, 77, 512]
    static let rows = [1, 2, 5]

    @Test("gates with GELU", arguments: columns)
    func elementwise(columns: Int) {
        for rows in Self.rows {
            var noise = Noise(seed: UInt64(columns))
            let matrix = noise.floats(rows * columns).map { $0 * 4 }
            let vector = noise.floats(columns)
            let pairs = matrix.indices.map { (Double(matrix[$0]), Double(vector[$0 % columns])) }
            for set in instructionSets {
                let what = "\(name(set)), \(rows)×\(columns)"
                var values = GuardedFloats(matrix)
                values.withStart { set.scale_gelu(Int32(rows), Int32(columns), vector, $0) }
                #expect(values.guardsStand, "\(what)")
                expectClose(values.values, pairs.map { exactGELU($0 * $1) }, within: 2e-6, "scale_gelu, \(what)")
            }
        }
    }

    @Test("means over the rows", arguments: columns)
    func columnMeans(columns: Int) {
        for rows in [1, 2, 64, 4096] where rows * columns <= 1 << 18 {
            var noise = Noise(seed: UInt64(rows))
            let matrix = noise.floats(rows * columns).map { $0 + 3 }
            let expected = (0..<columns).map { c in
                (0..<rows).reduce(0.0) { $0 + Double(matrix[$1 * columns + c]) } / Double(rows)
            }
            for set in instructionSets {
                var means = GuardedFloats(count: columns)
                means.withStart { set.column_means(Int32(rows), Int32(columns), matrix, $0) }
                #expect(means.guardsStand)
                expectClose(means.values, expected, within: 3e-5, "\(name(set)), \(rows)×\(columns)")
            }
        }
    }

    @Test("layer norm, also where the mean is a thousand times the deviation", arguments: columns)
    func layerNorm(columns: Int) {
        for (mean, tolerance) in [(Float(0), 2e-5), (-1000, 2e-3)] {
            var noise = Noise(seed: UInt64(columns))
            let rows = 3
            let input = noise.floats(rows * columns).map { $0 + mean }
            let (weight, bias) = (noise.floats(columns), noise.floats(columns))
            let expected = (0..<rows).flatMap { r in
                let row = input[(r * columns)..<((r + 1) * columns)].map(Double.init)
                let mean = row.reduce(0, +) / Double(columns)
                let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
                return row.indices.map {
                    (row[$0] - mean) / (variance + 1e-5).squareRoot() * Double(weight[$0]) + Double(bias[$0])
                }
            }
            for set in instructionSets {
                var output = GuardedFloats(count: input.count)
                output.withStart { set.layer_norm(Int32(rows), Int32(columns), 1e-5, weight, bias, input, $0) }
                #expect(output.guardsStand)
                expectClose(output.values, expected, within: tolerance, "\(name(set)), \(columns) around \(mean)")
            }
        }
    }

    @Test("softmax of ordinary, equal, far apart and enormous values", arguments: columns)
    func softmax(columns: Int) {
        var noise = Noise(seed: UInt64(columns))
        let ordinary = noise.floats(columns).map { $0 * 10 }
        let inputs: [(String, [Float])] = [
            ("ordinary", ordinary), ("equal", [Float](repeating: 5, count: columns)),
            ("equal and enormous", [Float](repeating: 3.3e38, count: columns)),
            ("around ten thousand million", ordinary.map { 1e10 + $0 * 1e3 }),
            ("one far above", [100_000] + [Float](repeating: -100_000, count: columns - 1)),
            ("all of the range", [3e38] + [Float](repeating: -3e38, count: columns - 1)),
            ("just about to vanish", (0..<columns).map { -Float($0) * 7 }),
        ]
        for (kind, input) in inputs {
            for scale in [Float(1), 0.17677669, 0.125] {
                let most = Double(input.max() ?? 0)
                let powers = input.map { exp((Double($0) - most) * Double(scale)) }
                let total = powers.reduce(0, +)
                for set in instructionSets {
                    let what = "\(name(set)), \(columns) \(kind), scale \(scale)"
                    var matrix = GuardedFloats(input + input)
                    matrix.withStart { set.softmax(2, Int32(columns), scale, $0) }
                    #expect(matrix.guardsStand, "\(what)")
                    expectClose(matrix.values, (powers + powers).map { $0 / total }, within: 2e-6, what)
                }
            }
        }
    }
}

@Suite("Instruction sets")
struct InstructionSetTests {
    @Test("the portable one is always there and the last, and past the last there is none")
    func dispatch() {
        #expect(instructionSets.map(name).last == "portable")
        #expect(Set(instructionSets.map(name)).count == instructionSets.count)
        #expect(kernels_at(instructionSets.count) == nil)
        #expect(kernels_at(.max) == nil)
        #expect(name(kernels_best().pointee) == name(instructionSets[0]))
    }
}
