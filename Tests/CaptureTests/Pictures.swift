import Foundation

/// JPEG pictures in the sense of the markers; no decoder would like them.
enum Pictures {
    static func segment(_ marker: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
    }

    /// A picture told from others by `mark`, with a stuffed byte and a restart in its scan.
    static func tiny(_ mark: UInt8 = 1) -> [UInt8] {
        let scan: [UInt8] = [mark & 0x7F, 0xFF, 0x00, 5, 0xFF, 0xD3, 6]
        return [0xFF, 0xD8] + segment(0xDB, [mark, 2, 3]) + segment(0xDA, [1, 2]) + scan + [0xFF, 0xD9]
    }

    /// Carries a whole picture in its APP1 segment.
    static let withThumbnail: [UInt8] =
        [0xFF, 0xD8] + segment(0xE1, Array("Exif\0\0".utf8) + tiny(9) + [0]) + tiny(2).dropFirst(2)

    static let withFillBytes: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xFF] + segment(0xE0, []) + [0xFF, 0xFF] + segment(0xDA, [7])
        + [8, 0xFF, 0xFF, 0x00, 9, 0xFF, 0xFF, 0xD9]

    static let progressive: [UInt8] =
        [0xFF, 0xD8] + segment(0xC2, [1, 2, 3, 4]) + segment(0xC4, [1]) + segment(0xDA, [1]) + [10, 20, 0xFF, 0]
        + segment(0xC4, [2]) + segment(0xDA, [2]) + [30] + segment(0xDA, [3]) + [40, 0xFF, 0xD9]

    /// A shell word that makes printf print the bytes.
    static func printf(_ bytes: [UInt8]) -> String {
        "printf '" + bytes.map { "\\" + String($0, radix: 8).leftPadded(to: 3) }.joined() + "'"
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(0, count - self.count)) + self
    }
}

/// A folder that is gone with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/capture-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}
