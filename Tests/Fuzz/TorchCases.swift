import Foundation
import TestSupport

/// PyTorch's files, new and old, damaged as pickles, as archives, and as bytes.
extension Choices {
    private static let storages: [(name: String, bytes: Data)] = [
        ("0", bytes((0..<8).map { Float($0) })), ("1", bytes([Int64(1)])), ("2", bytes([Float16(1), 2, 3, 4])),
    ]

    private static let state: [(String, Data)] = [
        ("logit_scale", Pickle.tensor(Pickle.storage("0", count: 8), offset: 7, shape: [], strides: [])),
        (
            "module.image_encoder.model.head.proj",
            Pickle.tensor(Pickle.storage("0", count: 8), shape: [2, 4], strides: [1, 2])
        ),
        ("count", Pickle.tensor(Pickle.storage("1", "LongStorage", count: 1), shape: [], strides: [])),
        ("half", Pickle.tensor(Pickle.storage("2", "HalfStorage", count: 4), shape: [1, 4, 1], strides: [9, 1, 0])),
        (
            "parameter",
            Pickle.global("torch._utils", "_rebuild_parameter")
                + Pickle.tuple([
                    Pickle.tensor(Pickle.storage("0", count: 8), offset: 2, shape: [2], strides: [1]), Data([0x88]),
                    Pickle.global("collections", "OrderedDict") + Pickle.op(")R"),
                ]) + Pickle.reduce
        ),
        ("list", Pickle.op("](K\u{1}K\u{2}eq\u{5}")), ("again", Pickle.op("h\u{5}")),
    ]

    private static let pickles = [plain, wrapped, fourth].map(PickleOperations.split)

    private static let plain = Pickle.whole(Pickle.dictionary(state))

    private static let wrapped: Data = {
        let items = state.dropLast(2).map { Pickle.text($0) + $1 }.reduce(Data(), +)
        let ordered = Pickle.global("collections", "OrderedDict") + Pickle.op(")Rq\u{1}(") + items + Pickle.op("u}b")
        return Pickle.whole(
            Pickle.dictionary([("epoch", Pickle.number(3)), ("state_dict", ordered), ("optimizer", Pickle.op("}"))])
        )
    }()

    /// Protocol 4: a frame, memoized strings, names from the stack.
    private static let fourth: Data = {
        let memoize = Data([0x94])
        var pickle = Data([0x80, 4, 0x95]) + little(UInt64(90)) + Pickle.op("}") + memoize + Pickle.op("(")
        pickle += Data([0x8C, 1]) + Pickle.op("w") + memoize
        pickle += Pickle.stackGlobal("torch._utils", "_rebuild_tensor_v2") + memoize + Pickle.op("(")
        pickle += Pickle.tuple([
            Pickle.text("storage"), Pickle.stackGlobal("torch", "FloatStorage"), Pickle.text("0"), Pickle.text("cpu"),
            Pickle.op("K\u{8}"),
        ])
        pickle += Pickle.op("QK\0K\u{2}K\u{2}") + Data([0x86]) + Pickle.op("K\u{2}K\u{1}") + Data([0x86, 0x89])
        return pickle + Pickle.stackGlobal("collections", "OrderedDict") + Pickle.op(")RtRu.")
    }()

    mutating func torchFile() -> [UInt8] {
        let operations = pick(Self.pickles)
        let pickle = oneIn(6) ? operations.flatMap { $0 } : PickleOperations.damaged(operations, &self)
        var entries = [(name: "archive/data.pkl", bytes: Data(pickle))]
        entries.append(("archive/byteorder", Data("little".utf8)))
        for (name, bytes) in Self.storages { entries.append(("archive/data/" + name, bytes)) }
        if oneIn(6) {
            entries = rearranged(entries) { choices, entry in
                let name = String(decoding: choices.damaged(Array(entry.name.utf8)), as: UTF8.self)
                return choices.oneIn(2)
                    ? [(name, entry.bytes)] : [(entry.name, Data(choices.damaged([UInt8](entry.bytes))))]
            }
        }
        let file = [UInt8](oneIn(4) ? Self.wideZip(entries) : CheckpointBytes.zip(entries))
        guard oneIn(3) else { return file }
        if oneIn(3) { return damaged(file) }
        // In the directory, which begins behind the entries.
        let size = entries.reduce(0) { $0 + 30 + $1.name.utf8.count + $1.bytes.count }
        return Array(file.prefix(size)) + damaged(Array(file.dropFirst(size)))
    }

    /// Of a file of five pickles and storages, or of a new one, which is then damaged as bytes.
    mutating func legacyTorchFile(_ honest: [UInt8]) -> [UInt8] {
        guard honest.first == 0x80, !oneIn(5) else { return damaged(honest) }
        var operations = PickleOperations.split(Data(honest))
        // What follows the fifth STOP is no pickle.
        let stops = operations.indices.filter { operations[$0] == [UInt8(ascii: ".")] }
        guard stops.count >= 5 else { return damaged(honest) }
        let storages = operations[(stops[4] + 1)...].flatMap { $0 }
        operations.removeSubrange((stops[4] + 1)...)
        // In the object and the list of keys, mostly; the first three pickles are soon refused.
        let first = oneIn(8) ? 0 : stops[2] + 1
        let pickles = operations[..<first].flatMap { $0 } + PickleOperations.damaged(Array(operations[first...]), &self)
        return pickles + (oneIn(2) ? storages : damaged(storages))
    }

    /// An archive whose sizes and places stand in the fields of 64 bits that PKWARE added later.
    private static func wideZip(_ entries: [(name: String, bytes: Data)]) -> Data {
        var file = Data()
        var directory = Data()
        for (name, bytes) in entries {
            let fields = little(UInt16(45)) + Data(count: 12)
            let sizes = little(UInt32.max) + little(UInt32.max)
            let extra = little(UInt16(1)) + little(UInt16(24)) + little(bytes.count) + little(bytes.count)
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(45)) + fields + sizes
            directory += little(UInt16(name.utf8.count)) + little(UInt16(28)) + Data(count: 10) + little(UInt32.max)
            directory += Data(name.utf8) + extra + little(file.count)
            file += little(UInt32(0x0403_4B50)) + fields + sizes
            file += little(UInt16(name.utf8.count)) + little(UInt16(0)) + Data(name.utf8) + bytes
        }
        let start = file.count
        let end = start + directory.count
        file += directory + little(UInt32(0x0606_4B50)) + little(UInt64(44)) + little(UInt16(45)) + little(UInt16(45))
        file += Data(count: 8) + little(entries.count) + little(entries.count) + little(directory.count) + little(start)
        file += little(UInt32(0x0706_4B50)) + Data(count: 4) + little(end) + little(UInt32(1))
        return file + little(UInt32(0x0605_4B50)) + Data(count: 4) + Data(repeating: 0xFF, count: 12) + Data(count: 2)
    }
}
