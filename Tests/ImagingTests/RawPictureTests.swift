import Imaging
import TestSupport
import Testing

@Suite struct RawPictureTests {
    @Test func knowsTheColoursOfTheStandards() throws {
        // Colour bars at 100 %, as the standards' own 8-bit numbers.
        let bars: [ColorMatrix: [(y: UInt8, u: UInt8, v: UInt8, rgb: [UInt8])]] = [
            .bt601: [
                (16, 128, 128, [0, 0, 0]), (235, 128, 128, [255, 255, 255]), (81, 90, 240, [255, 0, 0]),
                (145, 54, 34, [0, 255, 0]), (41, 240, 110, [0, 0, 255]), (126, 128, 128, [128, 128, 128]),
            ],
            .bt709: [
                (16, 128, 128, [0, 0, 0]), (235, 128, 128, [255, 255, 255]), (63, 102, 240, [255, 0, 0]),
                (173, 42, 26, [0, 255, 0]), (32, 240, 118, [0, 0, 255]),
            ],
            .bt2020: [
                (16, 128, 128, [0, 0, 0]), (235, 128, 128, [255, 255, 255]), (74, 97, 240, [255, 0, 0]),
                (164, 47, 25, [0, 255, 0]), (29, 240, 119, [0, 0, 255]),
            ],
        ]
        for (matrix, bars) in bars {
            for bar in bars {
                let layout = RawLayout(format: .yuyv, width: 2, height: 1, stride: 4, matrix: matrix)
                var picture = Picture()
                try RawPicture.decode([bar.y, bar.u, bar.y, bar.v], layout, into: &picture)
                let difference = Difference(picture.pixels, bar.rgb + bar.rgb)
                #expect(difference.largest <= 2, "\(matrix) \(bar): \(picture.pixels)")
            }
        }
    }

    @Test(arguments: RawLayout.Format.allCases)
    func isTheExactMatrixRounded(_ format: RawLayout.Format) throws {
        for matrix in ColorMatrix.allCases {
            for range in ColorRange.allCases {
                let frame = RawFrame.noise(format, width: 200, height: 101, matrix: matrix, range: range)
                var picture = Picture()
                try RawPicture.decode(frame.bytes, frame.layout, into: &picture)
                #expect(picture.width == 200 && picture.height == 101)
                let difference = Difference(picture.pixels, frame.expected)
                #expect(difference.largest <= 1 && difference.equalShare > 0.999, "\(matrix) \(range): \(difference)")
            }
        }
    }

    /// The factors that make the result the same on every host.
    @Test(arguments: [RawLayout.Format.yuyv, .uyvy, .nv12, .yu12])
    func isTheArithmeticThatIsPromised(_ format: RawLayout.Format) throws {
        let frame = RawFrame.noise(format, width: 250, height: 80, seed: 2)
        var picture = Picture()
        try RawPicture.decode(frame.bytes, frame.layout, into: &picture)
        var expected: [UInt8] = []
        for y in 0..<80 {
            for x in 0..<250 {
                let samples = try (0..<3).map { Int(frame.bytes[try #require(frame.index($0, x, y))]) }
                let (luma, u, v) = (76309 * (samples[0] - 16) + 32768, samples[1] - 128, samples[2] - 128)
                for sum in [luma + 104_597 * v, luma - 25_675 * u - 53_279 * v, luma + 132_201 * u] {
                    expected.append(UInt8(max(0, min(255, sum >> 16))))
                }
            }
        }
        #expect(picture.pixels == expected)
    }

    @Test(
        arguments: [RawLayout.Format.nv12, .yu12, .grey, .rgb24, .bgr24],
        [(1, 1), (1, 2), (5, 1), (7, 5), (33, 18)]
    )
    func takesOddSizes(_ format: RawLayout.Format, size: (width: Int, height: Int)) throws {
        let frame = RawFrame.noise(format, width: size.width, height: size.height)
        var picture = Picture()
        try RawPicture.decode(frame.bytes, frame.layout, into: &picture)
        #expect(Difference(picture.pixels, frame.expected).largest <= 1)
    }

    @Test func fullRangeIsCopied() throws {
        let bytes: [UInt8] = [0, 1, 2, 253, 254, 255]
        var picture = Picture()
        func decode(_ format: RawLayout.Format, width: Int, _ range: ColorRange) throws -> [UInt8] {
            let layout = RawLayout(format: format, width: width, height: 1, stride: 6, range: range)
            try RawPicture.decode(bytes, layout, into: &picture)
            return picture.pixels
        }
        #expect(try decode(.rgb24, width: 2, .full) == bytes)
        #expect(try decode(.bgr24, width: 2, .full) == [2, 1, 0, 255, 254, 253])
        #expect(try decode(.grey, width: 6, .full) == bytes.flatMap { [$0, $0, $0] })
        #expect(try decode(.rgb24, width: 2, .limited) == [0, 0, 0, 255, 255, 255])
    }

    @Test func skipsWhatTheStrideAdds() throws {
        let bytes: [UInt8] = [16, 128, 235, 128, 1, 2, 3, 4, 235, 128, 16, 128]
        var picture = Picture()
        let layout = RawLayout(format: .yuyv, width: 2, height: 2, stride: 8)
        try RawPicture.decode(bytes, layout, into: &picture)
        #expect(picture.pixels == [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0])
    }
}
