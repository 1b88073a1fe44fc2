import Foundation

/// The first page of a segment's file: what is fixed from its start, and what grows.
struct SegmentHeader: Sendable, Equatable {
    /// How much of a segment is there, in one word that is written after what it counts.
    struct Counts: Sendable, Equatable {
        var records = 0
        var vectors = 0
        var keyframes = 0

        var word: UInt64 { UInt64(records) | UInt64(vectors) << 20 | UInt64(keyframes) << 40 }

        init() {}

        /// Nil where there cannot be so many.
        init?(word: UInt64) {
            (records, vectors) = (Int(word & 0xfffff), Int(word >> 20 & 0xfffff))
            keyframes = Int(word >> 40)
            guard records <= Sketch.capacity, vectors <= records, keyframes <= SegmentLayout.keyframes,
                keyframes <= vectors, (records == 0) == (vectors == 0), (vectors == 0) == (keyframes == 0)
            else { return nil }
        }
    }

    /// The most bytes of a model's id that can be kept.
    static let longestModel = 1024
    static let bytes = 4096
    private static let magic = Array("ScnWskt1".utf8)
    private static let fixedBytes = 2048
    static let growingAt = 2048
    static let countsAt = 2096

    /// The journal's name.
    var identity: String
    /// The id of what embeddings were made with.
    var model: String
    var width: Int
    /// The last look of the segment before, or the look after which the sketch begins.
    var previousLook: Int64
    /// The machine's boot in which it is written: before it is sealed, another one's word counts for nothing, since a power
    /// cut may have kept one page and lost the next.
    var boot: String
    /// Whether it is complete and on the disk.
    var isSealed = false
    /// The least and the greatest time of its crops, in milliseconds.
    var times: ClosedRange<Int64>?
    var looks = 0
    var counts = Counts()

    /// The page as it lies in the file.
    var page: [UInt8] {
        var page = [UInt8](repeating: 0, count: Self.bytes)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { page[offset + index] = byte }
        }
        func put(_ number: some FixedWidthInteger, at offset: Int) {
            withUnsafeBytes(of: number.littleEndian) { for (i, byte) in $0.enumerated() { page[offset + i] = byte } }
        }
        page.replaceSubrange(0..<Self.magic.count, with: Self.magic)
        put(String(identity.prefix(32)), at: 16)
        put(UInt32(width), at: 48)
        put(UInt32(model.utf8.count), at: 52)
        put(previousLook, at: 56)
        put(model, at: 64)
        put(Self.checksum(page), at: 8)
        page.replaceSubrange(Self.growingAt..<(Self.growingAt + growing.count), with: growing)
        return page
    }

    /// What grows, the counts last.
    var growing: [UInt8] {
        var part = [UInt8](repeating: 0, count: 56)
        for (index, byte) in boot.utf8.prefix(16).enumerated() { part[index] = byte }
        func put(_ number: Int64, at offset: Int) {
            withUnsafeBytes(of: number.littleEndian) { for (i, byte) in $0.enumerated() { part[offset + i] = byte } }
        }
        put(isSealed ? 1 : 0, at: 16)
        put(times?.lowerBound ?? 0, at: 24)
        put(times?.upperBound ?? 0, at: 32)
        put(Int64(looks), at: 40)
        put(Int64(bitPattern: counts.word), at: 48)
        return part
    }

    init(identity: String, model: String, width: Int, previousLook: Int64, boot: String) {
        self.identity = identity
        self.model = model
        self.width = width
        self.previousLook = previousLook
        self.boot = boot
    }

    /// Reads a page; in words where it is none of ours.
    init(page: [UInt8]) throws(SketchError) {
        guard page.count == Self.bytes, page.starts(with: Self.magic) else {
            throw .damaged("a file is not a segment")
        }
        func number(_ offset: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(page[offset + $1]) << (8 * UInt64($1)) }
        }
        let modelBytes = Int(number(48) >> 32)
        guard number(8) == Self.checksum(page), modelBytes <= Self.longestModel else {
            throw .damaged("a segment's head is not as it was written")
        }
        func text(_ range: Range<Int>) -> String {
            String(decoding: page[range].prefix { $0 != 0 }, as: UTF8.self)
        }
        identity = text(16..<48)
        width = Int(number(48) & 0xffff_ffff)
        model = String(decoding: page[64..<(64 + modelBytes)], as: UTF8.self)
        previousLook = Int64(bitPattern: number(56))
        boot = text(2048..<2064)
        isSealed = number(2064) == 1
        let (least, greatest) = (Int64(bitPattern: number(2072)), Int64(bitPattern: number(2080)))
        guard least <= greatest, let counts = Counts(word: number(Self.countsAt)) else {
            throw .damaged("a segment has more than fits in")
        }
        self.counts = counts
        times = counts.records > 0 ? least...greatest : nil
        looks = Int(truncatingIfNeeded: number(2088))
    }

    /// FNV-1a of what is fixed, the checksum itself left out.
    private static func checksum(_ page: [UInt8]) -> UInt64 {
        page[16..<fixedBytes].reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

/// The machine's boot, as the kernel names it.
enum Boot {
    /// 16 characters that no other boot has; empty where the kernel does not say.
    static let current: String = {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        return String(text.filter(\.isHexDigit).prefix(16))
    }()
}
