import Imaging
import TestSupport
import Testing

/// Cut off pictures and noise: refused, never less than a whole picture. Damaged ones are Tests/Fuzz's.
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

    @Test func noiseIsRefused() {
        var random = SplitMix(state: 5)
        for length in 0..<500 {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            for signature in [[], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]] {
                #expect(refusal { _ = try PictureFile.decode(signature + noise) } != nil)
            }
        }
    }
}
