import Foundation
import Kernels
import Testing

@Suite("Stem")
struct StemTests {
    @Test("is the plain convolution of 8-bit RGB, at every width and number of channels", arguments: [2, 4, 6, 256])
    func plain(width: Int) {
        let heights = width == 256 ? [4] : [2, 6]
        for (channels, height) in [8, 16, 24, 64, 3, 17].flatMap({ c in heights.map { (c, $0) } }) {
            var noise = Noise(seed: UInt64(width + channels))
            let input = (0..<(height * width * 3)).map { _ in UInt8((noise.next() + 1) * 127.5) }
            let weights = noise.floats(27 * channels).map { $0 / 255 }
            let bias = noise.floats(channels)
            let expected = Self.plain(height, width, channels, input, weights, bias)
            for set in instructionSets {
                let what = "\(name(set)), \(height)×\(width)×\(channels)"
                var rows = GuardedFloats(count: 9 * (width + 2))
                var output = GuardedFloats(count: expected.count)
                rows.withStart { rows in
                    output.withStart {
                        set.stem(Int32(height), Int32(width), Int32(channels), input, weights, bias, rows, $0)
                    }
                }
                #expect(output.guardsStand, "\(what): written outside")
                #expect(rows.guardsStand, "\(what): scratch written outside")
                expectClose(output.values, expected, within: 1e-5, what)
            }
        }
    }

    private static func plain(
        _ height: Int,
        _ width: Int,
        _ channels: Int,
        _ input: [UInt8],
        _ weights: [Float],
        _ bias: [Float]
    ) -> [Double] {
        var output: [Double] = []
        for y in 0..<(height / 2) {
            for x in 0..<(width / 2) {
                for c in 0..<channels {
                    var sum = Double(bias[c])
                    for tap in 0..<27 {
                        let (iy, ix) = (2 * y + tap / 9 - 1, 2 * x + tap / 3 % 3 - 1)
                        guard iy >= 0, iy < height, ix >= 0, ix < width else { continue }
                        sum += Double(input[(iy * width + ix) * 3 + tap % 3]) * Double(weights[tap * channels + c])
                    }
                    output.append(exactGELU(sum))
                }
            }
        }
        return output
    }
}
