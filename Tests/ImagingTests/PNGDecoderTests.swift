import Imaging
import Testing

@Suite struct PNGDecoderTests {
    private static let kinds = Fixture.all(in: "png", ending: ".png").filter { !$0.path.hasSuffix("-16.png") }

    @Test func everyKindIsHere() {
        #expect(Self.kinds.count == 27)
    }

    @Test(arguments: kinds)
    func decodesAsPillowDoes(_ fixture: Fixture) throws {
        let expected = try fixture.expected()
        var picture = Picture()
        try PNGDecoder.decode(fixture.bytes, into: &picture)
        #expect(picture.width == expected.width && picture.height == expected.height)
        #expect(picture.pixels == expected.pixels)
    }

    @Test(arguments: ["png/rgb-16.png", "png/grey-16.png"])
    func refusesSixteenBits(_ path: String) throws {
        let bytes = try Fixture(path).bytes
        var picture = Picture()
        let words = refusal { try PNGDecoder.decode(bytes, into: &picture) }
        #expect(words == "the PNG has 16 bits a channel; convert it to 8 (19×11)")
    }

    @Test func refusesWrongChecksums() throws {
        let bytes = try Fixture("png/rgb-8.png").bytes
        var picture = Picture()
        // IHDR's, IDAT's and IEND's.
        for offset in [32, bytes.count - 13, bytes.count - 1] {
            var bad = bytes
            bad[offset] ^= 1
            let words = refusal { try PNGDecoder.decode(bad, into: &picture) }
            #expect(words?.contains("CRC error") == true, "\(offset): \(words ?? "accepted")")
        }
    }

    @Test func refusesSizesByTheHeader() throws {
        var picture = Picture()
        func words(width: UInt32, height: UInt32) throws -> String? {
            var bytes = try Fixture("png/rgb-8.png").bytes
            let size = [width, height].flatMap { number in (0..<4).map { UInt8(number >> (24 - $0 * 8) & 255) } }
            bytes.replaceSubrange(16..<24, with: size)
            return refusal { try PNGDecoder.decode(bytes, into: &picture) }
        }
        #expect(try words(width: 100_000, height: 100_000)?.contains("100000×100000, larger than 100 megap") == true)
        #expect(try words(width: .max, height: .max)?.contains("larger than") == true)
        #expect(try words(width: 0, height: 11) == "the PNG is 0×11: it has no pixels")
        #expect(try words(width: 9000, height: 9000) == "the PNG is 9000×9000, which its 706 bytes cannot hold")
        #expect(picture.pixels.capacity == 0)
        #expect(try words(width: 19, height: 12)?.contains("CRC error") == true)
    }

    @Test func saysWhatIsWrong() throws {
        let bytes = try Fixture("png/rgb-8.png").bytes
        var picture = Picture()
        func words(_ bytes: [UInt8]) -> String? {
            refusal { try PNGDecoder.decode(bytes, into: &picture) }
        }
        #expect(words([]) == "the PNG is empty")
        #expect(words([0xFF, 0xD8]) == "this is no PNG: it does not begin with the signature of one")
        #expect(words(Array(bytes.prefix(20))) == "the PNG cannot be decoded (it ends early)")
        #expect(words(Array(bytes.dropLast(30))) == "the PNG cannot be decoded (it ends early)")
        #expect(words(Array(bytes.prefix(8) + bytes.suffix(40)))?.contains("does not begin with its header") == true)
    }
}
