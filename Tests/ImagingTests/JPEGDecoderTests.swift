import Imaging
import Testing

@Suite struct JPEGDecoderTests {
    private static let kinds = Fixture.all(in: "jpeg", ending: ".jpg").filter { !$0.path.contains("orientation") }

    @Test func everyKindIsHere() {
        #expect(Self.kinds.count == 12)
    }

    @Test(arguments: kinds)
    func decodesAsPillowDoes(_ fixture: Fixture) throws {
        let expected = try fixture.expected()
        var picture = Picture()
        try JPEGDecoder().decode(fixture.bytes, into: &picture)
        #expect(picture.width == expected.width && picture.height == expected.height)
        let difference = Difference(picture.pixels, expected.pixels)
        #expect(difference.largest <= 1, "\(difference)")
        #expect(difference.equalShare > 0.999, "\(difference)")
    }

    @Test func keepsItsMemoryBetweenPictures() throws {
        let decoder = try JPEGDecoder()
        let (large, small) = (Fixture("jpeg/baseline-420.jpg"), Fixture("jpeg/orientation-1.jpg"))
        var picture = Picture()
        try decoder.decode(large.bytes, into: &picture)
        let address = picture.pixels.withUnsafeBufferPointer { $0.baseAddress }
        try decoder.decode(small.bytes, into: &picture)
        #expect(picture.width == 33 && picture.height == 20 && picture.pixels.count == 33 * 20 * 3)
        try decoder.decode(large.bytes, into: &picture)
        #expect(picture.pixels.withUnsafeBufferPointer { $0.baseAddress } == address)
        #expect(try Difference(picture.pixels, large.expected().pixels).largest <= 1)
    }

    @Test func toleratesPaddingAfterTheEnd() throws {
        let fixture = Fixture("jpeg/baseline-422.jpg")
        var picture = Picture()
        for padding in [[0], [UInt8](repeating: 0, count: 4096), [0xFF, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF]] as [[UInt8]] {
            try JPEGDecoder().decode(fixture.bytes + padding, into: &picture)
            #expect(try Difference(picture.pixels, fixture.expected().pixels).largest <= 1)
        }
    }

    @Test(arguments: ["baseline-420", "progressive", "no-huffman-tables", "cmyk"])
    func toleratesALittlePaddingBeforeTheEndMarker(_ name: String) throws {
        let fixture = Fixture("jpeg/\(name).jpg")
        let bytes = try fixture.bytes
        var picture = Picture()
        try JPEGDecoder().decode(bytes.dropLast(2) + [0, 0, 0xFF, 0xD9], into: &picture)
        #expect(try Difference(picture.pixels, fixture.expected().pixels).largest <= 1)
        let padding = [UInt8](repeating: 0, count: 1000)
        #expect(throws: ImagingError.self) {
            try JPEGDecoder().decode(bytes.dropLast(2) + padding + [0xFF, 0xD9], into: &picture)
        }
    }

    @Test func decodesTheNextPictureAfterEveryKindOfFailure() throws {
        let fixture = Fixture("jpeg/baseline-420.jpg")
        let bytes = try fixture.bytes
        let expected = try fixture.expected()
        let decoder = try JPEGDecoder()
        var picture = Picture()
        for bad in [[], [0], Array(bytes.prefix(3)), Array(bytes.prefix(100)), Array(bytes.prefix(900))] {
            #expect(throws: ImagingError.self) { try decoder.decode(bad, into: &picture) }
            try decoder.decode(bytes, into: &picture)
            #expect(Difference(picture.pixels, expected.pixels).largest <= 1)
        }
    }

    @Test func saysWhatIsWrong() throws {
        let bytes = try Fixture("jpeg/baseline-420.jpg").bytes
        let decoder = try JPEGDecoder()
        var picture = Picture()
        func words(_ bytes: [UInt8]) -> String? {
            refusal { try decoder.decode(bytes, into: &picture) }
        }
        #expect(words([]) == "the JPEG is empty")
        #expect(words(Array(bytes.dropLast(200)))?.hasPrefix("the JPEG ends early") == true)
        #expect(words(Array(bytes.dropLast(2)))?.hasPrefix("the JPEG ends early") == true)
        #expect(words(Array("hello".utf8))?.contains("Not a JPEG file") == true)
    }

    @Test func refusesHugeAndEmptySizesBeforeTakingMemory() throws {
        let decoder = try JPEGDecoder()
        var picture = Picture()
        let huge = try resized(width: 20_000, height: 20_000)
        #expect(
            refusal { try decoder.decode(huge, into: &picture) }
                == "the JPEG is 20000×20000, larger than 100 megapixels"
        )
        let many = try resized(width: 9000, height: 9000)
        #expect(
            refusal { try decoder.decode(many, into: &picture) }
                == "the JPEG is 9000×9000, which its \(many.count) bytes cannot hold"
        )
        for (width, height) in [(0, 65), (97, 0), (0, 0)] {
            let empty = try resized(width: width, height: height)
            #expect(throws: ImagingError.self) { try decoder.decode(empty, into: &picture) }
        }
        #expect(picture.pixels.capacity == 0)
    }

    /// A JPEG whose header claims another size.
    private func resized(width: Int, height: Int) throws -> [UInt8] {
        var bytes = try Fixture("jpeg/baseline-420.jpg").bytes
        let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        let size = [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
        bytes.replaceSubrange(frame + 5..<frame + 9, with: size)
        return bytes
    }
}
