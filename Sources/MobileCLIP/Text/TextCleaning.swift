import Foundation

/// What happens to a text before it is cut into words: the published tokenizer passes it through `ftfy.fix_text`,
/// `html.unescape` (twice), collapses white space, and lowercases it.
///
/// Of ftfy this does what changes ordinary text: entities, ligatures, full-width forms, curly quotes, control
/// characters, NFC. It does not guess at text that was decoded in the wrong encoding ("cafÃ©"); such prompts keep their
/// damage.
enum TextCleaning {
    static func clean(_ text: String) -> String {
        // Like ftfy: where there is a "<", entities are left to the later passes.
        var text = text.contains("<") ? text : unescape(text)
        text = String(String.UnicodeScalarView(text.unicodeScalars.flatMap(plain)))
            .precomposedStringWithCanonicalMapping
        text = unescape(unescape(text))
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }
        return words.map { String($0).lowercased() }.joined(separator: " ")
    }

    /// One code point as ordinary text has it.
    private static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: []  // control characters
        case 0x02BC, 0x2018...0x201B: ["'"]
        case 0x201C...0x201F: ["\""]
        case 0x3000: [" "]
        // Full-width and half-width forms, and ligatures of Latin letters.
        case 0xFF01...0xFFEF, 0x0132, 0x0133, 0x0149, 0x01F1...0x01F3, 0x01C4...0x01CC, 0xFB00...0xFB06:
            Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
        default: [scalar]
        }
    }

    private static let names: [Substring: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®",
        "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
        "rdquo": "”", "bull": "•", "middot": "·", "deg": "°", "plusmn": "±", "times": "×", "euro": "€", "pound": "£",
        "laquo": "«", "raquo": "»", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ntilde": "ñ",
    ]

    /// Character references, `&#233;`, `&#xE9;` and the common named ones.
    private static func unescape(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            let body = rest.dropFirst().prefix(32)
            guard let end = body.firstIndex(of: ";"), let character = character(body[..<end]) else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result += character
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ reference: Substring) -> String? {
        guard reference.hasPrefix("#") else { return names[reference] }
        let digits = reference.dropFirst()
        let code = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap(Unicode.Scalar.init).map { String($0) }
    }
}
