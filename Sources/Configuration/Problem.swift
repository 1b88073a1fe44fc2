/// One thing that is wrong with a configuration, where, and where possible what to do.
public struct Problem: Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// What is wrong, in one line of words.
    public var message: String

    /// A problem at a place of a file.
    public init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `scenewatch.yaml:12:5: unknown key `promt`; did you mean `prompt`?`
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Everything that was found wrong with a configuration.
public struct InvalidConfiguration: Error, Sendable, Equatable, CustomStringConvertible {
    /// At least one, in the order of their places. A file with hundreds has its first hundred here, and a last one that
    /// says how many more there are.
    public var problems: [Problem]

    /// From problems in the order of their places.
    public init(problems: [Problem]) {
        self.problems = problems
    }

    /// One line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What is wrong with a value that was given as text, without its place.
public struct InvalidValue: Error, Sendable, Equatable, CustomStringConvertible {
    /// In one line of words.
    public var message: String

    /// From what is wrong, in words.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// A place in a file, both from 1; columns count Unicode scalars, as YAML's parser does.
struct Place: Hashable, Comparable {
    var line: Int
    var column: Int

    static let start = Place(line: 1, column: 1)

    static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A problem before it has its file.
struct Fault: Error, Hashable {
    var place: Place
    var message: String
}

/// Faults thrown together, at least one.
struct Faults: Error {
    var faults: [Fault]

    init(_ faults: [Fault]) {
        self.faults = faults
    }

    init(_ message: String, at place: Place) {
        faults = [Fault(place: place, message: message)]
    }
}

extension InvalidConfiguration {
    /// Ordered by place, each once (a value that is used through several aliases is wrong in one place).
    init(_ faults: [Fault], file: String) {
        let limit = 100
        var seen = Set<Fault>()
        let ordered = faults.filter { seen.insert($0).inserted }.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
        problems = ordered.prefix(limit).map {
            Problem(file: file, line: $0.place.line, column: $0.place.column, message: $0.message)
        }
        if ordered.count > limit {
            let next = ordered[limit].place
            let message = "\(ordered.count - limit) more from here on"
            problems.append(Problem(file: file, line: next.line, column: next.column, message: message))
        }
    }
}
