/// What a text holds, found in one pass without building anything: its keys with their places, and what must not reach
/// the parser.
///
/// The parser is recursive, compares whole keys, and tells only where the first of two equal keys is. So nesting is
/// bounded here; keys are held to plain text, for a key made of nested aliases would take for ever to compare; and the
/// places of keys are kept for whoever has to say which are double. Token boundaries are libYAML's: where this pass
/// sees a text differently, libYAML refuses the text.
struct Outline {
    struct Key: Equatable {
        var text: String
        var place: Place
        /// Equal for the keys of one mapping.
        var mapping: Int
    }

    static let deepest = 100

    private(set) var keys: [Key] = []
    /// The first thing that must not reach the parser; the pass ends there.
    private(set) var fault: Fault?

    private var cursor: Cursor
    private var blocks: [(column: Int, mapping: Int)] = []
    private var flows: [Flow] = []
    private var mappings = 0
    /// Where the anchor of the node that comes next is, when that is on the same line.
    private var anchor: Place?
    /// Whether the colon that comes next belongs to a key of a block.
    private var isAfterKey = false

    private struct Flow {
        var isMapping: Bool
        var mapping: Int
        var expectsKey: Bool
        var place: Place
    }

    init(_ source: SourceText) {
        cursor = Cursor(source.text)
        while fault == nil, skipToToken() { scanToken() }
    }

    /// Every key that stands in its mapping for a second time or more.
    var duplicates: [Fault] {
        struct Identity: Hashable {
            var text: String
            var mapping: Int
        }
        var first: [Identity: Place] = [:]
        return keys.compactMap { key in
            let identity = Identity(text: key.text, mapping: key.mapping)
            guard let earlier = first[identity] else {
                first[identity] = key.place
                return nil
            }
            let message = "the key \(quoted(key.text)) is already given at line \(earlier.line)"
            return Fault(place: key.place, message: message)
        }
    }

    // MARK: - Tokens

    /// False at the end of the text.
    private mutating func skipToToken() -> Bool {
        while true {
            cursor.skipBlanks()
            if cursor.current == "#" { cursor.skipLine() }
            guard cursor.current == "\n" else { return !cursor.isAtEnd }
            cursor.advance()
            anchor = nil
        }
    }

    private mutating func scanToken() {
        if flows.isEmpty {
            while let last = blocks.last, last.column > cursor.place.column { blocks.removeLast() }
        }
        if cursor.place.column == 1, cursor.current == "%" { return cursor.skipLine() }
        if cursor.isAtDocumentMark {
            blocks = []
            return cursor.advance(by: 3)
        }

        let isFollowedByBlank = cursor.isBlankOrEnd(at: 1)
        switch cursor.current {
        case "[", "{": openFlow()
        case "]", "}": closeFlow()
        case ",":
            cursor.advance()
            expectFlowKey(true)
        case "-" where isFollowedByBlank:
            if flows.isEmpty { enterBlock(at: cursor.place) }
            cursor.advance()
            anchor = nil
        case "?" where isFollowedByBlank || !flows.isEmpty:
            refuse("a `?` key is not understood; write `key: value`, or quote the text if it begins with `?`")
        case ":" where isFollowedByBlank || !flows.isEmpty:
            guard isAfterKey || !flows.isEmpty else { return refuse("a key is missing before this `:`") }
            isAfterKey = false
            cursor.advance()
            expectFlowKey(false)
            anchor = nil
        case "!":
            refuse("a tag has no meaning here; remove it, or quote the text if it begins with `!`")
        case "&":
            anchor = anchor ?? cursor.place
            cursor.skipName()
        case "*": scanAlias()
        case "|" where flows.isEmpty, ">" where flows.isEmpty: skipBlockScalar()
        case "'", "\"": scanQuoted()
        default: scanPlain()
        }
    }

    private mutating func openFlow() {
        if flows.last?.expectsKey == true { return refuse("a key must be text") }
        let isMapping = cursor.current == "{"
        mappings += 1
        flows.append(Flow(isMapping: isMapping, mapping: mappings, expectsKey: isMapping, place: cursor.place))
        checkDepth(at: cursor.place)
        cursor.advance()
        anchor = nil
    }

    private mutating func closeFlow() {
        let flow = flows.popLast()
        cursor.advance()
        if isBeforeColon { refuse("a key must be text", at: flow?.place) }
        expectFlowKey(false)
    }

