import Foundation
import Kernels
import Testing

@Suite("Depthwise convolution")
struct DepthwiseTests {
    static let channels = [1, 3, 8, 15, 16, 17, 24, 33, 64]
    static let maps = [(1, 1), (1, 77), (5, 7), (8, 8), (64, 64)]
    static let windows = [(3, 3), (7, 7), (1, 11), (5, 5), (3, 1), (1, 1)]

    @Test("every window, stride and map is the plain sum, on every instruction set", arguments: channels)
    func plain(channels: Int) {
        for (height, width) in Self.maps where channels <= 33 || height < 64 {
            for window in Self.windows {
                for stride in [1, 2] {
                    check(Case(height: height, width: width, channels: channels, window: window, stride: stride))
                }
            }
        }
    }

    @Test("strides past the window, and windows that no model has, take the general path")
    func unusual() {
        check(Case(height: 9, width: 13, channels: 24, window: (3, 3), stride: 4))
        // 3 × 1 with stride 21 and 1 × 203 have the same digits as 3 × 3 with stride 1.
        check(Case(height: 24, width: 50, channels: 16, window: (3, 1), stride: 21))
        check(Case(height: 3, width: 9, channels: 16, window: (1, 203), stride: 1))
        check(Case(height: 4, width: 4, channels: 17, window: (11, 11), stride: 1))
    }

    @Test("several filters a channel interleave in blocks without touching each other", arguments: [8, 17, 64])
    func blocks(channels: Int) {
        for window in [(3, 3), (7, 7), (5, 5)] {
            for stride in [1, 2] {
                for block in 0..<2 {
                    let item = Case(height: 6, width: 9, channels: channels, window: window, stride: stride)
                    check(item, blocks: 2, block: block)
                }
            }
        }
    }

    struct Case {
        var height: Int
        var width: Int
        var channels: Int
        var window: (height: Int, width: Int)
        var stride: Int

        var outputHeight: Int { (height + stride - 1) / stride }
        var outputWidth: Int { (width + stride - 1) / stride }
        var words: String { "\(height)×\(width)×\(channels), window \(window), stride \(stride)" }
    }

    private func check(_ item: Case, blocks: Int = 1, block: Int = 0) {
        var noise = Noise(seed: UInt64(item.channels * 1000 + item.height))
        let input = noise.floats(item.height * item.width * item.channels)
        let weights = noise.floats(item.window.height * item.window.width * item.channels)
        let bias = noise.floats(item.channels)
        let sums = Self.plain(item, input, weights, bias)
        for gelu in [false, true] {
            let expected = gelu ? sums.map(exactGELU) : sums
            var shape = depthwise_shape(
                height: Int32(item.height),
                width: Int32(item.width),
                channels: Int32(item.channels),
                kernel_height: Int32(item.window.height),
                kernel_width: Int32(item.window.width),
                stride: Int32(item.stride),
                output_channels: Int32(blocks * item.channels),
                gelu: gelu
            )
            for set in instructionSets {
                let what = "\(name(set)), \(item.words), gelu \(gelu), block \(block) of \(blocks)"
                var output = GuardedFloats(count: blocks * expected.count)
                output.withStart { set.depthwise(&shape, input, weights, bias, $0 + block * item.channels) }
                #expect(output.guardsStand, "\(what): written outside")
                let values = output.values
                let own = values.indices.filter { $0 / item.channels % blocks == block }
                expectClose(own.map { values[$0] }, expected, within: 2e-5, what)
                let others = values.indices.filter { $0 / item.channels % blocks != block }
                #expect(others.allSatisfy { GuardedFloats.isUntouched(values[$0]) }, "\(what): other block written")
            }
        }
    }

    private static func plain(_ item: Case, _ input: [Float], _ weights: [Float], _ bias: [Float]) -> [Double] {
        var output: [Double] = []
        output.reserveCapacity(item.outputHeight * item.outputWidth * item.channels)
        for y in 0..<item.outputHeight {
            for x in 0..<item.outputWidth {
                for c in 0..<item.channels {
                    var sum = Double(bias[c])
                    for ky in 0..<item.window.height {
                        let iy = y * item.stride + ky - (item.window.height - 1) / 2
                        guard iy >= 0, iy < item.height else { continue }
                        for kx in 0..<item.window.width {
                            let ix = x * item.stride + kx - (item.window.width - 1) / 2
                            guard ix >= 0, ix < item.width else { continue }
                            sum +=
                                Double(input[(iy * item.width + ix) * item.channels + c])
                                * Double(weights[(ky * item.window.width + kx) * item.channels + c])
                        }
                    }
                    output.append(sum)
                }
            }
        }
        return output
    }
}
