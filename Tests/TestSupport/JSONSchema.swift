import EventSocket
import Foundation
import NIOCore

/// Enough of JSON Schema (draft 2020-12) for `Docs/protocol.schema.json`; a keyword that is not known here is an error,
/// so that nothing in the schema is taken for granted.
package struct JSONSchema: Sendable {
    package struct Fault: Error, CustomStringConvertible {
        package var description: String
    }

    private let root: JSONValue
    /// Whether objects may have only the properties that are described, as if each said so.
    private let isClosed: Bool

    package init(_ text: String, isClosed: Bool = false) throws {
        root = try Wire.message(JSONValue.self, from: ByteBuffer(string: text))
        self.isClosed = isClosed
    }

    /// `Docs/protocol.schema.json`.
    ///
    /// - Parameter isClosed: whether fields that it does not describe are faults.
    package static func ofProtocol(isClosed: Bool) throws -> JSONSchema {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let path = folder.appending(path: "../../Docs/protocol.schema.json").standardizedFileURL
        return try JSONSchema(String(contentsOf: path, encoding: .utf8), isClosed: isClosed)
    }

    /// Checks a line of JSON against the definition of that name.
    package func validate(text: String, as definition: String) throws {
        try validate(try Wire.message(JSONValue.self, from: ByteBuffer(string: text)), as: definition)
    }

    /// Checks a value against the definition of that name.
    package func validate(_ value: JSONValue, as definition: String) throws {
        try validate(value, .object(["$ref": .string("#/$defs/" + definition)]), at: "")
    }

    /// The definition of that name.
    package func definition(_ name: String) throws -> JSONValue {
        guard let schema = root["$defs"]?[name] else { throw Fault(description: "there is no definition of \(name)") }
        return schema
    }

    private func validate(_ value: JSONValue, _ schema: JSONValue, at path: String) throws {
        guard case .object(let keywords) = schema else { throw Fault(description: "\(path): a schema is an object") }
        for (keyword, argument) in keywords {
            switch keyword {
            case "description", "title", "properties", "additionalProperties":
                continue
            case "$ref":
                guard case .string(let text) = argument, text.hasPrefix("#/$defs/") else {
                    throw Fault(description: "\(path): the reference \(argument) is not one to a definition")
                }
                try validate(value, try definition(String(text.dropFirst(8))), at: path)
            case "const":
                guard value == argument else { throw Fault(description: "\(path) is not \(argument)") }
            case "enum":
                guard try argument.elements().contains(value) else {
                    throw Fault(description: "\(path): \(value) is none of \(argument)")
                }
            case "type":
                guard case .string(let name) = argument, try isOf(type: name, value) else {
                    throw Fault(description: "\(path): \(value) is no \(argument)")
                }
            case "minimum":
                guard case .number(let least) = argument else {
                    throw Fault(description: "\(path): a minimum is a number")
                }
                guard case .number(let number) = value else { continue }
                guard number >= least else { throw Fault(description: "\(path): \(number) is less than \(least)") }
            case "pattern":
                guard case .string(let pattern) = argument else {
                    throw Fault(description: "\(path): a pattern is text")
                }
                guard case .string(let text) = value else { continue }
                guard try Regex(pattern).firstMatch(in: text) != nil else {
                    throw Fault(description: "\(path): “\(text)” does not match \(pattern)")
                }
            case "items":
                guard case .array(let elements) = value else { continue }
                for (index, element) in elements.enumerated() {
                    try validate(element, argument, at: path + "[\(index)]")
                }
            case "required":
                guard case .object(let members) = value else { continue }
                for case .string(let name) in try argument.elements() where members[name] == nil {
                    throw Fault(description: "\(path).\(name) is missing")
                }
            case "oneOf", "anyOf":
                try validate(value, oneOf: try argument.elements(), isExclusive: keyword == "oneOf", at: path)
            default:
                throw Fault(description: "\(path): the keyword \(keyword) is not known")
            }
        }
        try validateMembers(of: value, keywords, at: path)
    }

    private func validate(
        _ value: JSONValue,
        oneOf schemas: [JSONValue],
        isExclusive: Bool,
        at path: String
    ) throws {
        var faults: [String] = []
        var matches = 0
        for schema in schemas {
            do {
                try validate(value, schema, at: path)
                matches += 1
            } catch {
                faults.append("\(error)")
            }
        }
        guard matches == 1 || (matches > 1 && !isExclusive) else {
            throw Fault(description: "\(path): \(matches) alternatives fit: \(faults.joined(separator: "; "))")
        }
    }

    private func validateMembers(
        of value: JSONValue,
        _ keywords: [String: JSONValue],
        at path: String
    ) throws {
        guard case .object(let members) = value else { return }
        let described: [String: JSONValue]
        switch keywords["properties"] {
        case .object(let properties)?: described = properties
        case nil: described = [:]
        case let other?: throw Fault(description: "\(path): properties are an object, not \(other)")
        }
        let standard: JSONValue = isClosed && keywords["properties"] != nil ? .bool(false) : .bool(true)
        let rest = keywords["additionalProperties"] ?? standard
        for (name, member) in members {
            switch (described[name], rest) {
            case (let schema?, _): try validate(member, schema, at: path + "." + name)
            case (nil, .bool(true)): continue
            case (nil, .bool(false)): throw Fault(description: "\(path).\(name) is not described")
            case (nil, let schema): try validate(member, schema, at: path + "." + name)
            }
        }
    }

    private func isOf(type name: String, _ value: JSONValue) throws -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("number", .number):
            true
        case ("integer", .number(let number)):
            number.exponent >= 0 || number.description.allSatisfy { $0.isNumber || $0 == "-" }
        case ("null", _), ("boolean", _), ("string", _), ("array", _), ("object", _), ("number", _), ("integer", _):
            false
        default:
            throw Fault(description: "the type \(name) is not known")
        }
    }
}

extension JSONValue {
    /// The member of that name.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The elements of a list.
    package func elements() throws -> [JSONValue] {
        guard case .array(let elements) = self else { throw JSONSchema.Fault(description: "\(self) is no list") }
        return elements
    }
}
