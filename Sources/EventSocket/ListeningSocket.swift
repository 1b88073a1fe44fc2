import Glibc

/// A socket bound to a path of the file system: how the path is taken over, and how it is given back.
///
/// Nothing here blocks for longer than a look-up in the file system.
package struct ListeningSocket: Sendable {
    /// The longest path in bytes: `sun_path` holds 108, and one of them ends it (unix(7)).
    package static let longestPath = 107

    /// The path that it is bound to.
    package let path: String
    /// The bound descriptor, not listening yet.
    package let descriptor: CInt
    private let device: dev_t
    private let inode: ino_t
    private let firstGroup: gid_t

    /// Binds a new socket to a path, with exactly the permissions of `mode`.
    ///
    /// A socket that nobody listens on is replaced; whatever else is at the path is left alone. The permissions are set
    /// while the socket does not listen, so that nobody connects before they hold.
    package init(bindingTo path: String, mode: UInt16) throws(EventSocketError) {
        try Self.check(path)
        try Self.clear(path)
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure(errno, path, doing: "make a socket for") }
        guard withAddress(of: path, { bind(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw Self.failure(code, path, doing: "create")
        }
        var status = stat()
        guard chmod(path, mode_t(mode)) == 0, lstat(path, &status) == 0 else {
            let code = errno
            unlink(path)
            close(descriptor)
            throw Self.failure(code, path, doing: "set the mode of")
        }
        self.path = path
        self.descriptor = descriptor
        self.device = status.st_dev
        self.inode = status.st_ino
        self.firstGroup = status.st_gid
    }

    /// The group of the path: what it is now, since it may be given to another after it was made. If something else has
    /// taken its place, what it was at first.
    package var group: gid_t {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return firstGroup }
        return status.st_gid
    }

    /// Removes the path, unless something else has taken its place.
    package func unlinkIfOurs() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
        unlink(path)
    }

    /// Refuses what cannot be a socket's path.
    package static func check(_ path: String) throws(EventSocketError) {
        let bytes = path.utf8.count
        guard bytes > 0 else { throw .unusablePath(path, why: "it is empty") }
        guard !path.utf8.contains(0) else { throw .unusablePath(path, why: "it has a NUL in it") }
        guard bytes <= longestPath else {
            throw .unusablePath(path, why: "it has \(bytes) bytes, and a socket's path at most \(longestPath)")
        }
    }

    /// Makes room at the path: removes a socket that refuses connections, and nothing else.
    private static func clear(_ path: String) throws(EventSocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return try checkFolder(of: path) }
            throw failure(errno, path, doing: "look at")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw .notASocket(path, what: kind(of: status))
        }
        let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw failure(errno, path, doing: "make a socket for") }
        defer { close(probe) }
        if withAddress(of: path, { connect(probe, $0, $1) }) == 0 { throw .alreadyListening(path) }
        switch errno {
        case ECONNREFUSED:
            guard unlink(path) == 0 || errno == ENOENT else { throw failure(errno, path, doing: "remove the stale") }
        case ENOENT:
            break
        case EAGAIN:
            // Somebody listens, and is too busy to accept.
            throw .alreadyListening(path)
        case EPROTOTYPE:
            throw .notASocket(path, what: "a socket of another type")
        default:
            throw failure(errno, path, doing: "connect to the existing")
        }
    }

    private static func checkFolder(of path: String) throws(EventSocketError) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        var status = stat()
        if stat(folder, &status) != 0, errno == ENOENT { throw .missingFolder(folder) }
    }

    private static func kind(of status: stat) -> String {
        switch status.st_mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a folder"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a named pipe"
        default: "a device"
        }
    }

    private static func failure(_ code: CInt, _ path: String, doing: String) -> EventSocketError {
        switch code {
        case EACCES, EPERM: .notPermitted(path, doing: doing)
        case EADDRINUSE: .alreadyListening(path)
        default: .system(path, doing: doing, why: String(cString: strerror(code)))
        }
    }
}

/// Calls with the address of a path, which ``ListeningSocket/check(_:)`` has accepted.
private func withAddress(of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { field in
        field.copyBytes(from: path.utf8.prefix(field.count - 1))
    }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
