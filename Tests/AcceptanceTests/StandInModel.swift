import Foundation
import TestSupport

/// Checkpoints of MobileCLIP-S0 with stand-in weights, written once for all tests and removed when the process exits.
enum StandInModel {
    static let safetensors = Result { try make(.safetensors) }
    static let torch = Result { try make(.torch) }

    private static let prefix = "scenewatch-model-"

    private static func make(_ format: SeededCheckpoint.Format) throws -> String {
        removeLeftOver()
        atexit {
            unlink(StandInModel.path(.safetensors))
            unlink(StandInModel.path(.torch))
        }
        try SeededCheckpoint.write("mobileclip_s0", format: format, to: path(format))
        return path(format)
    }

    private static func path(_ format: SeededCheckpoint.Format) -> String {
        "/tmp/\(prefix)\(getpid()).\(format.rawValue)"
    }

    /// Tests that were killed could not remove theirs; each has 215 MB.
    private static func removeLeftOver() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? [] where name.hasPrefix(prefix) {
            let process = name.dropFirst(prefix.count).prefix(while: \.isNumber)
            if !FileManager.default.fileExists(atPath: "/proc/\(process)") { unlink("/tmp/\(name)") }
        }
    }
}
