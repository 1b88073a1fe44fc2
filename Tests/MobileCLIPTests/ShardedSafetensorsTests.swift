import Foundation
import MobileCLIP
import TestSupport
import Testing

/// Checkpoints in several files: whole, and with something missing, doubled or in the wrong place.
@Suite("Sharded safetensors")
struct ShardedSafetensorsTests {
    /// A folder of shards and an index, which goes when its owner does.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shards-\(UUID().uuidString)").path
        var index: String { path + "/model.safetensors.index.json" }

        /// - Parameter shards: the tensors of each, one number in each tensor: its place in the alphabet.
        init(_ shards: [String: [String]], index map: [String: String]) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, tensors) in shards {
                let entries = tensors.map { CheckpointWriter.Entry($0, [1], [Float($0.utf8.first ?? 0) - 96]) }
                try CheckpointWriter.writeSafetensors(entries, to: "\(path)/\(name)")
            }
            let content: [String: Any] = ["metadata": ["total_size": 12], "weight_map": map]
            try write(JSONSerialization.data(withJSONObject: content), as: "model.safetensors.index.json")
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }

        func write(_ data: Data, as name: String) throws {
            try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }

        /// What is said of the folder; the same must be said of the index.
        func problem() throws -> String? {
            func problem(_ path: String) throws -> String? {
                do throws(ModelError) {
                    _ = try Checkpoint(path: path)
                    return nil
                } catch {
                    #expect(error.path == path)
                    return error.problem
                }
            }
            let said = try problem(path)
            #expect(try problem(index) == said)
            return said
        }
    }

    private static let map = ["a": "1.safetensors", "b": "1.safetensors", "c": "2.safetensors"]

    @Test("the folder and the index are the model that one file would be")
    func whole() throws {
        let folder = try Folder(["1.safetensors": ["a", "b"], "2.safetensors": ["c"]], index: Self.map)
        let one = try Folder(
            ["1.safetensors": ["a", "b", "c"]],
            index: Self.map.mapValues { _ in "1.safetensors" }
        )
        for path in [folder.path, folder.path + "/", folder.index] {
            let checkpoint = try Checkpoint(path: path)
            #expect(checkpoint.format == .safetensors && checkpoint.path == path)
            #expect(checkpoint.tensors.mapValues { $0.floats() } == ["a": [1], "b": [2], "c": [3]])
            #expect(try checkpoint.digest() == Checkpoint(path: one.path + "/1.safetensors").digest())
        }
        #expect(try Checkpoint(path: one.path).tensors.count == 3)
    }

    @Test("a model in two files gives the embeddings' identity of the one file")
    func model() throws {
        let entries = MadeUpModel.layout.map { name, shape in
            CheckpointWriter.Entry(name, shape, SeededWeights.floats(seed: 3, name: name, shape: shape))
        }
        let folder = try Folder([:], index: [:])
        var map: [String: String] = [:]
        for (name, part) in [("1.safetensors", entries.prefix(40)), ("2.safetensors", entries.dropFirst(40))] {
            try CheckpointWriter.writeSafetensors(Array(part), to: "\(folder.path)/\(name)")
            for entry in part { map[entry.name] = name }
        }
        let index = try JSONSerialization.data(withJSONObject: ["weight_map": map])
        try folder.write(index, as: "model.safetensors.index.json")
        let model = try Model(Checkpoint(path: folder.path))
        #expect(try model.identity == Model(MadeUpModel.open(entries)).identity)
    }

    @Test("shards that are missing, torn, or hold what the index says otherwise")
    func wrong() throws {
        let cases: [([String: [String]], [String: String], String)] = [
            (["1.safetensors": ["a", "b"]], Self.map, "its shard 2.safetensors: no such file"),
            (
                ["1.safetensors": ["a"], "2.safetensors": ["b", "c"]], Self.map,
                "the tensor b is in 2.safetensors, and its index has it in 1.safetensors"
            ),
            (
                ["1.safetensors": ["a", "b"], "2.safetensors": ["b", "c"]], Self.map,
                "the tensor b is in both 1.safetensors and 2.safetensors"
            ),
            (
                ["1.safetensors": ["a"], "2.safetensors": ["c"]], Self.map,
                "the tensor b, which its index has in 1.safetensors, is in no shard"
            ),
            (
                ["1.safetensors": ["a", "b"], "2.safetensors": ["c", "d"]], Self.map,
                "the tensor d in 2.safetensors is not in its index"
            ),
            (["1.safetensors": ["a"]], [:], "it holds no tensors"),
            ([:], ["a": "../a.safetensors"], "its index names the shard ../a.safetensors, which is no file beside it"),
            ([:], ["a": ".."], "its index names the shard .., which is no file beside it"),
            ([:], ["a": "/etc/passwd"], "its index names the shard /etc/passwd, which is no file beside it"),
            ([:], ["a": "."], "its index names the shard ., which is no file beside it"),
        ]
        for (shards, map, expected) in cases {
            #expect(try Folder(shards, index: map).problem() == expected)
        }
        let torn = try Folder(["1.safetensors": ["a", "b"], "2.safetensors": ["c"]], index: Self.map)
        let second = try Data(contentsOf: URL(fileURLWithPath: torn.path + "/2.safetensors"))
        try torn.write(second.dropLast(), as: "2.safetensors")
        #expect(
            try torn.problem()
                == "its shard 2.safetensors: tensor c lies at bytes 0–4 of only 3: the file ends early or lies"
        )
    }

    @Test("an index that is none")
    func indexes() throws {
        for (text, expected) in [
            ("{", "the index of its shards cannot be read: it is not JSON"),
            ("{}", "the index of its shards cannot be read: it has no weight_map"),
            (#"{"weight_map":["a"]}"#, "the index of its shards cannot be read: weight_map: "),
            (#"{"weight_map":{"a":1}}"#, "the index of its shards cannot be read: weight_map.a: "),
        ] {
            let folder = try Folder([:], index: [:])
            try folder.write(Data(text.utf8), as: "model.safetensors.index.json")
            let problem = try #require(try folder.problem())
            #expect(problem.hasPrefix(expected), "\(problem)")
        }
        let folder = try Folder([:], index: [:])
        try folder.write(Data("{".utf8) + Data(repeating: 32, count: 8_000_000), as: "model.safetensors.index.json")
        #expect(try folder.problem() == "its index has 8000001 bytes; at most 8000000 are accepted")
    }
}
