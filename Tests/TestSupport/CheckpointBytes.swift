import Foundation
import MobileCLIP

/// Checkpoint files made byte by byte, so that they can be made wrong.
package enum CheckpointBytes {
    package static func safetensors(_ header: String, _ data: Data = Data()) -> Data {
        little(UInt64(header.utf8.count)) + Data(header.utf8) + data
    }

    /// A zip archive of stored entries.
    package static func zip(_ entries: [(name: String, bytes: Data)], method: UInt16 = 0) -> Data {
        var file = Data()
        var directory = Data()
        for (name, bytes) in entries {
            let sizes = little(UInt32(bytes.count)) + little(UInt32(bytes.count))
            let fields = little(UInt16(20)) + little(UInt16(0)) + little(method) + Data(count: 8) + sizes
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + fields + little(UInt16(name.utf8.count))
            directory += Data(count: 12) + little(UInt32(file.count)) + Data(name.utf8)
            file += little(UInt32(0x0403_4B50)) + fields + little(UInt16(name.utf8.count)) + Data(count: 2)
            file += Data(name.utf8) + bytes
        }
        let start = file.count
        file += directory + little(UInt32(0x0605_4B50)) + Data(count: 4)
        file += little(UInt16(entries.count)) + little(UInt16(entries.count)) + little(UInt32(directory.count))
        return file + little(UInt32(start)) + Data(count: 2)
    }

    /// A PyTorch file of this pickle and these storages.
    package static func torch(_ pickle: Data, storages: [String: Data] = [:], byteOrder: String = "little") -> Data {
        zip(
            [("archive/data.pkl", pickle), ("archive/byteorder", Data(byteOrder.utf8))]
                + storages.sorted { $0.key < $1.key }.map { ("archive/data/\($0.key)", $0.value) }
        )
    }

    /// What opening these bytes as a file says is wrong with them; nil when nothing is.
    package static func problem(of bytes: Data) -> String? {
        do {
            _ = try open(bytes)
            return nil
        } catch let error as ModelError {
            return error.problem
        } catch {
            return "\(error)"
        }
    }

    /// A checkpoint over these bytes; its file is already unlinked.
    package static func open(_ bytes: Data) throws -> Checkpoint {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("scenewatch-\(UUID().uuidString)").path
        guard FileManager.default.createFile(atPath: path, contents: bytes) else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Checkpoint(path: path)
    }
}

/// Pickle opcodes (CPython's Lib/pickletools.py), to be joined with `+`.
package enum Pickle {
    package static let start = Data([0x80, 2])
    package static let stop = Data(".".utf8)
    package static let reduce = Data("R".utf8)

    package static func op(_ opcodes: String) -> Data { Data(opcodes.utf8) }

    package static func global(_ module: String, _ name: String) -> Data { Data("c\(module)\n\(name)\n".utf8) }

    package static func stackGlobal(_ module: String, _ name: String) -> Data {
        text(module) + text(name) + Data([0x93])
    }

    package static func text(_ text: String) -> Data {
        Data("X".utf8) + little(UInt32(text.utf8.count)) + Data(text.utf8)
    }

    /// A whole number of eight bytes (LONG1).
    package static func number(_ number: Int) -> Data { Data([0x8A, 8]) + little(number) }

    package static func tuple(_ items: [Data]) -> Data { op("(") + items.reduce(Data(), +) + op("t") }

    package static func dictionary(_ items: [(String, Data)]) -> Data {
        op("}(") + items.map { text($0) + $1 }.reduce(Data(), +) + op("u")
    }

    package static func storage(_ key: String, _ type: String = "FloatStorage", count: Int = 4) -> Data {
        tuple([text("storage"), global("torch", type), text(key), text("cpu"), number(count)]) + op("Q")
    }

    package static func tensor(
        _ storage: Data,
        offset: Int = 0,
        shape: [Int],
        strides: [Int]
    ) -> Data {
        let arguments = [
            storage, number(offset), tuple(shape.map(number)), tuple(strides.map(number)), Data([0x89]),
            global("collections", "OrderedDict") + op(")R"),
        ]
        return global("torch._utils", "_rebuild_tensor_v2") + tuple(arguments) + reduce
    }

    /// A whole pickle that leaves this value.
    package static func whole(_ value: Data) -> Data { start + value + stop }

    /// A whole pickle of one tensor named `weight`.
    package static func state(_ tensor: Data) -> Data { whole(dictionary([("weight", tensor)])) }
}

package func bytes<Value>(_ values: [Value]) -> Data { values.withUnsafeBytes { Data($0) } }
