import Imaging
import TestSupport
import Testing

/// Cut off and damaged pictures: refused or decoded, never a crash, and never less than a whole picture.
@Suite struct HostileInputTests {
    @Test(arguments: ["jpeg/baseline-420.jpg", "jpeg/progressive.jpg", "jpeg/cmyk.jpg", "jpeg/restarts.jpg"])
    func everyShorterJPEGIsRefused(_ path: String) throws {
        let bytes = try Fixture(path).bytes
        let decoder = try JPEGDecoder()
        var picture = Picture()
        for length in 0..<bytes.count {
            let words = bytes.withUnsafeBytes { bytes in
                refusal { try decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[..<length]), into: &picture) }
            }
            #expect(words != nil, "the first \(length) bytes were taken for a picture")
        }
    }

    @Test(arguments: ["png/rgb-8.png", "png/palette-4-interlaced.png", "png/grey-1.png", "png/rgb-8-gamma.png"])
    func everyShorterPNGIsRefused(_ path: String) throws {
        let bytes = try Fixture(path).bytes
        var picture = Picture()
        for length in 0..<bytes.count {
            let words = refusal { try PNGDecoder.decode(Array(bytes[..<length]), into: &picture) }
            #expect(words != nil, "the first \(length) bytes were taken for a picture")
        }
    }

    @Test(
        arguments: Fixture.all(in: "jpeg", ending: "e.jpg") + Fixture.all(in: "jpeg", ending: "0.jpg")
            + ["cmyk", "ycck", "orientation-6", "grey"].map { Fixture("jpeg/\($0).jpg") }
    )
    func damagedJPEGsDoNotCrash(_ fixture: Fixture) throws {
        try damage(fixture, times: 150)
    }

    @Test(arguments: Fixture.all(in: "png", ending: ".png"))
    func damagedPNGsDoNotCrash(_ fixture: Fixture) throws {
        try damage(fixture, times: 60)
    }

    /// Damage that keeps every checksum right reaches the decoder behind them.
    @Test(arguments: Fixture.all(in: "png", ending: ".png"))
    func damagedPNGsWithRightChecksumsDoNotCrash(_ fixture: Fixture) throws {
        try damage(fixture, times: 60) { bytes in
            var offset = 8
            while offset + 12 <= bytes.count {
                let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
                guard length <= bytes.count - offset - 12 else {
                    return
                }
                let checksum = crc32(bytes[offset + 4..<offset + 8 + length])
                for index in 0..<4 {
                    bytes[offset + 8 + length + index] = UInt8(truncatingIfNeeded: checksum >> (24 - index * 8))
                }
                offset += 12 + length
            }
        }
    }

    @Test func noiseIsRefused() {
        var random = SplitMix(state: 5)
        for length in 0..<500 {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            for signature in [[], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]] {
                #expect(refusal { _ = try PictureFile.decode(signature + noise) } != nil)
            }
        }
    }

    private func damage(_ fixture: Fixture, times: Int, repair: (inout [UInt8]) -> Void = { _ in }) throws {
        let bytes = try fixture.bytes
        var random = SplitMix(state: UInt64(bytes.count))
        for _ in 0..<times {
            var bad = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            repair(&bad)
            if let picture = try? PictureFile.decode(bad) {
                #expect(picture.width > 0 && picture.pixels.count == picture.width * picture.height * 3)
            }
        }
    }

    /// The checksum of PNG chunks (PNG specification, annex D), bit by bit.
    private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt32(byte)) { checksum, _ in
                checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1
            }
        }
    }
}
