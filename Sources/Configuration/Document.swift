import Yams

/// Reads the one YAML document of a text. All of YAML's parser that this module sees is here and in `syntaxFault`.
enum Document {
    /// With every alias expanded; nested aliases can make a small file enormous.
    static let mostValues = 100_000

    static func read(_ source: SourceText) throws(Faults) -> Value {
        let outline = Outline(source)
        if let fault = outline.fault { throw Faults([fault]) }

        let root: Node?
        do {
            // Without rules no scalar is more than its text, and two keys are equal when their texts are.
            let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            let duplicates = outline.duplicates
            guard duplicates.isEmpty else { throw Faults(duplicates) }
            let place = Place(line: context.mark.line, column: context.mark.column)
            throw Faults("the key \(listed(keys, "and")) is given twice", at: place)
        } catch let error as YamlError {
            throw Faults([syntaxFault(error, in: source.text)])
        } catch {
            throw Faults("the file cannot be read as YAML: \(error)", at: .start)
        }

        guard let root else {
            throw Faults("the file is empty; a configuration needs at least `model` and `cameras`", at: .start)
        }
        var left = mostValues
        return try value(of: root, left: &left)
    }

    private static func value(of node: Node, left: inout Int) throws(Faults) -> Value {
        let place = node.mark.map { Place(line: $0.line, column: $0.column) } ?? .start
        left -= 1
        guard left > 0 else {
            throw Faults("there are more than \(mostValues) values, counting each use of an alias", at: place)
        }
        switch node {
        case .scalar(let scalar):
            return Value(place: place, content: content(of: scalar))
        case .sequence(let sequence):
            var values: [Value] = []
            for element in sequence { values.append(try value(of: element, left: &left)) }
            return Value(place: place, content: .list(values))
        case .mapping(let mapping):
            var entries: [Value.Entry] = []
            for (key, element) in mapping {
                let keyPlace = key.mark.map { Place(line: $0.line, column: $0.column) } ?? place
                // The outline let no other key pass.
                let text = key.scalar?.string ?? ""
                entries.append(Value.Entry(key: text, place: keyPlace, value: try value(of: element, left: &left)))
            }
            return Value(place: place, content: .mapping(entries))
        case .alias:
            throw Faults("an alias that leads nowhere", at: place)
        }
    }

    private static func content(of scalar: Node.Scalar) -> Value.Content {
        let isQuoted = scalar.style != .plain
        if !isQuoted, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .nothing }
        return .text(scalar.string, isQuoted: isQuoted)
    }
}
