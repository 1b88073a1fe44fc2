import Capture
import TestSupport
import Testing

@Suite struct JPEGSplitterTests {
    /// All pictures in the bytes when they come in chunks of at most `size`.
    private func split(_ bytes: [UInt8], by size: Int, limit: Int = 1 << 20) -> (pictures: [[UInt8]], corrupt: UInt64) {
        var splitter = JPEGSplitter(limit: limit)
        var pictures: [[UInt8]] = []
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let end = min(offset + size, bytes.count)
                while offset < end {
                    offset += splitter.feed(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
                    guard splitter.isComplete else { continue }
                    var picture: [UInt8] = [1, 2, 3]
                    splitter.take(into: &picture)
                    pictures.append(picture)
                }
            }
        }
        splitter.finish()
        return (pictures, splitter.corrupt)
    }

    private static let whole = [
        Pictures.tiny(1), Pictures.withThumbnail, Pictures.withFillBytes, Pictures.progressive, Pictures.tiny(3),
    ]

    @Test func chunkSizesMakeNoDifference() {
        let bytes = Self.whole.flatMap { $0 }
        for size in 1...bytes.count {
            let result = split(bytes, by: size)
            #expect(result.pictures == Self.whole, "chunks of \(size)")
            #expect(result.corrupt == 0, "chunks of \(size)")
        }
    }

    @Test(arguments: [
        [], [0], [0xFF], [0, 0, 0, 0xFF, 0xFF], Array("\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n".utf8),
    ])
    func paddingAndTextBetweenPicturesAreSilent(padding: [UInt8]) {
        let bytes = padding + Self.whole.flatMap { $0 + padding }
        for size in [1, 2, 3, 7, 1000] {
            let result = split(bytes, by: size)
            #expect(result.pictures == Self.whole)
            #expect(result.corrupt == 0)
        }
    }

    @Test func aStretchOfGarbageCountsOnce() {
        let garbage: [UInt8] = [0x80, 0x81, 0xFF, 0x00, 0x90, 0xFF, 0xC0]
        let bytes = garbage + Pictures.tiny(1) + garbage + garbage + Pictures.tiny(2)
        for size in [1, 2, 5, 1000] {
            let result = split(bytes, by: size)
            #expect(result.pictures == [Pictures.tiny(1), Pictures.tiny(2)])
            #expect(result.corrupt == 2)
        }
    }

    @Test func aPictureThatBreaksOffInItsScanCostsNoOther() {
        let first = Pictures.tiny(1)
        // The scan's first byte is the 18th.
        for count in 17..<first.count - 1 {
            let bytes = first[..<count] + Pictures.withThumbnail
            for size in [1, 4, 1000] {
                let result = split(Array(bytes), by: size)
                #expect(result.pictures == [Pictures.withThumbnail], "cut after \(count)")
                #expect(result.corrupt == 1, "cut after \(count)")
            }
        }
    }

    @Test func afterABreakInAHeaderTheStreamIsFoundAgain() {
        // What the broken segment's length covers is lost, which is 64 KiB at most.
        let stream = Array(repeatElement(Self.whole, count: 1000).joined().joined())
        for count in 2..<Pictures.withThumbnail.count {
            let result = split(Pictures.withThumbnail[..<count] + stream, by: 1 << 16)
            #expect(result.pictures.suffix(Self.whole.count) == Self.whole[...], "cut after \(count)")
            #expect(result.pictures.count > 2000, "cut after \(count)")
        }
    }

    @Test func aStreamThatEndsWithinAPictureIsCounted() {
        for count in 2..<Pictures.progressive.count {
            let result = split(Array(Pictures.progressive[..<count]), by: 1000)
            #expect(result.pictures.isEmpty)
            #expect(result.corrupt == 1)
        }
    }

    @Test(
        arguments: [
            [0xFF, 0xD8, 0x00], [0xFF, 0xD8, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF, 0x02], [0xFF, 0xD8, 0xFF, 0xC8],
            [0xFF, 0xD8, 0xFF, 0xDB, 0, 1], [0xFF, 0xD8, 0xFF, 0xDB, 0, 2, 7],
            [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 7, 0xFF, 0x50],
        ] as [[UInt8]]
    )
    func whatBreaksTheRulesIsDropped(start: [UInt8]) {
        for size in [1, 1000] {
            let result = split(start + Pictures.tiny(4), by: size)
            #expect(result.pictures == [Pictures.tiny(4)])
            #expect(result.corrupt == 1)
        }
    }

    @Test func picturesOverTheLimitAreDropped() {
        let large = [0xFF, 0xD8] + Pictures.segment(0xDA, [1]) + [UInt8](repeating: 7, count: 5000) + [0xFF, 0xD9]
        for size in [1, 100, 10_000] {
            let result = split(Pictures.tiny(1) + large + Pictures.tiny(2), by: size, limit: large.count - 1)
            #expect(result.pictures == [Pictures.tiny(1), Pictures.tiny(2)])
            #expect(result.corrupt == 1)
            #expect(split(large, by: size, limit: large.count).pictures == [large])
        }
    }

    @Test func noiseNeverTrapsNorPassesTheLimitNorStalls() {
        var random = SplitMix(state: 42)
        for round in 0..<300 {
            // Bytes that matter come often.
            let alphabet: [UInt8] = [0xFF, 0xD8, 0xD9, 0xDA, 0x00, 0xC4, 0xE1, 0xD3, 0x01, 0x02, 0x80]
            let bytes = (0..<2000).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            let expected = split(bytes, by: bytes.count, limit: 700)
            #expect(expected.pictures.allSatisfy { $0.count <= 700 && $0.starts(with: [0xFF, 0xD8]) })
            let size = Int(random.next() % 50) + 1
            let result = split(bytes, by: size, limit: 1 << 20)
            let unlimited = split(bytes, by: bytes.count, limit: 1 << 20)
            #expect(result.pictures == unlimited.pictures, "round \(round)")
            #expect(result.corrupt == unlimited.corrupt, "round \(round)")
        }
    }
}
