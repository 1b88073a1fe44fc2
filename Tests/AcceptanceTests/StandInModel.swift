import Foundation
import Synchronization
import TestSupport

/// Checkpoints of MobileCLIP-S0 with stand-in weights, written once for all tests and removed when the process exits.
enum StandInModel {
    static let safetensors = Result { try make(.safetensors) }
    static let torch = Result { try make(.torch) }

    /// The sizes of the bundled model, with every token learned.
    static let small = Result { try makeSmall() }

    private static func makeSmall() throws -> String {
        let path = "/tmp/\(prefix)\(getpid()).small.safetensors"
        smallPath.withLock { $0 = path }
        atexit { _ = StandInModel.smallPath.withLock { $0.map { unlink($0) } } }
        try CheckpointWriter.writeSafetensors(SmallModel.bundled(learned: nil).entries(), to: path)
        return path
    }

    private static let smallPath = Mutex<String?>(nil)
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
