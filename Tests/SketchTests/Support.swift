import Foundation
import Sketch
import TestSupport
import Testing

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "sketch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var sketch: SketchFolder { SketchFolder(ofJournal: path + "/journal.db") }

    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: sketch.path)) ?? []).sorted()
    }

    func writer(identity: String = "one", oldest: Int64 = 1, newest: Int64 = 0) throws -> SketchWriter {
        try SketchWriter(sketch, identity: identity, oldest: oldest, newest: newest) { _ in true }
    }

    /// Overwrites bytes of a segment's file.
    func damage(_ name: String, at offset: UInt64, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(sketch.path)/\(name)"))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    func truncate(_ name: String, to length: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(sketch.path)/\(name)"))
        try file.truncate(atOffset: length)
        try file.close()
    }
}

/// Numbers that are the same in every run.
struct Noise {
    var random: SplitMix

    init(_ seed: UInt64) {
        random = SplitMix(state: seed)
    }

    mutating func number() -> Float { Float(random.next() >> 40) * 0x1p-23 - 1 }

    mutating func unit(_ width: Int) -> [Float] {
        Self.normalized((0..<width).map { _ in number() + number() + number() })
    }

    static func normalized(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? vector.map { Float(Double($0) / length) } : vector
    }
}

func halves(_ vector: [Float]) -> [UInt16] { vector.map { Float16($0).bitPattern } }

func product(_ halves: [UInt16], _ query: [Float]) -> Double {
    zip(halves, query).reduce(0) { $0 + Double(Float(Float16(bitPattern: $1.0))) * Double($1.1) }
}

func crop(
    _ look: Int64,
    _ vector: [Float],
    camera: Int32 = 1,
    number: UInt16 = 0,
    at: Int64? = nil
) -> SketchCrop {
    SketchCrop(
        record: SketchRecord(
            look: look,
            at: at ?? look * 1000,
            elapsed: look * 1000,
            frame: UInt64(look),
            run: 1,
            camera: camera,
            crop: number,
            brightness: 90,
            flags: 1
        ),
        halves: halves(vector)
    )
}

let everything = SketchFilter(times: .min..<(.max), cameras: nil, looks: .min...(.max), stretch: 0)
