import Glibc

extension Settings {
    /// Reads a file. Relative paths in it begin at its folder, and are absolute in the result.
    ///
    /// - Throws: all that is wrong; a file that cannot be read is one problem at 1:1.
    public static func load(path: String) throws(InvalidConfiguration) -> Settings {
        do {
            let source = try SourceText(try contents(of: path))
            return try parse(source, folder: folder(of: path))
        } catch {
            throw InvalidConfiguration(error.faults, file: path)
        }
    }

    /// Reads a text as `load(path:)` does the file's.
    ///
    /// - Parameters:
    ///   - file: what problems call it.
    ///   - folder: where relative paths begin.
    public static func parse(
        _ yaml: String,
        file: String,
        folder: String
    ) throws(InvalidConfiguration) -> Settings {
        do {
            return try parse(try SourceText(yaml), folder: folder)
        } catch {
            throw InvalidConfiguration(error.faults, file: file)
        }
    }

    private static func parse(_ source: SourceText, folder: String) throws(Faults) -> Settings {
        var reader = SettingsReader(folder: folder)
        let settings = reader.settings(try Document.read(source))
        guard reader.faults.isEmpty else { throw Faults(reader.faults) }
        return settings
    }

    private static func folder(of path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        if path.hasPrefix("/") { return folder }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return folder }
        let current = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return folder == "." ? current : resolve(folder, in: current)
    }

    private static func contents(of path: String) throws(Faults) -> [UInt8] {
        // A pipe or device that nobody writes to must not hold up the start.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(EISDIR) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Faults("the configuration cannot be read: Not a regular file", at: .start)
        }

        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= SourceText.largest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    private static func unreadable(_ code: Int32) -> Faults {
        Faults("the configuration cannot be read: \(String(cString: strerror(code)))", at: .start)
    }
}
