import Foundation

/// From where a subscription tells what was missed.
public enum Since: Sendable, Equatable {
    /// The messages after that sequence number.
    case sequence(Int)
    /// The messages from the first one that is at or after that time.
    case time(Date)

    /// Reads `1841`, a sequence number, or `2026-11-23T08:14:03.218Z`, a time; nil for what is neither.
    public init?(parsing text: String) {
        if let seq = Int(text), seq >= 0 {
            self = .sequence(seq)
        } else if let date = WireTime.date(text) {
            self = .time(date)
        } else {
            return nil
        }
    }
}

extension Since: Codable {
    /// Reads a number or a time.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let seq = try? container.decode(Int.self) {
            guard seq >= 0 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(seq) is less than 0")
            }
            self = .sequence(seq)
        } else {
            self = .time(try container.decode(Date.self))
        }
    }

    /// Writes a number or a time.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .sequence(let seq): try container.encode(seq)
        case .time(let date): try container.encode(date)
        }
    }
}
