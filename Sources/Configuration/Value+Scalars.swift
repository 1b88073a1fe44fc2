/// Readings of one key's value. Each throws at the place of the value, and says what was expected in words.
extension Value.Entry {
    func text() throws(Faults) -> String {
        try value.text(of: quoted(key))
    }

    /// Text that is not blank, without the white space around it.
    func phrase() throws(Faults) -> String {
        try value.phrase(of: quoted(key))
    }

    func truth() throws(Faults) -> Bool {
        guard case .text(let text, let isQuoted) = value.content else { throw mustBe("`true` or `false`") }
        switch text {
        case "true" where !isQuoted: return true
        case "false" where !isQuoted: return false
        default: throw mustBe(isQuoted ? "`true` or `false`, without quotes" : "`true` or `false`")
        }
    }

    /// A finite number.
    func number() throws(Faults) -> Double {
        guard case .text(let text, let isQuoted) = value.content else { throw mustBe("a number") }
        guard !isQuoted else { throw mustBe("a number, without quotes") }
        guard let number = Double(decimal: text) else { throw mustBe("a number") }
        return number
    }

    func wholeNumber(in range: ClosedRange<Int>) throws(Faults) -> Int {
        let number = try number()
        guard let whole = Int(exactly: number) else { throw mustBe("a whole number") }
        guard range.contains(whole) else { throw mustBe("from \(range.lowerBound) to \(range.upperBound)") }
        return whole
    }

    /// One of the raw values of `T`.
    func choice<T: RawRepresentable & CaseIterable>(of type: T.Type) throws(Faults) -> T where T.RawValue == String {
        let text = try text()
        guard let choice = T(rawValue: text) else { throw mustBe(listed(T.allCases.map(\.rawValue), "or")) }
        return choice
    }

    /// A value with a syntax of its own.
    func parsed<T>(_ parse: (String) throws(InvalidValue) -> T) throws(Faults) -> T {
        let text = try text()
        do {
            return try parse(text)
        } catch {
            throw Faults("\(quoted(key)): \(error.message)", at: value.place)
        }
    }

    func mustBe(_ expected: String) -> Faults {
        value.mustBe(expected, called: quoted(key))
    }
}

extension Value {
    func text(of name: String) throws(Faults) -> String {
        guard case .text(let text, _) = content else { throw mustBe("text", called: name) }
        // A `\0` between double quotes; it would end the string for the system.
        guard !text.utf8.contains(0) else { throw Faults("\(name) has a NUL character in it", at: place) }
        return text
    }

    func phrase(of name: String) throws(Faults) -> String {
        let phrase = try text(of: name).trimmed
        guard !phrase.isEmpty else { throw Faults("\(name) is empty", at: place) }
        return phrase
    }

    func mustBe(_ expected: String, called name: String) -> Faults {
        if case .text(let text, _) = content {
            return Faults("\(name) must be \(expected), not \(quoted(text))", at: place)
        }
        // `[a dog: barking]` is a mapping, to the surprise of whoever wrote it.
        let hint: String
        if case .mapping = content, expected == "text" {
            hint = "; put text with a `: ` in it between quotes"
        } else {
            hint = ""
        }
        return Faults("\(name) must be \(expected), not \(kind)\(hint)", at: place)
    }
}
