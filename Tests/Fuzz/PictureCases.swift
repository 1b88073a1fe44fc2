/// JPEG and PNG, damaged in their segments and chunks, whose lengths and checksums are then right, or anywhere.
extension Choices {
    mutating func jpeg(_ honest: [UInt8]) -> [UInt8] {
        if oneIn(4) { return damaged(honest) }
        return rearranged(Self.segments(honest)) { choices, segment in
            guard segment.count > 4 else { return [choices.damaged(segment, times: 1)] }
            let isScan = segment[1] == 0xDA
            switch choices.below(isScan ? 3 : 5) {
            case 0: return [segment, segment]
            case 1: return choices.oneIn(40) ? Array(repeating: segment, count: 600) : [choices.damaged(segment)]
            case 2:
                // One of the fields behind the length, by a little or altogether.
                var changed = segment
                let at = choices.below(min(segment.count - 4, 24)) + 4
                changed[at] = choices.oneIn(2) ? choices.byte() : changed[at] &+ UInt8(choices.below(3)) &- 1
                return [changed]
            default:
                let content = choices.damaged(Array(segment.dropFirst(4)))
                let length = (content.count + 2) & 0xFFFF
                return [[segment[0], segment[1], UInt8(length >> 8), UInt8(length & 0xFF)] + content]
            }
        }.flatMap { $0 }
    }

    /// Markers with all that follows up to the next; the data of a scan stay with it.
    private static func segments(_ jpeg: [UInt8]) -> [[UInt8]] {
        var starts: [Int] = []
        var at = 0
        while at + 4 <= jpeg.count {
            starts.append(at)
            let marker = jpeg[at + 1]
            at += marker == 0xD8 ? 2 : 2 + Int(jpeg[at + 2]) << 8 + Int(jpeg[at + 3])
            guard marker == 0xDA else { continue }
            while at + 2 <= jpeg.count,
                jpeg[at] != 0xFF || jpeg[at + 1] == 0 || (0xD0...0xD7).contains(jpeg[at + 1])
            { at += 1 }
        }
        if at < jpeg.count { starts.append(at) }
        return starts.indices.map { index in
            Array(jpeg[starts[index]..<(index + 1 < starts.count ? starts[index + 1] : jpeg.count)])
        }
    }

    private struct Chunk {
        var type: [UInt8]
        var data: [UInt8]
    }

    mutating func png(_ honest: [UInt8]) -> [UInt8] {
        if oneIn(8) { return damaged(honest) }
        let signature = honest.prefix(8)
        var chunks = oneIn(2) ? Self.chunks(honest) : plainChunks()
        if !oneIn(4) {
            chunks = rearranged(chunks) { choices, chunk in
                switch choices.below(4) {
                case 0: return [chunk, chunk]
                case 1: return [Chunk(type: choices.damaged(chunk.type, times: 1), data: chunk.data)]
                case 2:
                    let type = choices.pick(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "zTXt", "iCCP", "acTL"])
                    return [chunk, Chunk(type: Array(type.utf8), data: choices.noise(choices.below(40)))]
                default: return [Chunk(type: chunk.type, data: choices.damaged(chunk.data))]
                }
            }
        }
        return chunks.reduce(into: Array(signature)) { file, chunk in
            file += Self.bigEndian(UInt32(chunk.data.count)) + chunk.type + chunk.data
            let checksum = Self.crc32(chunk.type + chunk.data)
            file += Self.bigEndian(oneIn(100) ? checksum ^ 1 : checksum)
        }
    }

    /// A header of any kind, right or wrong, and rows of bytes that are stored, not compressed.
    private mutating func plainChunks() -> [Chunk] {
        let (width, height) = (1 + below(40), 1 + below(40))
        let depth = pick([1, 2, 4, 8, 8, 16, 3])
        let kind = pick([0, 2, 3, 4, 6, 1])
        let isInterlaced = oneIn(3)
        var header = Self.bigEndian(oneIn(20) ? UInt32(truncatingIfNeeded: tellingNumber()) : UInt32(width))
        header += Self.bigEndian(oneIn(20) ? 30_000 : UInt32(height))
        header += [UInt8(depth), UInt8(kind), oneIn(30) ? 1 : 0, oneIn(30) ? 1 : 0, isInterlaced ? 1 : 0]
        let rowLength = (width * depth * ([1, 1, 3, 1, 2, 1, 4][kind]) + 7) / 8
        // Interlaced rows are other ones; some more bytes will do.
        var rows: [UInt8] = []
        for _ in 0..<height * (isInterlaced ? 2 : 1) {
            rows += [UInt8(oneIn(30) ? below(256) : below(5))] + noise(rowLength)
        }
        if oneIn(4) { rows.removeLast(below(rows.count)) }
        var chunks = [Chunk(type: Array("IHDR".utf8), data: header)]
        if kind == 3 || oneIn(6) {
            chunks.append(Chunk(type: Array("PLTE".utf8), data: noise(3 * (1 + below(256)))))
        }
        if oneIn(4) { chunks.append(Chunk(type: Array("tRNS".utf8), data: noise(below(260)))) }
        chunks.append(Chunk(type: Array("IDAT".utf8), data: Self.stored(rows)))
        return chunks + [Chunk(type: Array("IEND".utf8), data: [])]
    }

    private static func chunks(_ png: [UInt8]) -> [Chunk] {
        var chunks: [Chunk] = []
        var at = 8
        while at + 12 <= png.count {
            let length = png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= png.count - at - 12 else { break }
            chunks.append(Chunk(type: Array(png[at + 4..<at + 8]), data: Array(png[at + 8..<at + 8 + length])))
            at += 12 + length
        }
        return chunks
    }

    /// A zlib stream (RFC 1950) of one stored block (RFC 1951, 3.2.4), of fewer than 2¹⁶ bytes.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = bytes.prefix(0xFFFF)
        let count = UInt16(bytes.count)
        var (first, second) = (UInt32(1), UInt32(0))
        for byte in bytes {
            first = (first + UInt32(byte)) % 65521
            second = (second + first) % 65521
        }
        var stream: [UInt8] = [0x78, 0x01, 1]
        for number in [count, ~count] { stream += [UInt8(number & 0xFF), UInt8(number >> 8)] }
        stream += bytes
        return stream + bigEndian(second << 16 | first)
    }

    /// The checksum of a chunk (PNG specification, annex D).
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var checksum = UInt32.max
        for byte in bytes { checksum = (checksum >> 8) ^ table[Int(UInt8(checksum & 0xFF) ^ byte)] }
        return ~checksum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
        return value
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - $0 * 8)) }
    }
}
