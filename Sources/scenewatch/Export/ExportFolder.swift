import Foundation

/// Why an export failed, in words for a person.
struct ExportFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The folder that an export becomes: written under another name beside it, and renamed when it is whole.
struct ExportFolder {
    /// What it will be called.
    let path: String
    /// Where it is written.
    let part: String

    /// Makes the folder to write in.
    ///
    /// - Throws: when there is something at the path, unless it is an empty folder.
    init(_ path: String) throws {
        var path = URL(fileURLWithPath: path).path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if let content = try? FileManager.default.contentsOfDirectory(atPath: path) {
            guard content.isEmpty else {
                throw ExportFailure("\(path) is not empty; nothing was exported; name a folder that does not exist yet")
            }
        } else if access(path, F_OK) == 0 {
            throw ExportFailure("\(path) is there, and no folder; nothing was exported")
        }
        self.path = path
        part = path + ".part-\(getpid())"
        guard mkdir(part, 0o777) == 0 else {
            throw ExportFailure("cannot make the folder \(part): \(String(cString: strerror(errno)))")
        }
    }

    /// Makes a folder in it.
    func makeFolder(_ name: String) throws {
        guard mkdir(part + "/" + name, 0o777) == 0 || errno == EEXIST else {
            throw ExportFailure("cannot make the folder \(part)/\(name): \(String(cString: strerror(errno)))")
        }
    }

    /// Writes a file in it.
    func write(_ content: Data, as name: String) throws {
        let file = try FileHandle(creating: part + "/" + name)
        try file.write(contentsOf: content)
        try file.close()
    }

    /// Gives it its name.
    func finish() throws {
        guard rename(part, path) == 0 else {
            throw ExportFailure("cannot rename \(part) to \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Leaves nothing behind.
    func remove() {
        try? FileManager.default.removeItem(atPath: part)
    }
}
