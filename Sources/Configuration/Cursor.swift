/// A place in a text and what is there; past the end there is NUL, which the text itself never has.
struct Cursor {
    private let scalars: [Unicode.Scalar]
    private(set) var index = 0
    private(set) var place = Place.start

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    subscript(offset: Int) -> Unicode.Scalar {
        index + offset < scalars.count ? scalars[index + offset] : "\0"
    }

    var current: Unicode.Scalar { self[0] }

    var isAtEnd: Bool { index >= scalars.count }

    func isBlankOrEnd(at offset: Int) -> Bool {
        let scalar = self[offset]
        return scalar.isBlank || scalar == "\n" || scalar == "\0"
    }

    /// Whether `---` or `...` stands alone at the start of the line.
    var isAtDocumentMark: Bool {
        place.column == 1 && isBlankOrEnd(at: 3)
            && (self[0] == "-" && self[1] == "-" && self[2] == "-"
                || self[0] == "." && self[1] == "." && self[2] == ".")
    }

    /// The column at which the lines from here begin, as libYAML finds it for a block scalar without an explicit
    /// indentation: the deepest of the empty lines and the first other one.
    var contentIndent: Int {
        var ahead = self
        var deepest = 1
        repeat {
            while ahead.current == " " { ahead.advance() }
            deepest = max(deepest, ahead.place.column)
            guard ahead.current == "\n" else { break }
            ahead.advance()
        } while !ahead.isAtEnd
        return deepest
    }

    mutating func advance() {
        guard !isAtEnd else { return }
        place = current == "\n" ? Place(line: place.line + 1, column: 1) : place.next
        index += 1
    }

    mutating func advance(by count: Int) {
        for _ in 0..<count { advance() }
    }

    mutating func skipBlanks() {
        while current.isBlank { advance() }
    }

    /// To the end of the line, not past it.
    mutating func skipLine() {
        while !isAtEnd, current != "\n" { advance() }
    }

    /// Past the indicator and the name of an anchor or alias.
    mutating func skipName() {
        repeat { advance() } while current.isNamePart
    }
}

extension Unicode.Scalar {
    var isBlank: Bool { self == " " || self == "\t" }

    /// What libYAML takes as part of an anchor's name.
    fileprivate var isNamePart: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
