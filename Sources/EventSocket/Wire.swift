import Foundation
import NIOCore

/// How values are written to and read from lines.
package enum Wire {
    /// The encoder of every JSON that the programs write: sorted keys, times as `WireTime` has them.
    package static func encoder(isPretty: Bool = false) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(WireTime.text(date))
        }
        // A score that is no number is a fault elsewhere; the event still has to reach its subscribers.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return encoder
    }

    /// Encodes a message as one line with its line feed.
    package static func line(_ message: some Encodable) throws -> ByteBuffer {
        let json = try encoder().encode(message)
        var line = ByteBuffer()
        line.reserveCapacity(json.count + 1)
        line.writeBytes(json)
        line.writeInteger(UInt8(ascii: "\n"))
        return line
    }

    /// Decodes a message from a line.
    package static func message<Message: Decodable>(_ type: Message.Type, from line: ByteBuffer) throws -> Message {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = WireTime.date(text) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "“\(text)” is not a time like 2026-11-23T08:14:03.218Z"
                )
            }
            return date
        }
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try decoder.decode(type, from: Data(line.readableBytesView))
    }
}

extension Double {
    /// Rounded to so many decimals, half away from zero, so that its shortest text is readable: 0.93, not
    /// 0.9300000000000001. What is not finite stays as it is.
    package func rounded(decimals: Int) -> Double {
        var power = 1.0
        for _ in 0..<decimals { power *= 10 }
        let scaled = self * power
        return scaled.isFinite ? scaled.rounded() / power : self
    }
}
