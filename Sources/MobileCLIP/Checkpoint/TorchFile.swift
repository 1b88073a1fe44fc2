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
            throw CheckpointProblem("it was written on a big-endian machine; load it there and save it again")
        }
        var unpickler = Unpickler(pickle) { key in archive.entry(folder + "data/" + key) }
        let result = try unpickler.run()
        defer { unpickler.dismantle() }
        guard let state = stateDictionary(in: result) else {
            throw CheckpointProblem("its pickle holds no dictionary of tensors (a state dict)")
        }
        return state
    }

    /// The tensors of a state dict, also where training scripts wrap it as {"state_dict": …} or {"model": …}.
    private static func stateDictionary(in value: PickleValue) -> [String: Tensor]? {
        var value = value
        for _ in 0..<3 {
            guard case .dictionary(let dictionary) = value else { return nil }
            let wrapped = dictionary.items.first { key, inner in
                guard case .string(let name) = key, case .dictionary = inner else { return false }
                return ["state_dict", "model_state_dict", "model"].contains(name)
            }
            guard let wrapped else {
                var tensors: [String: Tensor] = [:]
                for case (.string(let name), .tensor(let tensor)) in dictionary.items { tensors[name] = tensor }
                return tensors.isEmpty ? nil : tensors
            }
            value = wrapped.1
        }
        return nil
    }
}
