import Foundation
import MobileCLIP

/// Writes checkpoints of stand-in weights in the published formats.
package enum SeededCheckpoint {
    package enum Format: String, Sendable {
        case safetensors
        case torch = "pt"
    }

    /// A checkpoint opened from a file that is already unlinked.
    package static func open(_ variant: String, seed: UInt64 = 1, format: Format = .safetensors) throws -> Checkpoint {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("scenewatch-\(UUID().uuidString).\(format.rawValue)").path
        try write(variant, seed: seed, format: format, to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Checkpoint(path: path)
    }

    package static func write(_ variant: String, seed: UInt64 = 1, format: Format, to path: String) throws {
        let tensors = try ReferenceData.tensors(of: variant).map { name, shape, type in
            CheckpointWriter.Entry(name: name, shape: shape, type: type == "int64" ? .int64 : .float32) {
                type == "int64"
                    ? Data(count: 8 * shape.reduce(1, *))
                    : SeededWeights.floats(seed: seed, name: name, shape: shape).withUnsafeBytes { Data($0) }
            }
        }
        switch format {
        case .safetensors: try CheckpointWriter.writeSafetensors(tensors, to: path)
        case .torch: try CheckpointWriter.writeTorch(tensors, to: path)
        }
    }
}
