import TestSupport

/// The random choices that make one case: the same for the same case in every run.
struct Choices {
    private var random: SplitMix

    init(_ format: Format, seed: UInt64, number: Int) {
        // FNV-1a of the format's name; a first step mixes the rest in.
        let name = format.rawValue.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var start = SplitMix(state: name ^ seed &* 0xD6E8_FEB8_6659_FD93)
        random = SplitMix(state: start.next() ^ UInt64(number) &* 0xA076_1D64_78BD_642F)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(random.next() % UInt64(max(bound, 1)))
    }

    /// True once in so many times.
    mutating func oneIn(_ times: Int) -> Bool {
        below(times) == 0
    }

    mutating func byte() -> UInt8 {
        UInt8(truncatingIfNeeded: random.next())
    }

    mutating func noise(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in byte() }
    }

    /// One of a list that is not empty.
    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[below(list.count)]
    }

    /// A number at which arithmetic goes wrong, or near one.
    mutating func tellingNumber() -> UInt64 {
        let numbers: [UInt64] = [
            0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 1 << 31, 0xFFFF_FFFF, 1 << 40, 1 << 62, 1 << 63, .max,
        ]
        return pick(numbers) &+ UInt64(below(3)) &- 1
    }

    /// A part of a list, at most so long, which may be empty.
    mutating func range(in count: Int, atMost length: Int) -> Range<Int> {
        let start = below(count)
        return start..<min(count, start + below(length + 1))
    }

    /// The bytes with some (in half of the cases one) flipped, exchanged for telling ones, cut, doubled or put elsewhere.
    mutating func damaged(_ honest: [UInt8], times: Int = 4) -> [UInt8] {
        var bytes = honest
        for _ in 0...below(oneIn(2) ? 1 : times) where !bytes.isEmpty {
            let at = below(bytes.count)
            switch below(9) {
            case 0: bytes[at] ^= 1 << below(8)
            case 1: bytes[at] = byte()
            case 2: bytes[at] = pick([0, 1, 0x7F, 0x80, 0xFF])
            case 3: bytes.removeSubrange(range(in: bytes.count, atMost: 16))
            case 4: bytes.removeLast(min(bytes.count, below(64)))
            case 5:
                let part = Array(bytes[range(in: bytes.count, atMost: 32)])
                bytes.insert(contentsOf: part, at: below(bytes.count + 1))
            case 6, 7:
                let number = little(tellingNumber()).prefix(pick([1, 2, 4, 8]))
                for (index, byte) in (oneIn(2) ? Array(number) : number.reversed()).enumerated()
                where at + index < bytes.count {
                    bytes[at + index] = byte
                }
            default: bytes.insert(contentsOf: noise(1 + below(4)), at: at)
            }
        }
        return bytes
    }

    /// A list with some (in half of the cases one) of its parts removed, doubled, moved or given over to `change`.
    mutating func rearranged<Part>(
        _ parts: [Part],
        times: Int = 4,
        change: (inout Choices, Part) -> [Part]
    ) -> [Part] {
        var parts = parts
        for _ in 0...below(oneIn(2) ? 1 : times) where !parts.isEmpty {
            switch below(8) {
            case 0: parts.removeSubrange(range(in: parts.count, atMost: 4))
            case 1:
                let some = Array(parts[range(in: parts.count, atMost: 8)])
                parts.insert(contentsOf: some, at: below(parts.count + 1))
            case 2: parts.swapAt(below(parts.count), below(parts.count))
            default:
                let at = below(parts.count)
                let changed = change(&self, parts[at])
                parts.replaceSubrange(at...at, with: changed)
            }
        }
        return parts
    }
}
