import Foundation

/// The directory of a zip archive whose entries are stored, not compressed: what `torch.save` writes.
///
/// Format: PKWARE APPNOTE 6.3.10. Every offset and length is checked against the file before use.
struct ZipArchive {
    private let file: Data
    private var entries: [String: (offset: Int, size: Int)] = [:]

    /// Names of all entries.
    var names: [String] { Array(entries.keys) }

    static func looksLikeOne(_ file: Data) -> Bool {
        file.starts(with: [0x50, 0x4B, 0x03, 0x04]) || file.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    init(_ file: Data) throws(CheckpointProblem) {
        self.file = file
        let early = CheckpointProblem(
            "the file ends early: the directory at the end of a PyTorch file is missing; copy or download it again"
        )
        // The end record has 22 bytes and a comment of up to 65,535 behind it.
        let tail = max(0, file.count - 22 - 65_535)
        guard file.count >= 22,
            let end = stride(from: file.count - 22, through: tail, by: -1).first(where: { word($0) == 0x0605_4B50 })
        else { throw early }

        var count = Int(half(end + 10) ?? 0)
        var directory = Int(word(end + 16) ?? 0)
        if end >= 20, word(end - 20) == 0x0706_4B50 {  // zip64: the locator stands before the end record
            guard let at = long(end - 12), word(at) == 0x0606_4B50, let many = long(at + 32), let place = long(at + 48)
            else { throw early }
            count = many
            directory = place
        }
        let malformed = CheckpointProblem("its zip directory is malformed")
        var at = directory
        for _ in 0..<count {
            guard word(at) == 0x0201_4B50, let method = half(at + 10), let nameLength = half(at + 28),
                let extraLength = half(at + 30), let commentLength = half(at + 32), let stored = word(at + 20),
                let size = word(at + 24), let local = word(at + 42),
                let nameBytes = bytes(at + 46, Int(nameLength)),
                let extra = bytes(at + 46 + Int(nameLength), Int(extraLength))
            else { throw malformed }
            let name = String(decoding: nameBytes, as: UTF8.self)
            guard method == 0, stored == size else {
                throw CheckpointProblem("its entry \(name) is compressed; PyTorch stores them plain")
            }
            var place = (size: Int(size), offset: Int(local))
            if size == .max || local == .max { place = Self.wide(extra, size: size, offset: local) ?? place }
            guard word(place.offset) == 0x0403_4B50, let localName = half(place.offset + 26),
                let localExtra = half(place.offset + 28)
            else { throw malformed }
            let start = place.offset + 30 + Int(localName) + Int(localExtra)
            guard bytes(start, place.size) != nil else {
                throw CheckpointProblem("its entry \(name) of \(place.size) bytes reaches past the end of the file")
            }
            entries[name] = (start, place.size)
            at += 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
        }
    }

    /// The bytes of an entry, mapped.
    func entry(_ name: String) -> Data? {
        entries[name].flatMap { bytes($0.offset, $0.size) }
    }

    /// The sizes of over 4 GiB, in the extra field 1: the values that the plain fields could not hold, in order.
    private static func wide(_ extra: Data, size: UInt32, offset: UInt32) -> (size: Int, offset: Int)? {
        let extra = ZipArchive(bytes: extra)
        var at = 0
        while let id = extra.half(at), let length = extra.half(at + 2) {
            if id == 1 {
                var next = at + 4
                var values: [Int] = []
                while next + 8 <= at + 4 + Int(length), let value = extra.long(next) {
                    values.append(value)
                    next += 8
                }
                // Order: original size, compressed size, offset; each only when its plain field is all ones.
                var wideSize = Int(size)
                if size == .max {
                    guard values.count >= 2 else { return nil }
                    wideSize = values[0]
                    values.removeFirst(2)
                }
                guard offset == .max else { return (wideSize, Int(offset)) }
                return values.first.map { (wideSize, $0) }
            }
            at += 4 + Int(length)
        }
        return nil
    }

    private init(bytes: Data) {
        file = bytes
    }

    private func bytes(_ offset: Int, _ count: Int) -> Data? {
        guard offset >= 0, count >= 0, offset <= file.count, count <= file.count - offset else { return nil }
        return file[(file.startIndex + offset)..<(file.startIndex + offset + count)]
    }

    private func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Value? {
        guard let bytes = bytes(offset, MemoryLayout<Value>.size) else { return nil }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }

    private func half(_ offset: Int) -> UInt16? { load(offset) }
    private func word(_ offset: Int) -> UInt32? { load(offset) }
    private func long(_ offset: Int) -> Int? {
        let value: UInt64? = load(offset)
        return value.flatMap { Int(exactly: $0) }
    }
}
