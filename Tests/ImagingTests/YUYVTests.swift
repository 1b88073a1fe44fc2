import Imaging
import TestSupport
import Testing

@Suite struct YUYVTests {
    @Test func knowsTheColoursOfTheStandard() throws {
        // BT.601 colour bars at 100 %, as the standard's own 8-bit numbers.
        let bars: [(y: UInt8, u: UInt8, v: UInt8, rgb: [UInt8])] = [
            (16, 128, 128, [0, 0, 0]), (235, 128, 128, [255, 255, 255]), (81, 90, 240, [255, 0, 0]),
            (145, 54, 34, [0, 255, 0]), (41, 240, 110, [0, 0, 255]), (126, 128, 128, [128, 128, 128]),
        ]
        for bar in bars {
            var picture = Picture()
            try YUYV.decode([bar.y, bar.u, bar.y, bar.v], width: 2, height: 1, stride: 4, into: &picture)
            #expect(Difference(picture.pixels, bar.rgb + bar.rgb).largest <= 1, "\(bar): \(picture.pixels)")
        }
    }

    @Test func isTheExactMatrixRounded() throws {
        var random = SplitMix(state: 1)
        let bytes = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        var picture = Picture()
        try YUYV.decode(bytes, width: 200, height: 100, stride: 400, into: &picture)
        var expected: [UInt8] = []
        for pair in 0..<10_000 {
            let (u, v) = (Double(bytes[pair * 4 + 1]) - 128, Double(bytes[pair * 4 + 3]) - 128)
            for luma in [bytes[pair * 4], bytes[pair * 4 + 2]] {
                let y = (Double(luma) - 16) * 255 / 219
                let green = y - 255 / 112 * (0.886 * 0.114 / 0.587 * u + 0.701 * 0.299 / 0.587 * v)
                for value in [y + 255 / 112 * 0.701 * v, green, y + 255 / 112 * 0.886 * u] {
                    expected.append(UInt8(max(0, min(255, value.rounded()))))
                }
            }
        }
        let difference = Difference(picture.pixels, expected)
        #expect(difference.largest <= 1 && difference.equalShare > 0.999, "\(difference)")
    }

    @Test func skipsWhatTheStrideAdds() throws {
        let bytes: [UInt8] = [16, 128, 235, 128, 1, 2, 3, 4, 235, 128, 16, 128]
        var picture = Picture()
        try YUYV.decode(bytes, width: 2, height: 2, stride: 8, into: &picture)
        #expect(picture.pixels == [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0])
    }

    @Test func refusesWhatDoesNotFit() {
        var picture = Picture()
        func words(_ count: Int, _ width: Int, _ height: Int, _ stride: Int) -> String? {
            let bytes = [UInt8](repeating: 0, count: count)
            return refusal { try YUYV.decode(bytes, width: width, height: height, stride: stride, into: &picture) }
        }
        #expect(words(15, 4, 2, 8) == "the YUYV frame has 15 bytes, but 4×2 with 8 bytes a row needs 16")
        #expect(words(16, 4, 2, 8) == nil)
        #expect(words(0, 4, 2, 8)?.contains("0 bytes") == true)
        #expect(words(100, 3, 2, 8)?.contains("pairs") == true)
        #expect(words(100, 4, 2, 7)?.contains("7 bytes a row") == true)
        #expect(words(100, 0, 2, 8)?.contains("no pixels") == true)
        #expect(words(100, -2, 2, 8)?.contains("no pixels") == true)
        #expect(words(100, 4, 2, .max)?.contains("bytes a row") == true)
        #expect(words(100, 1 << 40, 1 << 40, 8)?.contains("larger than") == true)
    }
}
