import Foundation
import Imaging
import Testing

@Suite struct PictureFileTests {
    @Test(arguments: 1...8)
    func turnsPicturesUpright(_ orientation: Int) throws {
        let fixture = Fixture("jpeg/orientation-\(orientation).jpg")
        #expect(try ExifOrientation(jpeg: fixture.bytes).rawValue == orientation)
        let picture = try PictureFile.read(path: fixture.location)
        let expected = try fixture.expected()
        #expect(picture.width == expected.width && picture.height == expected.height)
        #expect(Difference(picture.pixels, expected.pixels).largest <= 1)
    }

    @Test func tellsFormatsApartByContent() throws {
        let folder = try TemporaryFolder()
        let png = try folder.write(Fixture("png/rgb-8.png").bytes, to: "photo.jpg")
        #expect(try PictureFile.read(path: png).pixels == Fixture("png/rgb-8.png").expected().pixels)
        let text = try folder.write(Array("GIF89a".utf8), to: "photo.png")
        #expect(
            refusal { _ = try PictureFile.read(path: text) } == "\(text): the file is neither a JPEG nor a PNG"
        )
    }

    @Test func namesThePathAndTheCause() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/missing.jpg"
        #expect(refusal { _ = try PictureFile.read(path: missing) } == "\(missing): No such file or directory")
        #expect(
            refusal { _ = try PictureFile.read(path: folder.path) } == "\(folder.path): this is no regular file"
        )
        let empty = try folder.write([], to: "empty.png")
        #expect(refusal { _ = try PictureFile.read(path: empty) } == "\(empty): the file is empty")
        let torn = try folder.write(Fixture("jpeg/grey.jpg").bytes.dropLast(100), to: "torn.jpg")
        #expect(refusal { _ = try PictureFile.read(path: torn) }?.hasPrefix("\(torn): the JPEG ends early") == true)
    }

    @Test func doesNotWaitForFIFOs() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        #expect(refusal { _ = try PictureFile.read(path: path) } == "\(path): this is no regular file")
    }

    @Test func refusesFilesTooLarge() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([0xFF, 0xD8], to: "sparse.jpg")
        #expect(truncate(path, PictureFile.maximumByteCount + (1 << 20)) == 0)
        #expect(refusal { _ = try PictureFile.read(path: path) } == "\(path): the file has 257 MiB, more than 256 MiB")
    }

    @Test func hostileExifIsUpright() throws {
        let bytes = try Fixture("jpeg/orientation-6.jpg").bytes
        let exif = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Exif\0\0MM".utf8)) })
        // In order: the length of the segment, the directory's offset, its count, the value.
        for (offset, replacement) in [
            (exif - 2, [0xFF, 0xFF]), (exif - 2, [0, 0]), (exif - 2, [0, 9]), (exif + 10, [0xFF, 0xFF, 0xFF, 0xFF]),
            (exif + 14, [0, 0]), (exif + 36, [0, 0]), (exif + 36, [0, 9]), (exif + 8, [0, 43]),
        ] as [(Int, [UInt8])] {
            var bad = bytes
            bad.replaceSubrange(offset..<offset + replacement.count, with: replacement)
            #expect(ExifOrientation(jpeg: bad) == .upright, "\(offset) \(replacement)")
        }
        for length in 0..<exif + 38 {
            _ = ExifOrientation(jpeg: Array(bytes.prefix(length)))
        }
        #expect(ExifOrientation(jpeg: bytes) == .turnedLeft)
    }
}

/// A folder that goes when its owner does.
private final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("imaging-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }
}
