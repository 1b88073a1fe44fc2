/// The text of a configuration, fit for YAML's parser: valid UTF-8 without a byte order mark, of bounded size, lines
/// ending in LF only, and nothing invisible that would end a line or the file early.
struct SourceText {
    /// A configuration is written by hand; this is a thousand cameras with long comments.
    static let largest = 1 << 20

    let text: String

    init(_ bytes: [UInt8]) throws(Faults) {
        guard bytes.count <= Self.largest else { throw Self.tooLarge }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw Faults("the file is UTF-16; save it as UTF-8", at: .start)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.invalidByte(in: bytes)
        }
        try self.init(text)
    }

    init(_ text: String) throws(Faults) {
        guard text.utf8.count <= Self.largest else { throw Self.tooLarge }
        var cleaned = String.UnicodeScalarView()
        var place = Place.start
        var isAfterReturn = false
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == 0, scalar == "\u{feff}" { continue }
            if isAfterReturn {
                guard scalar == "\n" else {
                    place.column -= 1
                    throw Faults("a carriage return that ends no line; lines end in LF or CR LF", at: place)
                }
                isAfterReturn = false
            }
            if let name = Self.refusal(of: scalar) {
                throw Faults("\(name) is not allowed in a configuration", at: place)
            }
            if scalar == "\r" {
                isAfterReturn = true
            } else {
                cleaned.append(scalar)
            }
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : place.next
        }
        if isAfterReturn { cleaned.append("\n") }
        self.text = String(cleaned)
    }

    /// What libYAML would stop at, and what it would count as the end of a line where editors do not.
    private static func refusal(of scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x00: "a NUL byte"
        case 0x01...0x08, 0x0b, 0x0c, 0x0e...0x1f, 0x7f...0x9f: "the control character \(scalar.codePoint)"
        case 0x2028, 0x2029: "the line separator \(scalar.codePoint)"
        case 0xfeff, 0xfffe, 0xffff: "the invisible character \(scalar.codePoint)"
        default: nil
        }
    }

    private static var tooLarge: Faults {
        Faults("the file is larger than 1 MiB, the most that a configuration may have", at: .start)
    }

    private static func invalidByte(in bytes: [UInt8]) -> Faults {
        var place = Place.start
        var offset = 0
        var iterator = bytes.makeIterator()
        var parser = UTF8.ForwardParser()
        while case .valid(let encoded) = parser.parseScalar(from: &iterator) {
            offset += encoded.count
            place = encoded.first == 0x0a ? Place(line: place.line + 1, column: 1) : place.next
        }
        let byte = offset < bytes.count ? String(bytes[offset], radix: 16, uppercase: true) : "?"
        return Faults("the byte 0x\(byte) is not UTF-8; save the file as UTF-8", at: place)
    }
}

extension Place {
    var next: Place { Place(line: line, column: column + 1) }
}

extension Unicode.Scalar {
    /// `U+2028`
    fileprivate var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
