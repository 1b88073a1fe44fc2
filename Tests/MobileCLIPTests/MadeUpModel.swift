import Foundation
import MobileCLIP
import TestSupport

/// A narrow, shallow MCi model with stand-in weights, in the published layout before folding.
enum MadeUpModel {
    private static let model = SmallModel()

    /// Name and shape of every tensor.
    static let layout = model.layout

    private static let weights: [String: [Float]] = Dictionary(
        uniqueKeysWithValues: layout.map { ($0.name, SeededWeights.floats(seed: 3, name: $0.name, shape: $0.shape)) }
    )

    /// A checkpoint of the model with some of its tensors exchanged, removed (nil) or added.
    static func open(changing changes: [String: CheckpointWriter.Entry?] = [:]) throws -> Checkpoint {
        let own = layout.map { ($0.name, CheckpointWriter.Entry($0.name, $0.shape, weights[$0.name] ?? [])) }
        var entries = Dictionary(uniqueKeysWithValues: own)
        for (name, entry) in changes { entries[name] = entry }
        return try open(entries.values.sorted { $0.name < $1.name })
    }

    /// A checkpoint of these tensors; its file is already unlinked.
    static func open(_ entries: [CheckpointWriter.Entry]) throws -> Checkpoint {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try CheckpointWriter.writeSafetensors(entries, to: path)
        return try Checkpoint(path: path)
    }

    /// The same picture in both layouts: bytes, and planes of 0…1.
    static let picture: (pixels: [UInt8], planes: Reference.Planes) = {
        let pixels = (0..<(3 * 65536)).map { UInt8(truncatingIfNeeded: ($0 / 3 % 256) ^ ($0 / 768) &+ $0 % 3 * 40) }
        let planes = (0..<(3 * 65536)).map { Float(pixels[$0 % 65536 * 3 + $0 / 65536]) / 255 }
        return (pixels, Reference.Planes(channels: 3, height: 256, width: 256, values: planes))
    }()
}

/// The largest difference, as a part of the largest expected magnitude.
func difference(_ actual: [Float], _ expected: [Float]) -> Float {
    guard actual.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 0
    let errors = zip(actual, expected).map { abs($0 - $1) }
    return errors.allSatisfy(\.isFinite) ? (errors.max() ?? 0) / max(largest, .leastNormalMagnitude) : .infinity
}
