import Configuration
import Testing

@Suite struct SyntaxProblemTests {
    @Test(arguments: [
        Wrong("", "1:1: the file is empty; a configuration needs at least `model` and `cameras`"),
        Wrong("# nothing\n\n", "1:1: the file is empty; a configuration needs at least `model` and `cameras`"),
        Wrong("---\n", "2:1: the configuration must be a mapping of keys to values, not nothing"),
        Wrong("hello", "1:1: the configuration must be a mapping of keys to values, not text"),
        Wrong("- a\n- b", "1:1: the configuration must be a mapping of keys to values, not a list"),
        .top("---\nmodel: {use: n}", "3:1: a second document begins here; a configuration is one"),
    ])
    func whole(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong("model:\n\tuse: m", "2:1: a tab cannot indent; use spaces"),
        Wrong("model: {use: @m}", "1:14: text cannot begin with `@`; put it between quotes"),
        Wrong("model: {use: `m`}", "1:14: text cannot begin with ```; put it between quotes"),
        Wrong("model: a: b", "1:9: a `:` is not expected here; check the indentation, or put the text between quotes"),
        Wrong("model:\n  use: m\n cameras: []", "3:2: a key is expected here; check the indentation"),
        Wrong(
            "model: {use: m}\ncameras\n",
            "2:1: a `:` is missing after this key, or the line is not where it belongs; check the indentation"
        ),
        Wrong(
            "model: - m",
            "1:8: a `- ` is not expected here; put a list on lines of its own, or the `-` between quotes"
        ),
        Wrong(
            "cameras:\n  - a\n  b: c",
            "3:3: a `- ` is expected here, as before the other items of this list; check the indentation"
        ),
        Wrong("a: [b\nc: d", "2:2: a `,` or `]` is expected here, for the list that begins at line 1"),
        Wrong("a:\n  - [b, c\n", "3:1: a `,` or `]` is expected here, for the list that begins at line 2"),
        Wrong("a:\n  {b: c\n", "3:1: a `,` or `}` is expected here, for the mapping that begins at line 2"),
        Wrong("a: 'b\nc: d\n", "1:4: this quote is not closed"),
        Wrong("a: \"b\n", "1:4: this quote is not closed"),
        Wrong(
            "a: \"\\q\"",
            "1:5: an unknown escape after `\\`; put the text between single quotes to keep it as it is"
        ),
        Wrong("a: *b", "1:4: an alias without its anchor; quote the text if it begins with `*`"),
        Wrong("a: * b", "1:4: a name is missing here; put the text between quotes if it begins with `&` or `*`"),
        .trigger("when: >= 0.8", "6:11: text cannot begin with `>`; put it between quotes"),
    ])
    func parser(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong("a: !!int 5", "1:4: a tag has no meaning here; remove it, or quote the text if it begins with `!`"),
        Wrong(
            "? a\n: b",
            "1:1: a `?` key is not understood; write `key: value`, or quote the text if it begins with `?`"
        ),
        Wrong("[a, b]: c", "1:1: a key must be text"),
        Wrong("{[a]: b}", "1:2: a key must be text"),
        Wrong("a: &x b\n*x : c", "2:1: an alias cannot be a key"),
        Wrong("{a: &x b, *x : c}", "1:11: an alias cannot be a key"),
        Wrong("{&x a, *x}", "1:8: an alias cannot be a key"),
        Wrong(": a", "1:1: a key is missing before this `:`"),
    ])
    func keys(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.top("model: {use: n}", "3:1: the key `model` is already given at line 1"),
        .device("name: b", "5:5: the key `name` is already given at line 3"),
        .device("\"name\": b", "5:5: the key `name` is already given at line 3"),
        .top("socket: {path: a, mode: '660', path: b}", "3:32: the key `path` is already given at line 3"),
        .trigger(
            "hold: 1s\n    hold: 2s\n    name: b\n    hold: 3s",
            "7:5: the key `hold` is already given at line 6",
            "8:5: the key `name` is already given at line 4",
            "9:5: the key `hold` is already given at line 6"
        ),
    ])
    func duplicates(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong("a: b\nc\0: d", "2:2: a NUL byte is not allowed in a configuration"),
        Wrong("a: \u{7}", "1:4: the control character U+0007 is not allowed in a configuration"),
        Wrong("a: é\u{85}b", "1:5: the control character U+0085 is not allowed in a configuration"),
        Wrong("a: b\u{2028}c: d", "1:5: the line separator U+2028 is not allowed in a configuration"),
        Wrong("a: \u{feff}b", "1:4: the invisible character U+FEFF is not allowed in a configuration"),
        Wrong("a: b\rc: d", "1:5: a carriage return that ends no line; lines end in LF or CR LF"),
    ])
    func characters(_ wrong: Wrong) { wrong.check() }

    @Test func windowsLinesAndByteOrderMarkAreRead() throws {
        let yaml = topYAML("batch: {size: 3}")
        let windows = "\u{feff}" + yaml.split(separator: "\n").joined(separator: "\r\n")
        #expect(try parse(windows) == parse(yaml))
        #expect(problemsOf("\u{feff}a: b\r\n\r\n  @") == problemsOf("a: b\n\n  @"))
    }
}
