import Foundation

/// Reads a checkpoint that is spread over several safetensors files in one folder, of which an index says which has what:
/// `{"metadata": {"total_size": 1825}, "weight_map": {"logit_scale": "model-00001-of-00002.safetensors", …}}`.
///
/// What the index says and what the shards hold must be the same; neither is believed.
enum ShardedSafetensors {
    /// What the index is called by those who publish.
    static let indexName = "model.safetensors.index.json"
    private static let largestIndex = 8_000_000
    private static let mostShards = 1000

    private struct Index: Decodable {
        let shards: [String: String]

        enum CodingKeys: String, CodingKey {
            case shards = "weight_map"
        }
    }

    /// JSON; a safetensors file's own header has zeros in the length before it.
    static func looksLikeIndex(_ file: Data) -> Bool {
        file.first == UInt8(ascii: "{") && !file.prefix(8).contains(0)
    }

    /// - Returns: the tensors of all shards, and how many bytes these have together.
    static func tensors(
        ofIndex path: String
    ) throws(CheckpointProblem) -> (tensors: [String: Tensor], size: Int) {
        let index = try index(path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let names = Set(index.shards.values).sorted()
        guard names.count <= mostShards else {
            throw CheckpointProblem("its index names \(names.count) shards; at most \(mostShards) are accepted")
        }
        var tensors: [String: Tensor] = [:]
        var homes: [String: String] = [:]
        var size = 0
        for name in names {
            let (found, bytes) = try shard(name, in: folder)
            size += bytes
            for (tensor, value) in found {
                if let other = homes.updateValue(name, forKey: tensor) {
                    throw CheckpointProblem("the tensor \(tensor) is in both \(other) and \(name)")
                }
                tensors[tensor] = value
            }
        }
        try compare(index.shards, homes)
        return (tensors, size)
    }

    private static func index(_ path: String) throws(CheckpointProblem) -> Index {
        let file = try MappedFile.bytes(of: path)
        guard file.count <= largestIndex else {
            throw CheckpointProblem("its index has \(file.count) bytes; at most \(largestIndex) are accepted")
        }
        do {
            return try JSONDecoder().decode(Index.self, from: Data(file))
        } catch {
            throw CheckpointProblem("the index of its shards cannot be read: \(SafetensorsFile.words(for: error))")
        }
    }

    private static func shard(
        _ name: String,
        in folder: String
    ) throws(CheckpointProblem) -> (tensors: [String: Tensor], size: Int) {
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("\0") else {
            throw CheckpointProblem("its index names the shard \(name.prefix(80)), which is no file beside it")
        }
        do {
            let file = try MappedFile.bytes(of: "\(folder)/\(name)")
            return (try SafetensorsFile.tensors(in: file), file.count)
        } catch {
            throw CheckpointProblem("its shard \(name): \(error.message)")
        }
    }

    /// Every tensor where the index says that it is, and none of which it says nothing.
    private static func compare(_ said: [String: String], _ found: [String: String]) throws(CheckpointProblem) {
        for (tensor, shard) in said.sorted(by: { $0.key < $1.key }) where found[tensor] != shard {
            guard let other = found[tensor] else {
                throw CheckpointProblem("the tensor \(tensor), which its index has in \(shard), is in no shard")
            }
            throw CheckpointProblem("the tensor \(tensor) is in \(other), and its index has it in \(shard)")
        }
        if let (tensor, shard) = found.filter({ said[$0.key] == nil }).min(by: { $0.key < $1.key }) {
            throw CheckpointProblem("the tensor \(tensor) in \(shard) is not in its index")
        }
    }
}
