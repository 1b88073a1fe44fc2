import Foundation

/// Reads what `torch.save` wrote before PyTorch 1.6, and writes still with `_use_new_zipfile_serialization=False`.
///
/// Five pickles, one behind the other: a magic number, the version of the format, facts of the machine that wrote it, the
/// saved object, and the list of its storages' keys. Then, in the order of that list, each storage: the number of its
/// elements in eight bytes, and the elements. Source: PyTorch's torch/serialization.py, `_legacy_save`.
enum LegacyTorchFile {
    /// LONG1, ten bytes of 0x1950a86a20f9469cfc6c, STOP.
    private static let magic: [UInt8] = [
        0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    private static let version = 1001

    static func looksLikeOne(_ file: Data) -> Bool {
        endOfMagic(in: file) != nil
    }

    /// PROTO with any version and, from the fourth on, FRAME with a length come before it.
    private static func endOfMagic(in file: Data) -> Int? {
        guard file.first == 0x80 else { return nil }
        var rest = file.dropFirst(2)
        if rest.first == 0x95 { rest = rest.dropFirst(9) }
        return rest.starts(with: magic) ? rest.startIndex + magic.count : nil
    }

    static func tensors(in file: Data) throws(CheckpointProblem) -> [String: Tensor] {
        guard let start = endOfMagic(in: file) else { throw CheckpointProblem("this is no PyTorch file") }
        var rest = file[start...]
        guard case .integer(let written) = try next(&rest), written == version else {
            throw CheckpointProblem("its format has another version than \(version)")
        }
        try checkByteOrder(&rest)

        var unpickler = Unpickler(rest)
        let object = try unpickler.run()
        defer { unpickler.dismantle() }
        rest = rest[unpickler.end...]
        let keys = try keys(&rest)
        var bytes: [String: Data] = [:]
        for key in keys {
            guard let storage = unpickler.storages[key], bytes[key] == nil else {
                throw CheckpointProblem("its list of storages names \(key.prefix(40)) twice, or its pickle does not")
            }
            bytes[key] = try take(storage, from: &rest)
        }
        return try StateDictionary.tensors(in: object) { bytes[$0] }
    }

    /// The value of a small pickle that refers to nothing.
    private static func next(_ rest: inout Data) throws(CheckpointProblem) -> PickleValue {
        var unpickler = Unpickler(rest)
        let value = try unpickler.run()
        rest = rest[unpickler.end...]
        unpickler.dismantle()
        return value
    }

    private static func checkByteOrder(_ rest: inout Data) throws(CheckpointProblem) {
        var unpickler = Unpickler(rest)
        let facts = try unpickler.run()
        defer { unpickler.dismantle() }
        rest = rest[unpickler.end...]
        guard case .dictionary(let dictionary) = facts else { return }
        for case (.string("little_endian"), .bool(false)) in dictionary.items { throw CheckpointProblem.bigEndian }
    }

    private static func keys(_ rest: inout Data) throws(CheckpointProblem) -> [String] {
        var unpickler = Unpickler(rest)
        let value = try unpickler.run()
        defer { unpickler.dismantle() }
        rest = rest[unpickler.end...]
        guard case .list(let list) = value else { throw CheckpointProblem("its list of storages is none") }
        return list.items.compactMap { if case .string(let key) = $0 { key } else { nil } }
    }

    private static func take(_ storage: PickleStorage, from rest: inout Data) throws(CheckpointProblem) -> Data {
        let name = storage.key.prefix(40)
        guard rest.count >= 8 else {
            throw CheckpointProblem("the file ends early: its storage \(name) is missing; copy or download it again")
        }
        let count = rest.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
        rest = rest.dropFirst(8)
        guard count == storage.count else {
            throw CheckpointProblem("its storage \(name) has \(count) elements, and \(storage.count) in its pickle")
        }
        let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
        guard !overflow, size <= rest.count else {
            throw CheckpointProblem(
                "the file ends early: of its storage \(name) of \(storage.count) elements only \(rest.count) bytes are there; "
                    + "copy or download it again"
            )
        }
        defer { rest = rest.dropFirst(size) }
        return rest.prefix(size)
    }
}
