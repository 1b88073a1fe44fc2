import Foundation
import Imaging
import Testing

/// A picture of Fixtures/: what it was made of stands in make_fixtures.py.
struct Fixture: CustomTestStringConvertible {
    var path: String

    var testDescription: String { path }
    var location: String { Fixture.root.appendingPathComponent(path).path }
    var bytes: [UInt8] {
        get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: location))) }
    }

    private static var root: URL { Bundle.module.bundleURL.appendingPathComponent("Fixtures") }

    init(_ path: String) {
        self.path = path
    }

    /// The files of one folder that end so.
    static func all(in folder: String, ending: String) -> [Fixture] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
        return (names ?? []).filter { $0.hasSuffix(ending) }.sorted().map { Fixture("\(folder)/\($0)") }
    }

    /// The binary PPM beside it: the same pixels by another decoder, in a format that needs none.
    func expected(_ ending: String = "") throws -> Picture {
        let path = (self.path as NSString).deletingPathExtension + "\(ending).ppm"
        let bytes = try Fixture(path).bytes
        let fields = bytes.split(separator: 0x0A, maxSplits: 3)
        let size = String(decoding: fields[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard fields[0].elementsEqual("P6".utf8), size.count == 2 else {
            throw ImagingError("\(path) is no binary PPM")
        }
        // The pixels may begin with a byte that looks like a line break, so they are counted from the end.
        return try Picture(width: size[0], height: size[1], pixels: Array(bytes.suffix(size[0] * size[1] * 3)))
    }
}

/// How far two arrays of the same length are apart.
struct Difference: CustomStringConvertible {
    var largest = 0
    var equalShare = 0.0
    var mean = 0.0

    var description: String { "largest \(largest), mean \(mean), equal \(equalShare * 100) %" }

    init(_ first: [UInt8], _ second: [UInt8]) {
        guard first.count == second.count, !first.isEmpty else {
            largest = 256
            return
        }
        var (equal, sum) = (0, 0)
        for (a, b) in zip(first, second) {
            largest = max(largest, abs(Int(a) - Int(b)))
            sum += abs(Int(a) - Int(b))
            equal += a == b ? 1 : 0
        }
        equalShare = Double(equal) / Double(first.count)
        mean = Double(sum) / Double(first.count)
    }
}

/// What `work` throws, in words; nil when it throws nothing.
func refusal(_ work: () throws -> Void) -> String? {
    do {
        try work()
        return nil
    } catch {
        return "\(error)"
    }
}
