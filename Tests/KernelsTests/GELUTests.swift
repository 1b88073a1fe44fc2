import Foundation
import Kernels
import Testing

@Suite("GELU")
struct GELUTests {
    @Test("every instruction set is within 1e-6 of the exact function, over all magnitudes")
    func accuracy() throws {
        var inputs = (-140_000...140_000).map { Float($0) / 10_000 }
        inputs += [-.greatestFiniteMagnitude, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 1e10, -1e10]
        let zeros = [Float](repeating: 0, count: inputs.count)
        for set in 0..<4 {
            guard let kernels = kernels_at(set)?.pointee else { continue }
            var values = inputs
            kernels.add_bias_gelu(1, Int32(values.count), zeros, &values)
            for (input, value) in zip(inputs, values) {
                let exact = 0.5 * Double(input) * erfc(-Double(input) / 2.0.squareRoot())
                let allowed = max(1e-6, abs(exact) * 1e-6)
                let name = String(cString: kernels.name)
                #expect(abs(Double(value) - exact) <= allowed, "\(name): gelu(\(input)) = \(value)")
            }
        }
    }
}
