import Yams

/// What the parser stumbled over, in words for someone who writes YAML rather than reads its grammar. What is not
/// listed here is passed on as libYAML says it.
func syntaxFault(_ error: YamlError, in text: String) -> Fault {
    switch error {
    case .scanner(let context, let problem, let mark, _),
        .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let place = Place(line: mark.line, column: mark.column)
        let opened = context.map { Place(line: $0.mark.line, column: $0.mark.column) } ?? place
        return words(for: problem, context: context?.text ?? "", at: place, opened: opened, in: text)
            ?? Fault(place: place, message: "not valid YAML: \(context.map { "\($0.text), " } ?? "")\(problem)")
    case .reader(let problem, _, _, _):
        return Fault(place: .start, message: "not valid YAML: \(problem)")
    default:
        return Fault(place: .start, message: "not valid YAML: \(error)")
    }
}

private func words(for problem: String, context: String, at place: Place, opened: Place, in text: String) -> Fault? {
    func here(_ message: String) -> Fault { Fault(place: place, message: message) }
    func there(_ message: String) -> Fault { Fault(place: opened, message: message) }

    switch problem {
    case "found character that cannot start any token":
        let character = character(at: place, in: text)
        return character == "\t"
            ? here("a tab cannot indent; use spaces")
            : here("text cannot begin with `\(character)`; put it between quotes")
    case "found a tab character that violates indentation",
        "found a tab character where an indentation space is expected":
        return here("a tab cannot indent; use spaces")
    case "mapping values are not allowed in this context", "found unexpected ':'":
        return here("a `:` is not expected here; check the indentation, or put the text between quotes")
    case "did not find expected key":
        return here("a key is expected here; check the indentation")
    case "could not find expected ':'":
        return there("a `:` is missing after this key, or the line is not where it belongs; check the indentation")
    case "block sequence entries are not allowed in this context":
        return here("a `- ` is not expected here; put a list on lines of its own, or the `-` between quotes")
    case "did not find expected '-' indicator":
        return here("a `- ` is expected here, as before the other items of this list; check the indentation")
    case "did not find expected ',' or ']'":
        return here("a `,` or `]` is expected here, for the list that begins at line \(opened.line)")
    case "did not find expected ',' or '}'":
        return here("a `,` or `}` is expected here, for the mapping that begins at line \(opened.line)")
    case "did not find expected comment or line break" where context.contains("block scalar"):
        return there("text cannot begin with `\(character(at: opened, in: text))`; put it between quotes")
    case "found unexpected end of stream" where context.contains("quoted scalar"):
        return there("this quote is not closed")
    case "found unknown escape character":
        return here("an unknown escape after `\\`; put the text between single quotes to keep it as it is")
    case "found undefined alias":
        return here("an alias without its anchor; quote the text if it begins with `*`")
    case "did not find expected alphabetic or numeric character":
        return there("a name is missing here; put the text between quotes if it begins with `&` or `*`")
    case "but found another document":
        return here("a second document begins here; a configuration is one")
    default:
        return nil
    }
}

private func character(at place: Place, in text: String) -> Character {
    let lines = text.split(separator: "\n", maxSplits: place.line, omittingEmptySubsequences: false)
    guard lines.indices.contains(place.line - 1) else { return " " }
    return lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1).first.map(Character.init) ?? " "
}
