/// How much room text takes in a terminal, in cells.
extension Character {
    /// Cells: 0, 1 or 2 for most. Where terminals differ (emoji of several parts) the most that any of them takes.
    package var cells: Int {
        let sum = unicodeScalars.reduce(0) { $0 + $1.cells }
        // Variation selector 16 asks for an emoji, which is wide.
        return unicodeScalars.contains("\u{FE0F}") ? max(sum, 2) : sum
    }
}

extension String {
    /// Cells in a row.
    package var cells: Int { reduce(0) { $0 + $1.cells } }

    /// The text as a terminal may be given it: what it would act on, and what turns or hides text, is replaced.
    package var shown: String {
        String(map { $0.unicodeScalars.contains(where: \.isInvisible) ? "\u{FFFD}" : $0 })
    }

    /// At most so many cells; an ellipsis stands for what is left out.
    package func cut(to columns: Int) -> String {
        guard cells > columns else { return self }
        let ellipsis = columns > 1 ? "…" : ""
        var room = columns - ellipsis.cells
        let kept = prefix { character in
            room -= character.cells
            return room >= 0
        }
        return String(kept) + ellipsis
    }

    /// At least so many cells, with blanks behind the text.
    package func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - cells))
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }

    fileprivate var cells: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        // Vowels and final consonants of Hangul, which join the syllable before them.
        if (0x1160...0x11FF).contains(value) { return 0 }
        if (0x1F1E6...0x1F1FF).contains(value) { return 1 }  // letters of flags, two to a flag
        return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// East Asian Wide and Fullwidth (Unicode Standard Annex #11), in blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3040...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]
}
