import Foundation

/// What sysfs, /dev and /proc hold, under a root folder. Nothing that stands there is trusted: texts are cut, and made
/// safe to show.
struct SystemFiles: Sendable {
    // An attribute in sysfs has at most a page.
    private static let longest = 4096
    /// Without the slash at its end: empty for `/`.
    private let root: String

    init(root: String) {
        let path = Self.realPath(root) ?? root
        self.root = path == "/" ? "" : path
    }

    /// The path as the process has to open it. A relative one stays as it is.
    func place(_ path: String) -> String { path.hasPrefix("/") ? root + path : path }

    /// The names in a folder, in no order, and an errno, which is 0 unless it cannot be listed.
    func names(in path: String) -> (names: [String], code: Int32) {
        guard let folder = opendir(place(path)) else { return ([], errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // Not by way of `d_name`, whose 256 bytes may reach past the end of the entry.
            guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { break }
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        return (names, 0)
    }

    /// A text file as ``Swift/String/init(deviceText:)`` has it; nil when there is none, or nothing in it.
    func text(_ path: String) -> String? {
        let descriptor = open(place(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(deviceText: bytes.prefix(count))
        return text.isEmpty ? nil : text
    }

    /// Where a path leads when every link is followed; nil when that is nowhere, or outside the root folder.
    func target(of path: String) -> String? {
        guard let target = Self.realPath(place(path)), target.hasPrefix(root + "/") else { return nil }
        return String(target.dropFirst(root.count))
    }

    /// What a link says; nil when there is none.
    func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        let count = bytes.withUnsafeMutableBytes { bytes in
            let text = bytes.bindMemory(to: CChar.self)
            return text.baseAddress.map { readlink(place(path), $0, text.count) } ?? -1
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    /// The number of the character device behind a path; nil when there is none.
    func deviceNumber(_ path: String) -> dev_t? {
        var status = stat()
        guard stat(place(path), &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return nil }
        return status.st_rdev
    }

    /// Whether a path leads to nothing. What may not be looked at exists.
    func isMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(place(path), &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension String {
    /// What a device says of itself, up to the first zero byte, without blanks at the ends. Whoever makes a camera
    /// chooses these bytes: those that a terminal would act on, and those that turn or hide text, are replaced.
    init(deviceText bytes: some Sequence<UInt8>) {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.trimmingCharacters(in: .whitespacesAndNewlines).unicodeScalars {
            scalars.append(scalar.isInvisible ? "\u{FFFD}" : scalar)
        }
        self.init(scalars)
    }

    /// Whether nothing in it would have to be replaced.
    var isPlain: Bool { !unicodeScalars.contains { $0.isInvisible || $0 == "\u{FFFD}" } }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        default: false
        }
    }
}
