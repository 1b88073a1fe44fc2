import Foundation
import MobileCLIP

/// Writes tensors as safetensors, and as the zip of a pickle and raw storages that `torch.save` writes.
package enum CheckpointWriter {
    package struct Entry {
        package let name: String
        package let shape: [Int]
        package let type: ElementType
        package let bytes: () -> Data

        package init(name: String, shape: [Int], type: ElementType = .float32, bytes: @escaping () -> Data) {
            self.name = name
            self.shape = shape
            self.type = type
            self.bytes = bytes
        }

        package init(_ name: String, _ values: [Int32]) {
            self.init(name: name, shape: [values.count], type: .int32) { values.withUnsafeBytes { Data($0) } }
        }

        package init(_ name: String, _ shape: [Int], _ values: [Float]) {
            self.init(name: name, shape: shape) { values.withUnsafeBytes { Data($0) } }
        }

        var count: Int { shape.reduce(1, *) }
        var size: Int { count * type.size }
    }

    package static func writeSafetensors(_ tensors: [Entry], to path: String) throws {
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        var offset = 0
        for tensor in tensors {
            header[tensor.name] = [
                "dtype": tensor.type.rawValue, "shape": tensor.shape,
                "data_offsets": [offset, offset + tensor.size],
            ]
            offset += tensor.size
        }
        let json = try JSONSerialization.data(withJSONObject: header)
        let file = try create(path)
        defer { try? file.close() }
        try file.write(contentsOf: withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) })
        try file.write(contentsOf: json)
        for tensor in tensors { try file.write(contentsOf: tensor.bytes()) }
    }

    package static func writeTorch(_ tensors: [Entry], to path: String) throws {
        let file = try create(path)
        defer { try? file.close() }
        var directory = Data()
        var count = 0
        func add(_ name: String, _ bytes: Data) throws {
            let offset = try file.offset()
            var entry = Data([20, 0, 0, 0, 0, 0, 0, 0, 0, 0])  // version, flags, stored, time, date
            entry += little(UInt32(0)) + little(UInt32(bytes.count)) + little(UInt32(bytes.count))
            entry += little(UInt16(name.utf8.count)) + little(UInt16(0))
            try file.write(contentsOf: little(UInt32(0x0403_4B50)) + entry + Data(name.utf8))
            try file.write(contentsOf: bytes)
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + entry + Data(count: 10)
            directory += little(UInt32(offset)) + Data(name.utf8)
            count += 1
        }
        try add("archive/data.pkl", pickle(of: tensors))
        try add("archive/byteorder", Data("little".utf8))
        for (index, tensor) in tensors.enumerated() { try add("archive/data/\(index)", tensor.bytes()) }
        let start = try file.offset()
        try file.write(contentsOf: directory + little(UInt32(0x0605_4B50)) + Data(count: 4))
        try file.write(contentsOf: little(UInt16(count)) + little(UInt16(count)) + little(UInt32(directory.count)))
        try file.write(contentsOf: little(UInt32(start)) + little(UInt16(0)))
    }

    /// The pickle of an ordered dictionary of tensors, protocol 2.
    package static func pickle(of tensors: [Entry]) -> Data {
        var out = Data([0x80, 2]) + global("collections", "OrderedDict") + Data(")R(".utf8)
        for (index, tensor) in tensors.enumerated() {
            out += text(tensor.name) + global("torch._utils", "_rebuild_tensor_v2") + Data("((".utf8)
            out += text("storage") + global("torch", storages[tensor.type] ?? "FloatStorage")
            out += text(String(index)) + text("cpu") + number(tensor.count) + Data("tQ".utf8) + number(0)
            out += Data("(".utf8) + tensor.shape.map(number).reduce(Data(), +) + Data("t".utf8)
            out += Data("(".utf8) + rowMajor(tensor.shape).map(number).reduce(Data(), +) + Data("t".utf8)
            out += Data([0x89]) + global("collections", "OrderedDict") + Data(")RtR".utf8)
        }
        return out + Data("u.".utf8)
    }

    private static let storages = [ElementType.int64: "LongStorage", .int32: "IntStorage"]

    private static func rowMajor(_ shape: [Int]) -> [Int] {
        shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }

    private static func global(_ module: String, _ name: String) -> Data {
        Data("c\(module)\n\(name)\n".utf8)
    }

    private static func text(_ text: String) -> Data {
        Data("X".utf8) + little(UInt32(text.utf8.count)) + Data(text.utf8)
    }

    private static func number(_ number: Int) -> Data {
        Data("J".utf8) + little(UInt32(truncatingIfNeeded: number))
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return file
    }
}

package func little<Value: FixedWidthInteger>(_ value: Value) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
}
