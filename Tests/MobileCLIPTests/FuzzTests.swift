import Foundation
import MobileCLIP
import TestSupport
import Testing

/// Damaged files in bulk: whatever the bytes, opening ends in tensors or in an error.
@Suite("Damaged checkpoints")
struct FuzzTests {
    @Test(
        "twenty thousand damaged files open or are refused, and never crash",
        .timeLimit(.minutes(2)),
        arguments: 0..<4
    )
    func damaged(part: Int) throws {
        var damage = Damage(seed: UInt64(part))
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var refused = 0
        let cases = 5000
        for _ in 0..<cases {
            try damage.file().write(to: URL(fileURLWithPath: path))
            do {
                let checkpoint = try Checkpoint(path: path)
                for tensor in checkpoint.tensors.values { #expect(tensor.floats().count == tensor.count) }
                _ = checkpoint.digest()
                _ = try Model(checkpoint)
            } catch {
                #expect(!error.problem.isEmpty && error.problem.utf8.count < 4000)
                refused += 1
            }
        }
        // No damage makes a MobileCLIP.
        #expect(refused == cases)
    }
}

/// Small honest files, and the same with bytes flipped, cut, doubled, swapped for telling values, or spliced.
struct Damage {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    private mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(bound, 1)))
    }

    private static let storages = ["0": bytes((0..<8).map { Float($0) }), "1": bytes([Int64(1)])]
    private static let pickle = Pickle.whole(
        Pickle.dictionary([
            ("logit_scale", Pickle.tensor(Pickle.storage("0", count: 8), offset: 7, shape: [], strides: [])),
            (
                "image_encoder.model.head.proj",
                Pickle.tensor(Pickle.storage("0", count: 8), shape: [2, 4], strides: [4, 1])
            ),
            ("count", Pickle.tensor(Pickle.storage("1", "LongStorage", count: 1), shape: [], strides: [])),
            ("list", Pickle.op("](K\u{1}K\u{2}eq\u{5}")), ("again", Pickle.op("h\u{5}")),
        ])
    )
    private static let header = """
        {"__metadata__":{"format":"pt"},"logit_scale":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "a.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},"b":{"dtype":"I64","shape":[0],"data_offsets":[16,16]}}
        """

    /// The next file.
    mutating func file() -> Data {
        switch below(3) {
        case 0:
            let honest = CheckpointBytes.safetensors(Self.header, Data(count: 16))
            // Half of the time in the header alone, whose length is then right.
            guard below(2) == 0 else { return damaged(honest) }
            let header = damaged(Data(Self.header.utf8))
            return little(UInt64(header.count)) + header + Data(count: 16)
        case 1: return damaged(CheckpointBytes.torch(Self.pickle, storages: Self.storages))
        default: return CheckpointBytes.torch(damaged(Self.pickle), storages: Self.storages)
        }
    }

    private mutating func damaged(_ honest: Data) -> Data {
        var file = [UInt8](honest)
        for _ in 0...below(4) where !file.isEmpty {
            let at = below(file.count)
            switch below(8) {
            case 0: file[at] ^= 1 << below(8)
            case 1: file[at] = UInt8(below(256))
            case 2: file[at] = [0, 0x7F, 0x80, 0xFF, 0x28, 0x2E, 0x52, 0x74, 0x75, 0x85, 0x93][below(11)]
            case 3: file.removeSubrange(at..<min(file.count, at + 1 + below(16)))
            case 4: file.removeLast(min(file.count, below(64)))
            case 5: file.insert(contentsOf: file[at..<min(file.count, at + below(32))], at: below(file.count))
            case 6:
                let value: UInt64 = [.max, 1 << 63, 1 << 40, 0, 0xFFFF_FFFF, 1 << 31][below(6)]
                for (i, byte) in little(value).prefix(below(9)).enumerated() where at + i < file.count {
                    file[at + i] = byte
                }
            default: file.insert(contentsOf: (0..<(1 + below(4))).map { _ in UInt8(below(256)) }, at: at)
            }
        }
        return Data(file)
    }
}
