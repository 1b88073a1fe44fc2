import Foundation

/// What happens to a text before it is cut into words: the published tokenizer passes it through `ftfy.fix_text`,
/// `html.unescape` (twice), collapses white space, and lowercases it.
///
/// Of ftfy and HTML this does what changes ordinary text: the common entities, ligatures, full-width forms, curly
/// quotes, control characters, NFC. It does not guess at text that was decoded in the wrong encoding ("cafÃ©"); such prompts keep their
/// damage.
enum TextCleaning {
    static func clean(_ text: String) -> String {
        // Like ftfy: where there is a "<", entities are left to the later passes.
        var text = text.contains("<") ? text : unescape(text)
        text =
            String(String.UnicodeScalarView(text.unicodeScalars.flatMap(plain)))
            .precomposedStringWithCanonicalMapping
        text = unescape(unescape(text))
        let words = text.unicodeScalars.split { $0.properties.isWhitespace }
        return words.map(lowercased).joined(separator: " ")
    }

    /// In lower case, a capital sigma that ends a word as "ς": `String.lowercased` looks at no neighbours.
    private static func lowercased(_ word: Substring.UnicodeScalarView) -> String {
        guard word.contains("Σ") else { return String(word).lowercased() }
        return word.indices.map { place in
            guard word[place] == "Σ" else { return word[place].properties.lowercaseMapping }
            let before = word[..<place].last { !$0.properties.isCaseIgnorable }
            let after = word[word.index(after: place)...].first { !$0.properties.isCaseIgnorable }
            return before?.properties.isCased == true && after?.properties.isCased != true ? "ς" : "σ"
        }.joined()
    }

    /// One code point as ordinary text has it.
    private static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: []  // control characters
        case 0x02BC, 0x2018...0x201B: ["'"]
        case 0x201C...0x201F: ["\""]
        case 0x3000: [" "]
        case 0x80...0x9F: windows1252(scalar).map(plain) ?? [scalar]
        case 0x0149: ["'", "n"]
        case 0xFB05: ["ſ", "t"]
        // Full-width and half-width forms, and ligatures of Latin letters.
        case 0xFF01...0xFFEF, 0x0132, 0x0133, 0x01F1...0x01F3, 0x01C4...0x01CC, 0xFB00...0xFB06:
            Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
        default: [scalar]
        }
    }

    /// Old Windows text that was read as Latin-1 has its quotes and dashes among the control characters.
    private static let windows: [Character] = Array("€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ")

    private static func windows1252(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let character = windows[Int(scalar.value) - 0x80]
        return character == "?" ? nil : character.unicodeScalars.first
    }

    /// Of HTML's names, those of Latin-1, from U+00A0 on.
    private static let latin1Names = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
        micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
        Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
        Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
        ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
        uuml yacute thorn yuml
        """

    private static let names: [Substring: String] = {
        var names: [Substring: String] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "trade": "™", "hellip": "…", "mdash": "—",
            "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bdquo": "„", "bull": "•",
            "euro": "€",
            "hearts": "♥", "larr": "←", "rarr": "→", "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š",
        ]
        for (index, name) in latin1Names.split(separator: " ").enumerated() {
            names[name] = Unicode.Scalar(UInt32(0xA0 + index)).map { String($0) }
        }
        return names
    }()

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
        guard let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
        return String(0x80...0x9F ~= scalar.value ? windows1252(scalar) ?? scalar : scalar)
    }
}
