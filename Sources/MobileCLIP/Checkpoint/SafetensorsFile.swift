import Foundation

/// Reads the safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes.
///
/// The format promises that the tensors fill the rest of the file, without overlap or gap; that is checked here, not
/// believed.
enum SafetensorsFile {
    /// A header is some hundred bytes a tensor: 150 kB in the largest published model.
    private static let largestHeader = 8_000_000

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case dataOffsets = "data_offsets"
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Header: Decodable {
        var entries: [String: Entry] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys where key.stringValue != "__metadata__" {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }

    static func tensors(in file: Data) throws(CheckpointProblem) -> [String: Tensor] {
        guard file.count >= 8 else {
            throw CheckpointProblem(
                file.isEmpty
                    ? "the file is empty" : "this is neither a safetensors nor a PyTorch file (\(file.count) bytes)"
            )
        }
        let announced = file.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        let looksLikeJSON = file.count > 8 && file[file.startIndex + 8] == UInt8(ascii: "{")
        guard looksLikeJSON || announced <= UInt64(file.count) else {
            if file.first == 0x80 {
                throw CheckpointProblem("this is a bare pickle; load it in Python and write it with torch.save")
            }
            throw CheckpointProblem("this is neither a safetensors nor a PyTorch file")
        }
        guard announced <= UInt64(largestHeader) else {
            throw CheckpointProblem(
                "its safetensors header claims to be \(announced) bytes long; at most \(largestHeader) are accepted"
            )
        }
        guard announced <= UInt64(file.count - 8) else {
            throw CheckpointProblem(
                "the file ends early: its header claims \(announced) bytes and only \(file.count - 8) follow"
            )
        }
        let start = file.startIndex + 8
        let data = start + Int(announced)
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(file[start..<data]))
        } catch {
            throw CheckpointProblem("its safetensors header cannot be read: \(words(for: error))")
        }
        try checkLayout(of: header.entries, size: file.endIndex - data)

        var tensors: [String: Tensor] = [:]
        for (name, entry) in header.entries {
            guard let type = ElementType(rawValue: entry.dtype) else {
                throw CheckpointProblem("tensor \(name) has the element type \(entry.dtype), which is not read")
            }
            let bytes = file[(data + entry.dataOffsets[0])..<(data + entry.dataOffsets[1])]
            guard let tensor = Tensor(type: type, shape: entry.shape, bytes: bytes),
                tensor.count * type.size == bytes.count
            else {
                throw CheckpointProblem(
                    "tensor \(name) of shape \(entry.shape) and type \(entry.dtype) does not fit its \(bytes.count) bytes"
                )
            }
            tensors[name] = tensor
        }
        return tensors
    }

    /// Every tensor within the file, none over another, nothing between or behind them.
    private static func checkLayout(of entries: [String: Entry], size: Int) throws(CheckpointProblem) {
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let offsets = entry.dataOffsets
            guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
                throw CheckpointProblem("tensor \(name) has the offsets \(offsets), which are no range")
            }
            guard offsets[1] <= size else {
                throw CheckpointProblem(
                    "tensor \(name) lies at bytes \(offsets[0])–\(offsets[1]) of only \(size): the file ends early or lies"
                )
            }
        }
        let inOrder = entries.filter { $0.value.dataOffsets[0] < $0.value.dataOffsets[1] }
            .sorted { ($0.value.dataOffsets[0], $0.key) < ($1.value.dataOffsets[0], $1.key) }
        var end = 0
        var before: String?
        for (name, entry) in inOrder {
            if let before, entry.dataOffsets[0] < end {
                throw CheckpointProblem("tensors \(before) and \(name) overlap")
            }
            guard entry.dataOffsets[0] == end else {
                throw CheckpointProblem(
                    "bytes \(end)–\(entry.dataOffsets[0]) before tensor \(name) belong to no tensor"
                )
            }
            end = entry.dataOffsets[1]
            before = name
        }
        guard end == size else { throw CheckpointProblem("bytes \(end)–\(size) at its end belong to no tensor") }
    }

    /// What a decoder of JSON says is wrong, and where.
    static func words(for error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            if context.debugDescription.contains("not valid JSON") { return "it is not JSON" }
            return (place.isEmpty ? "" : "\(place): ") + context.debugDescription
        case .keyNotFound(let key, let context):
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            return "\(place.isEmpty ? "it" : place) has no \(key.stringValue)"
        @unknown default: return "\(error)"
        }
    }
}
