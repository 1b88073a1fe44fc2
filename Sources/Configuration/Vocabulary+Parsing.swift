import Glibc

/// What is wrong with a vocabulary: at least one fault, in the order of their places.
struct InvalidVocabulary: Error {
    var faults: [Fault]
}

extension Vocabulary {
    /// More labels than anybody writes; each costs time with every look.
    static let mostLabels = 2000
    /// Bytes of a file.
    static let largestFile = 1 << 20

    /// Reads a vocabulary: one description a line.
    ///
    ///     [weather] one
    ///     - dry weather
    ///     rain = it is raining | a street in the rain
    ///
    ///     [animals] else an animal
    ///     a dog
    ///
    /// A label may be followed by `=` and what the model hears in its place, in phrasings between `|`; a line that begins
    /// with `- ` is a silent description; `#` begins a comment. Descriptions before the first heading are things.
    static func parse(_ text: String) throws(InvalidVocabulary) -> Vocabulary {
        var reader = VocabularyReader()
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            reader.read(line, number: index + 1)
        }
        return try reader.vocabulary()
    }

    /// Reads a file, in the same way.
    static func read(path: String) throws(InvalidVocabulary) -> Vocabulary {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("Not a regular file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= largestFile {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= largestFile else { throw unreadable("it has more than \(largestFile) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable("it is not UTF-8") }
        return try parse(text)
    }

    private static func unreadable(_ reason: String) -> InvalidVocabulary {
        InvalidVocabulary(faults: [Fault(place: .start, message: "cannot be read: \(reason)")])
    }
}

/// Takes the lines of a vocabulary, and keeps every fault that it meets.
private struct VocabularyReader {
    private var groups: [Vocabulary.Group] = []
    private var places: [Place] = []
    private var labels: [String: Int] = [:]
    private var faults: [Fault] = []

    mutating func read(_ line: Substring, number: Int) {
        let content = Self.withoutComment(line)
        guard let first = content.firstIndex(where: { !$0.isWhitespace }) else { return }
        let column = line.unicodeScalars.distance(from: line.startIndex, to: first) + 1
        let place = Place(line: number, column: column)
        let text = content.trimmed
        if text.hasPrefix("[") {
            readHeading(text, at: place)
        } else {
            readDescription(text, at: place)
        }
    }

    /// What is before a `#` that begins the line or follows white space.
    private static func withoutComment(_ line: Substring) -> Substring {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous.isWhitespace { return line[..<index] }
            previous = line[index]
        }
        return line
    }

    private mutating func readHeading(_ text: String, at place: Place) {
        guard let end = text.firstIndex(of: "]") else { return report("a heading ends with `]`", at: place) }
        let name = text[text.index(after: text.startIndex)..<end].trimmed
        let rest = text[text.index(after: end)...].trimmed
        guard !name.isEmpty else { return report("a heading has a name, as in `[weather]`", at: place) }
        if groups.contains(where: { $0.name == name }) { report("there is a group \(quoted(name)) already", at: place) }
        var group = Vocabulary.Group(name: name, isOne: false, descriptions: [])
        if rest == "one" {
            group.isOne = true
        } else if rest.hasPrefix("else "), let label = checked(rest.dropFirst(5).trimmed, at: place) {
            group.general = label
        } else if !rest.isEmpty, !rest.hasPrefix("else ") {
            report("after a heading there can be `one` or `else` and a label, not \(quoted(rest))", at: place)
        }
        groups.append(group)
        places.append(place)
    }

    private mutating func readDescription(_ text: String, at place: Place) {
        if groups.isEmpty {
            groups.append(Vocabulary.Group(name: "things", isOne: false, descriptions: []))
            places.append(place)
        }
        var label: String?
        let heard: String
        if text == "-" || text.hasPrefix("- ") {
            heard = text.dropFirst().trimmed
        } else {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
            guard let checked = checked(parts[0], at: place) else { return }
            if let line = labels[checked] {
                return report("the label \(quoted(checked)) is in line \(line) already", at: place)
            }
            labels[checked] = place.line
            label = checked
            heard = parts.count > 1 ? parts[1] : checked
        }
        let phrasings = heard.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
        guard !phrasings.contains("") else { return report("a phrasing is empty", at: place) }
        groups[groups.count - 1].descriptions.append(Vocabulary.Description(label: label, phrasings: phrasings))
    }

    /// A label that can stand among others, between commas.
    private mutating func checked(_ label: String, at place: Place) -> String? {
        if label.isEmpty {
            report("a label is empty", at: place)
        } else if label.contains(",") || label.contains("|") {
            report("the label \(quoted(label)) has a comma or a `|` in it", at: place)
        } else if label.unicodeScalars.count > 100 {
            report("the label \(quoted(label)) is longer than 100 characters", at: place)
        } else {
            return label
        }
        return nil
    }

    private mutating func report(_ message: String, at place: Place) {
        faults.append(Fault(place: place, message: message))
    }

    mutating func vocabulary() throws(InvalidVocabulary) -> Vocabulary {
        // What is not there may be what was wrong.
        for (group, place) in zip(groups, places) where faults.isEmpty {
            if group.descriptions.isEmpty {
                report("the group \(quoted(group.name)) has no description", at: place)
            } else if group.isOne, group.descriptions.count < 2 {
                report(
                    "of the group \(quoted(group.name)) its only description would always be told: add what is there "
                        + "when it is not, as a line that begins with `- `",
                    at: place
                )
            }
        }
        if labels.isEmpty, faults.isEmpty { report("there is no description in it", at: .start) }
        if labels.count > Vocabulary.mostLabels {
            report("there are \(labels.count) labels, and at most \(Vocabulary.mostLabels) can be used", at: .start)
        }
        guard faults.isEmpty else { throw InvalidVocabulary(faults: faults.sorted { $0.place < $1.place }) }
        let things = groups.filter { !$0.isOne }
        if !things.isEmpty, things.allSatisfy({ $0.descriptions.allSatisfy { $0.label != nil } }) {
            groups.append(Vocabulary.nothing)
        }
        return Vocabulary(groups: groups)
    }
}
