import Imaging
import TestSupport
import Testing

@Suite("JPEG encoding and resizing")
struct JPEGEncoderTests {
    /// Four plain quarters.
    private func quarters(_ side: Int) throws -> Picture {
        let colours: [[UInt8]] = [[220, 20, 20], [20, 220, 20], [20, 20, 220], [220, 220, 220]]
        var pixels: [UInt8] = []
        for y in 0..<side {
            for x in 0..<side { pixels += colours[(2 * y < side ? 0 : 2) + (2 * x < side ? 0 : 1)] }
        }
        return try Picture(width: side, height: side, pixels: pixels)
    }

    private func noise(_ width: Int, _ height: Int) throws -> Picture {
        var random = SplitMix(state: 1)
        let pixels = (0..<(width * height * 3)).map { _ in UInt8.random(in: 0...255, using: &random) }
        return try Picture(width: width, height: height, pixels: pixels)
    }

    @Test("what is encoded and decoded again looks the same")
    func roundTrip() throws {
        let picture = try quarters(64)
        var again = Picture()
        try JPEGDecoder().decode(JPEGEncoder().encode(picture, quality: 90), into: &again)
        #expect((again.width, again.height) == (64, 64))
        let errors = zip(picture.pixels, again.pixels).map { abs(Int($0) - Int($1)) }
        #expect(errors.reduce(0, +) / errors.count < 4)
    }

    @Test("a picture is made smaller in its proportions, and never larger")
    func resizing() throws {
        let small = try quarters(64).resized(width: 2, height: 2)
        let expected = [220, 20, 20, 20, 220, 20, 20, 20, 220, 220, 220, 220]
        #expect(zip(small.pixels, expected).allSatisfy { abs(Int($0) - $1) < 60 })
        let wide = try noise(300, 100).resized(within: 150, 1000)
        #expect((wide.width, wide.height) == (150, 50))
        let tall = try noise(100, 300).resized(within: 150, 150)
        #expect((tall.width, tall.height) == (50, 150))
        let same = try noise(30, 10)
        #expect(try same.resized(within: 150, 10).pixels == same.pixels)
        #expect(try noise(4000, 3).resized(within: 16, 16).height == 1)
        #expect(throws: ImagingError.self) { try same.resized(width: 0, height: 1) }
        #expect(throws: ImagingError.self) { try Picture().resized(width: 1, height: 1) }
    }

    @Test("white stays white however much smaller it becomes, up to where its weights would be rounded away")
    func shrinking() throws {
        func white(_ width: Int, _ height: Int) throws -> Picture {
            try Picture(width: width, height: height, pixels: [UInt8](repeating: 255, count: width * height * 3))
        }
        for length in [2999, 7993, 8000] {
            for picture in [try white(length, 2), try white(2, length)] {
                #expect(try picture.resized(width: 1, height: 1).pixels == [255, 255, 255])
            }
        }
        #expect(throws: ImagingError.self) { try white(8001, 1).resized(width: 1, height: 1) }
        #expect(throws: ImagingError.self) { try white(1, 8001).resized(width: 1, height: 1) }
        #expect(try white(16002, 1).resized(width: 3, height: 1).pixels == [UInt8](repeating: 255, count: 9))
    }

    @Test("a picture keeps to its bytes, by lower quality, then by fewer pixels")
    func mostBytes() throws {
        let encoder = try JPEGEncoder()
        let picture = try noise(640, 480)
        let best = try encoder.encode(picture, mostBytes: 10_000_000)
        #expect((best.width, best.height) == (640, 480))
        let lower = try encoder.encode(picture, mostBytes: best.jpeg.count - 1)
        #expect((lower.width, lower.height) == (640, 480))
        #expect(lower.jpeg.count < best.jpeg.count)
        let smaller = try encoder.encode(picture, mostBytes: 20_000)
        #expect(smaller.jpeg.count <= 20_000)
        #expect(smaller.width < 640)
        var again = Picture()
        try JPEGDecoder().decode(smaller.jpeg, into: &again)
        #expect((again.width, again.height) == (smaller.width, smaller.height))
        #expect(throws: ImagingError.self) { try encoder.encode(picture, mostBytes: 10) }
        #expect(throws: ImagingError.self) { try encoder.encode(Picture(), quality: 85) }
    }
}
