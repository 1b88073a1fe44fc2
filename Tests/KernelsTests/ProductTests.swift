import Foundation
import Kernels
import Testing

@Suite("Matrix product")
struct ProductTests {
    /// Rows, inputs, outputs: around the tiles, the panels and the depth at which sums are put down.
    static let sizes = [
        (1, 1, 1), (1, 77, 33), (2, 16, 31), (5, 3, 64), (6, 31, 32), (7, 17, 9), (13, 65, 40), (14, 64, 192),
        (15, 5, 97), (28, 383, 32), (29, 384, 35), (27, 385, 5), (64, 400, 70), (3, 800, 1), (31, 32, 8), (77, 64, 77),
        (9, 900, 200),
    ]
    /// With bias, with GELU, added to what is there.
    private static let finishes = [
        (false, false, false), (true, false, false), (true, true, false), (true, false, true),
    ]

    @Test("every size is the plain sum, with all that may follow, on every instruction set", arguments: sizes)
    func plain(size: (rows: Int, inputs: Int, outputs: Int)) {
        let (rows, inputs, outputs) = size
        let (inputGap, outputGap) = (3, 5)
        let (inputStride, outputStride) = (inputs + inputGap, outputs + outputGap)
        var noise = Noise(seed: UInt64(rows * 1_000_003 + inputs * 1009 + outputs))
        let input = noise.floats(rows * inputStride)
        let weights = noise.floats(outputs * inputs)
        let bias = noise.floats(outputs) + noise.floats(Int(PANEL_WIDTH))
        let before = noise.floats(rows * outputStride)
        let panels = packed(weights, inputs: inputs, outputs: outputs)

        for (hasBias, gelu, add) in Self.finishes {
            let expected = (0..<rows).flatMap { r in
                (0..<outputStride).map { o in
                    guard o < outputs else { return Double(before[r * outputStride + o]) }
                    var sum = hasBias ? Double(bias[o]) : 0
                    for i in 0..<inputs {
                        sum += Double(input[r * inputStride + i]) * Double(weights[o * inputs + i])
                    }
                    if gelu { sum = exactGELU(sum) }
                    return add ? sum + Double(before[r * outputStride + o]) : sum
                }
            }
            var shape = product_shape(
                rows: Int32(rows),
                inputs: Int32(inputs),
                outputs: Int32(outputs),
                input_stride: Int32(inputStride),
                output_stride: Int32(outputStride),
                gelu: gelu,
                add: add
            )
            for set in instructionSets {
                let what = "\(name(set)), \(rows)×\(inputs)×\(outputs), bias \(hasBias), GELU \(gelu), added \(add)"
                var output = GuardedFloats(before)
                output.withStart { set.product(&shape, input, panels, hasBias ? bias : nil, $0) }
                #expect(output.guardsStand, "\(what): written outside")
                expectClose(output.values, expected, within: 1e-5, what)
            }
        }
    }

    @Test("a row's result is the same bits whatever rows are beside it", arguments: [(64, 96), (500, 40), (1000, 32)])
    func independence(inputs: Int, outputs: Int) {
        var noise = Noise(seed: 7)
        let input = noise.floats(40 * inputs)
        let panels = packed(noise.floats(outputs * inputs), inputs: inputs, outputs: outputs)
        for set in instructionSets {
            func rows(_ range: Range<Int>) -> [Float] {
                var shape = product_shape(
                    rows: Int32(range.count),
                    inputs: Int32(inputs),
                    outputs: Int32(outputs),
                    input_stride: Int32(inputs),
                    output_stride: Int32(outputs),
                    gelu: true,
                    add: false
                )
                var output = [Float](repeating: 0, count: range.count * outputs)
                input.withUnsafeBufferPointer { input in
                    guard let start = input.baseAddress else { return }
                    set.product(&shape, start + range.lowerBound * inputs, panels, nil, &output)
                }
                return output
            }
            let together = rows(0..<40)
            for range in [0..<1, 3..<5, 7..<21, 20..<40] {
                let alone = rows(range)
                #expect(
                    alone == Array(together[(range.lowerBound * outputs)..<(range.upperBound * outputs)]),
                    "\(name(set)), rows \(range)"
                )
            }
        }
    }

    @Test("a matrix packed across, as attention's keys are, is the matrix packed along")
    func strides() {
        var noise = Noise(seed: 3)
        let (inputs, outputs) = (20, 45)
        let along = noise.floats(outputs * inputs)
        let across = (0..<(inputs * outputs)).map { along[$0 % outputs * inputs + $0 / outputs] }
        var panels = [Float](repeating: .nan, count: panel_floats(Int32(inputs), Int32(outputs)))
        pack_panels(Int32(inputs), Int32(outputs), across, outputs, 1, &panels)
        #expect(panels == packed(along, inputs: inputs, outputs: outputs))
    }

    private func packed(_ weights: [Float], inputs: Int, outputs: Int) -> [Float] {
        var panels = [Float](repeating: .nan, count: panel_floats(Int32(inputs), Int32(outputs)))
        pack_panels(Int32(inputs), Int32(outputs), weights, 1, inputs, &panels)
        return panels
    }
}