    private mutating func scanAlias() {
        let start = cursor.place
        cursor.skipName()
        if flows.last?.expectsKey == true || isBeforeColon { refuse("an alias cannot be a key", at: start) }
    }

    private mutating func scanQuoted() {
        let start = cursor.place
        let quote = cursor.current
        var text = String.UnicodeScalarView()
        cursor.advance()
        while !cursor.isAtEnd {
            if cursor.current == "\\", quote == "\"" {
                text.append(cursor.current)
                cursor.advance()
            } else if cursor.current == quote {
                guard quote == "'", cursor[1] == "'" else { break }
                cursor.advance()
            }
            text.append(cursor.current)
            cursor.advance()
        }
        cursor.advance()
        noteScalar(String(text), at: start)
    }

    /// A plain scalar goes on over lines that are indented deeper than the block around it.
    private mutating func scanPlain() {
        let start = cursor.place
        var text = String.UnicodeScalarView()
        var end = cursor
        while !cursor.isAtDocumentMark, cursor.current != "#" {
            let wordStart = cursor.index
            while !cursor.isBlankOrEnd(at: 0), !(cursor.current == ":" && cursor.isBlankOrEnd(at: 1)),
                flows.isEmpty || !",[]{}".unicodeScalars.contains(cursor.current)
            {
                text.append(cursor.current)
                cursor.advance()
            }
            guard cursor.index > wordStart else { break }
            end = cursor
            guard cursor.isBlankOrEnd(at: 0) else { break }
            while cursor.current == "\n" || cursor.current.isBlank { cursor.advance() }
            if cursor.isAtEnd || flows.isEmpty && cursor.place.column <= indentation { break }
            text.append(" ")
        }
        // A character that no token may begin with is the parser's to complain of.
        if end.place == start { end.advance() }
        cursor = end
        noteScalar(String(text).trimmed, at: start)
    }

    private mutating func skipBlockScalar() {
        var increment: Int?
        while !cursor.isAtEnd, cursor.current != "\n" {
            if cursor.current == "#" {
                cursor.skipLine()
                break
            }
            increment = increment ?? Int(String(cursor.current))
            cursor.advance()
        }
        cursor.advance()

        let spaces = increment.map { max(indentation - 1, 0) + $0 } ?? max(cursor.contentIndent - 1, indentation, 1)
        while !cursor.isAtEnd {
            let line = cursor
            while cursor.current == " ", cursor.place.column <= spaces { cursor.advance() }
            guard cursor.place.column > spaces || cursor.current == "\n" else {
                cursor = line
                break
            }
            cursor.skipLine()
            cursor.advance()
        }
        anchor = nil
    }

    // MARK: - Structure

    /// The column of the innermost block, 0 outside of any.
    private var indentation: Int { blocks.last?.column ?? 0 }

    private var isBeforeColon: Bool {
        var ahead = cursor
        ahead.skipBlanks()
        return ahead.current == ":" && (!flows.isEmpty || ahead.isBlankOrEnd(at: 1))
    }

    private mutating func noteScalar(_ text: String, at start: Place) {
        let place = anchor ?? start
        anchor = nil
        if let flow = flows.last {
            if flow.expectsKey {
                keys.append(Key(text: text, place: place, mapping: flow.mapping))
                expectFlowKey(false)
            } else if !flow.isMapping, isBeforeColon {
                mappings += 1
                keys.append(Key(text: text, place: place, mapping: mappings))
            }
        } else if isBeforeColon {
            enterBlock(at: place)
            keys.append(Key(text: text, place: place, mapping: blocks.last?.mapping ?? 0))
            isAfterKey = true
        }
    }

    private mutating func enterBlock(at place: Place) {
        guard place.column > indentation else { return }
        mappings += 1
        blocks.append((place.column, mappings))
        checkDepth(at: place)
    }

    private mutating func expectFlowKey(_ expects: Bool) {
        guard let last = flows.indices.last else { return }
        flows[last].expectsKey = expects && flows[last].isMapping
    }

    private mutating func checkDepth(at place: Place) {
        if blocks.count + flows.count > Self.deepest {
            fault = Fault(place: place, message: "this is nested more than \(Self.deepest) levels deep")
        }
    }

    private mutating func refuse(_ message: String, at place: Place? = nil) {
        fault = Fault(place: place ?? cursor.place, message: message)
    }
}
