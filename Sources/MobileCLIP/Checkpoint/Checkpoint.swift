import Crypto
import Foundation

/// The named tensors of one model file, mapped into memory.
public struct Checkpoint: Sendable {
    /// The formats that can be read.
    public enum Format: String, Sendable {
        case safetensors
        case torch = "PyTorch"
    }

    /// The file, as it was named.
    public let path: String
    /// What kind of file it turned out to be; its name plays no part.
    public let format: Format
    /// Every tensor by its name, a leading `module.` removed.
    public let tensors: [String: Tensor]

    /// Maps and reads the file's directory of tensors; their elements are read when asked for.
    ///
    /// - Parameter path: of a file; or of several: their index, or the folder with `model.safetensors.index.json`.
    /// - Throws: `ModelError` in words when a file is missing, cut short, malformed, or tries anything but tensors.
    public init(path: String) throws(ModelError) {
        do throws(CheckpointProblem) {
            let (format, found, size) = try Self.read(path)
            try Self.check(found, size: size)
            let prefix = "module."
            let wrapped = found.keys.allSatisfy { $0.hasPrefix(prefix) }
            tensors =
                wrapped
                ? Dictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
                : found
            self.format = format
            self.path = path
        } catch {
            throw ModelError(path: path, problem: error.message)
        }
    }

    /// - Returns: the size in bytes of all files that were read, too.
    private static func read(
        _ path: String
    ) throws(CheckpointProblem) -> (format: Format, tensors: [String: Tensor], size: Int) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            let index = "\(path)/\(ShardedSafetensors.indexName)"
            guard FileManager.default.fileExists(atPath: index) else {
                throw CheckpointProblem(
                    "this is a folder without \(ShardedSafetensors.indexName); name the checkpoint file in it"
                )
            }
            let (tensors, size) = try ShardedSafetensors.tensors(ofIndex: index)
            return (.safetensors, tensors, size)
        }
        let file = try MappedFile.bytes(of: path)
        if ZipArchive.looksLikeOne(file) { return (.torch, try TorchFile.tensors(in: file), file.count) }
        if LegacyTorchFile.looksLikeOne(file) { return (.torch, try LegacyTorchFile.tensors(in: file), file.count) }
        if ShardedSafetensors.looksLikeIndex(file) {
            let (tensors, size) = try ShardedSafetensors.tensors(ofIndex: path)
            return (.safetensors, tensors, size)
        }
        return (.safetensors, try SafetensorsFile.tensors(in: file), file.count)
    }

    /// SHA-256 over every tensor's name, type, shape and bytes, in order of name: the same weights have the same digest
    /// in whichever format they come.
    public func digest() -> String {
        var hash = SHA256()
        for (name, tensor) in tensors.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            hash.update(data: Data("\(name) \(tensor.type.rawValue) \(tensor.shape)\n".utf8))
            tensor.rowMajorBytes().withUnsafeBytes { hash.update(bufferPointer: $0) }
            tensor.letGo()
        }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    /// Every published model has fewer than 2,000 tensors, with names of fewer than 100 characters.
    private static let mostTensors = 10_000
    private static let longestName = 500

    /// What holds for an honest file of either format, and keeps memory and messages within bounds for any other.
    private static func check(_ tensors: [String: Tensor], size: Int) throws(CheckpointProblem) {
        guard !tensors.isEmpty else { throw CheckpointProblem("it holds no tensors") }
        guard tensors.count <= mostTensors else {
            throw CheckpointProblem("it holds \(tensors.count) tensors; at most \(mostTensors) are accepted")
        }
        for name in tensors.keys where name.utf8.count > longestName || name != CheckpointProblem.printable(name) {
            throw CheckpointProblem("it holds a tensor with the unprintable or overlong name \(name)")
        }
        // Tensors may share a storage, but a file cannot hold many times its own size.
        let claimed = tensors.values.reduce(0) { $0 + $1.count * $1.type.size }
        guard claimed <= 4 * size + (1 << 20) else {
            throw CheckpointProblem("its tensors claim \(claimed) bytes together; the file has only \(size)")
        }
    }
}

/// What is wrong inside a checkpoint, before it is known which file it was.
struct CheckpointProblem: Error {
    let message: String

    /// - Parameter message: may quote the file; what a terminal would act on is replaced, and much of it cut.
    init(_ message: String) {
        self.message = Self.printable(String(String.UnicodeScalarView(message.unicodeScalars.prefix(600))))
    }

    /// The text with control characters, line breaks and direction marks replaced by U+FFFD.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: Unicode.Scalar(0xFFFD) ?? " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
