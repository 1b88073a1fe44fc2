/// A piece of the file as messages show it: between backquotes, one line, and not longer than a message can bear.
func quoted(_ text: some StringProtocol) -> String {
    let longest = 60
    let shown = text.unicodeScalars.prefix(longest).map { $0.value < 0x20 || $0.value == 0x7f ? " " : String($0) }
    return "`\(shown.joined())\(text.unicodeScalars.count > longest ? "…" : "")`"
}

/// `a`, `b` and `c`, each between backquotes.
func listed(_ names: [String], _ conjunction: String) -> String {
    let all = names.map { quoted($0) }
    guard let last = all.last, all.count > 1 else { return all.first ?? "" }
    return "\(all.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}

/// What follows an unknown name: the nearest known one, or all of them where they are few, or nothing.
func suggestion(for name: String, among known: [String]) -> String {
    // Of thousands of names none is a good guess, and comparing each unknown one with all of them takes minutes.
    guard known.count <= 256 else { return "" }
    if let nearest = nearest(to: name, among: known) { return "; did you mean \(quoted(nearest))?" }
    guard (1...12).contains(known.count) else { return "" }
    return "; there \(known.count == 1 ? "is" : "are") \(listed(known, "and"))"
}

extension StringProtocol {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Not empty, and nothing but 0…9.
    var isDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}

extension Double {
    /// Reads digits with a decimal point and an exponent, which must give a finite number. `Double(_:)` alone would
    /// take `nan`, `infinity` and `0x1p3` too.
    init?(decimal text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        self = value
    }

    /// Without `.0` where it is whole.
    var short: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
