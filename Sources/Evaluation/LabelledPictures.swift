import Foundation

/// Pictures and the classes that they belong to.
public struct LabelledPictures: Sendable, Equatable {
    /// One picture.
    public struct Entry: Sendable, Equatable {
        /// Its file.
        public let path: String
        /// The place of its class among ``LabelledPictures/classes``.
        public let label: Int
    }

    /// The classes' names, each once.
    public private(set) var classes: [String] = []
    /// In the order of classes' folders, then of names.
    public private(set) var pictures: [Entry] = []

    private var places: [String: Int] = [:]

    /// Reads a folder whose subfolders are classes, as ImageNet's are, or whose pictures a list names.
    ///
    /// - Parameters:
    ///   - folder: pictures end in .jpg, .jpeg or .png; other files say nothing.
    ///   - list: a text file. With lines `KEY<tab>NAME`, a key is a subfolder or a picture; names without a folder are
    ///     classes without a picture. Lines `FOLDER NAME` do where each begins with a subfolder's name. Else each line is
    ///     the name of a subfolder, in the order of their names. Without a list, classes are called as their folders, `_`
    ///     for spaces.
    /// - Throws: where the folder or the list cannot be read, they do not fit each other, or there are no two classes.
    public init(folder: String, list: String?) throws(EvaluationProblem) {
        let names = try Self.names(in: folder)
        let folders = names.filter { Self.isFolder("\(folder)/\($0)") }
        if let list {
            try read(list, folder, folders)
        } else {
            guard !folders.isEmpty else {
                throw EvaluationProblem("\(folder) has no folders, one for each class; --labels may name its pictures")
            }
            for name in folders {
                try add(folder: "\(folder)/\(name)", as: name.replacing("_", with: " "))
            }
        }
        guard classes.count > 1 else { throw EvaluationProblem("\(folder): there must be two classes at least") }
        guard !pictures.isEmpty else { throw EvaluationProblem("\(folder): its classes have no pictures") }
    }

    private mutating func place(of name: String) -> Int {
        if let place = places[name] { return place }
        places[name] = classes.count
        classes.append(name)
        return classes.count - 1
    }

    private mutating func add(folder: String, as name: String) throws(EvaluationProblem) {
        let label = place(of: name)
        for file in try Self.names(in: folder) where Evaluation.isPicture(file) {
            pictures.append(Entry(path: "\(folder)/\(file)", label: label))
        }
    }

    private mutating func read(_ list: String, _ folder: String, _ folders: [String]) throws(EvaluationProblem) {
        let lines = try TextLines(path: list)
        let isKeyed = lines.all.contains { $0.text.contains("\t") }
        let known = Set(folders)
        let isWorded = lines.all.allSatisfy { line in
            line.text.split(separator: " ", maxSplits: 1).count == 2
                && known.contains(String(line.text.prefix { $0 != " " }))
        }
        guard isKeyed || isWorded else { return try name(folders, of: folder, by: lines) }
        var named: Set<String> = []
        for line in lines.all {
            let parts = line.text.split(separator: isKeyed ? "\t" : " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else {
                throw EvaluationProblem("\(line): a line is KEY<tab>NAME, and this is “\(line.text.prefix(80))”")
            }
            let label = place(of: parts[1])
            if known.contains(parts[0]) {
                guard named.insert(parts[0]).inserted else {
                    throw EvaluationProblem("\(line): the folder \(parts[0]) has a name already")
                }
                try add(folder: "\(folder)/\(parts[0])", as: parts[1])
            } else if Evaluation.isPicture(parts[0]) {
                let path = parts[0].hasPrefix("/") ? parts[0] : "\(folder)/\(parts[0])"
                pictures.append(Entry(path: path, label: label))
            }
        }
        if let nameless = folders.first(where: { !named.contains($0) }), !named.isEmpty {
            throw EvaluationProblem("\(list): the folder \(nameless) has no name")
        }
    }

    /// Names for folders, one a line.
    private mutating func name(
        _ folders: [String],
        of folder: String,
        by lines: TextLines
    ) throws(EvaluationProblem) {
        guard lines.all.count == folders.count else {
            let problem = "\(lines.path) has \(lines.all.count) names, and \(folder) has \(folders.count) folders"
            throw EvaluationProblem(problem)
        }
        for (name, line) in zip(folders, lines.all) { try add(folder: "\(folder)/\(name)", as: line.text) }
    }

    // MARK: Files

    /// What is in a folder, in the order of bytes.
    private static func names(in folder: String) throws(EvaluationProblem) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw EvaluationProblem("\(folder) is no folder that can be read")
        }
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

/// The lines of a text file that say something.
struct TextLines {
    struct Line: CustomStringConvertible {
        let text: String
        /// `file:line`.
        let description: String
    }

    let path: String
    let all: [Line]

    init(path: String) throws(EvaluationProblem) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationProblem("\(path) cannot be read")
        }
        self.path = path
        all = String(decoding: data, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .enumerated()
            .map { Line(text: $1.trimmingCharacters(in: .whitespaces), description: "\(path):\($0 + 1)") }
            .filter { !$0.text.isEmpty }
    }
}
