import Foundation

/// Writes a tar archive of plain files, in the format that every tar reads (POSIX.1-2017, pax, "ustar Interchange Format"):
/// a header of 512 bytes, the content, and zeros up to the next 512.
///
/// Written here because it is that little, and the program tar would want every member as a file on disk first.
struct TarFile {
    private let file: FileHandle
    private let date: Date

    /// Makes an archive at the path, whose members are dated so.
    init(_ path: String, date: Date) throws {
        file = try FileHandle(creating: path)
        self.date = date
    }

    /// Adds a file.
    ///
    /// - Parameter name: at most 100 bytes.
    func add(_ name: String, _ content: Data) throws {
        try file.write(contentsOf: Self.header(name, size: content.count, date: date) + content)
        try file.write(contentsOf: Data(count: -content.count & 511))
    }

    /// Ends the archive: two empty blocks.
    func close() throws {
        try file.write(contentsOf: Data(count: 1024))
        try file.close()
    }

    static func header(_ name: String, size: Int, date: Date) -> Data {
        precondition(name.utf8.count <= 100, "a longer name needs another kind of header")
        var header = Data(count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: Data(text.utf8))
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(max(0, Int(date.timeIntervalSince1970)), digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\0" + "00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        return header
    }
}

extension FileHandle {
    /// Makes a file to write to, or empties it.
    convenience init(creating path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExportFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
        self.init(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
