import Foundation

/// Reads what `torch.save` writes: a zip archive of one pickle and one entry per storage.
enum TorchFile {
    static func tensors(in file: Data) throws(CheckpointProblem) -> [String: Tensor] {
        let archive = try ZipArchive(file)
        guard let pickleName = archive.names.filter({ $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }).min(),
            let pickle = archive.entry(pickleName)
        else { throw CheckpointProblem("this zip archive is no PyTorch file: it has no data.pkl") }
        let folder = pickleName.dropLast("data.pkl".count)
        if let order = archive.entry(folder + "byteorder"), String(decoding: order, as: UTF8.self) != "little" {
            throw CheckpointProblem.bigEndian
        }
        var unpickler = Unpickler(pickle)
        let result = try unpickler.run()
        defer { unpickler.dismantle() }
        return try StateDictionary.tensors(in: result) { key in archive.entry(folder + "data/" + key) }
    }
}

extension CheckpointProblem {
    static let bigEndian = CheckpointProblem(
        "it was written on a big-endian machine; load it there and save it again"
    )
}
