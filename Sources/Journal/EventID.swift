import Foundation
import Synchronization

/// The id of an event: a ULID, 26 characters of Crockford's base 32 that sort by time.
///
/// 48 bits of milliseconds since 1970 UTC and 80 random bits (<https://github.com/ulid/spec>). Ids that a generator
/// gives one after the other for the same millisecond are in ascending order.
public struct EventID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The upper 64 bits: the time and 16 random bits.
    private let high: UInt64
    /// The lower 64 random bits.
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new id for an event that began at `date`. Times before 1970 count as 1970.
    public init(at date: Date) {
        self = Self.shared.withLock { $0.next(at: date) }
    }

    /// Reads 26 characters of Crockford's base 32 in either case; nil for anything else, or for more than 128 bits.
    public init?(_ text: String) {
        guard text.utf8.count == 26 else { return nil }
        var value: (high: UInt64, low: UInt64) = (0, 0)
        for (position, character) in text.utf8.enumerated() {
            guard let digit = Self.digit(of: character), position > 0 || digit < 8 else { return nil }
            value.high = value.high << 5 | value.low >> 59
            value.low = value.low << 5 | digit
        }
        self.init(high: value.high, low: value.low)
    }

    /// The 26 characters, upper case.
    public var description: String {
        String(unsafeUninitializedCapacity: 26) { buffer in
            var (high, low) = (high, low)
            for position in (0..<26).reversed() {
                buffer[position] = Self.alphabet[Int(low & 31)]
                low = low >> 5 | high << 59
                high >>= 5
            }
            return 26
        }
    }

    /// The time it carries, to the millisecond.
    public var date: Date { Date(timeIntervalSince1970: Double(high >> 16) / 1000) }

    /// Earlier ids come first; so does their text.
    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static let shared = Mutex(Generator(randomness: SystemRandomNumberGenerator()))
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func digit(of character: UInt8) -> UInt64? {
        let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) ? character - 32 : character
        return alphabet.firstIndex(of: upper).map(UInt64.init)
    }

    /// Makes ids, with the randomness that it is given.
    public struct Generator<Randomness: RandomNumberGenerator & Sendable>: Sendable {
        private var randomness: Randomness
        private var last: EventID?

        /// A generator that has made no id yet.
        public init(randomness: Randomness) {
            self.randomness = randomness
        }

        /// The next id: one more than the last when it is of the same millisecond, else new random bits.
        public mutating func next(at date: Date) -> EventID {
            let milliseconds = UInt64(min(max(Milliseconds.of(date), 0), 1 << 48 - 1))
            let id: EventID
            if let last, last.high >> 16 == milliseconds {
                let (low, carry) = last.low.addingReportingOverflow(1)
                id = EventID(high: last.high + (carry ? 1 : 0), low: low)
            } else {
                // The uppermost random bit stays clear, so that counting up never reaches the time.
                let upper = UInt64.random(in: 0..<1 << 15, using: &randomness)
                id = EventID(high: milliseconds << 16 | upper, low: randomness.next())
            }
            last = id
            return id
        }
    }
}
