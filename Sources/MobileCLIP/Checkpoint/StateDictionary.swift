import Foundation

/// The tensors of a state dict, also where training scripts wrap it as {"state_dict": …} or {"model": …}.
enum StateDictionary {
    /// - Parameter bytes: of the storage of a key; nil where the file has none.
    static func tensors(
        in value: PickleValue,
        bytes: (String) -> Data?
    ) throws(CheckpointProblem) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for case (.string(let name), .tensor(let tensor)) in innermost(value)?.items ?? [] {
            tensors[name] = try tensor.over(bytes(tensor.storage.key))
        }
        guard !tensors.isEmpty else {
            throw CheckpointProblem("its pickle holds no dictionary of tensors (a state dict)")
        }
        return tensors
    }

    private static func innermost(_ value: PickleValue) -> PickleDictionary? {
        var value = value
        for _ in 0..<3 {
            guard case .dictionary(let dictionary) = value else { return nil }
            let wrapped = dictionary.items.first { key, inner in
                guard case .string(let name) = key, case .dictionary = inner else { return false }
                return ["state_dict", "model_state_dict", "model"].contains(name)
            }
            guard let wrapped else { return dictionary }
            value = wrapped.1
        }
        return nil
    }
}
