import Foundation

/// Pictures for cameras.
enum Pictures {
    private static let fixtures = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ImagingTests/Fixtures")

    /// The path of a picture file among the fixtures.
    static func path(_ name: String) -> String { fixtures.appendingPathComponent(name).path }

    /// Two JPEG pictures that look nothing like each other.
    static let pair = ("published/rocket.jpg", "jpeg/baseline-444.jpg")

    static func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

    /// Pictures one after the other: `count` times each in turn.
    static func reel(_ names: [String], count: Int) throws -> Data {
        try names.map { name in (try data(name), count) }.reduce(into: Data()) { reel, part in
            for _ in 0..<part.1 { reel.append(part.0) }
        }
    }

    /// A JPEG whose header says that it is 20000 pixels wide and high.
    static func enormous() throws -> Data {
        var bytes = [UInt8](try data("jpeg/baseline-420.jpg"))
        guard let frame = bytes.indices.dropLast(9).first(where: { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }) else {
            throw Timeout(description: "the fixture has no frame header")
        }
        for offset in [5, 7] {
            bytes[frame + offset] = UInt8(20000 >> 8)
            bytes[frame + offset + 1] = UInt8(20000 & 0xFF)
        }
        return Data(bytes)
    }
}
