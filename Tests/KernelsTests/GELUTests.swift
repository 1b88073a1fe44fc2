import Foundation
import Kernels
import Testing

@Suite("GELU")
struct GELUTests {
    @Test("every instruction set is within 1e-6 of the exact function, over all magnitudes")
    func accuracy() throws {
        var inputs = (-140_000...140_000).map { Float($0) / 10_000 }
        inputs += [-.greatestFiniteMagnitude, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 1e10, -1e10]
        let ones = [Float](repeating: 1, count: inputs.count)
        for set in 0..<4 {
            guard let kernels = kernels_at(set)?.pointee else { continue }
            var values = inputs
            kernels.scale_gelu(1, Int32(values.count), ones, &values)
            let wrong = zip(inputs, values).first { input, value in
                let exact = exactGELU(Double(input))
                return !(abs(Double(value) - exact) <= max(1e-6, abs(exact) * 1e-6))
            }
            #expect(wrong == nil, "\(name(kernels)): (input, value)")
        }
    }
}
