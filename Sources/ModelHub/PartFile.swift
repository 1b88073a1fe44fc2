import Crypto
import Foundation

/// A file while it comes: `.NAME.part` in the folder that it will be in, and beside it, in `.NAME.part.json`, of what it
/// is a part. Nobody else can write to it meanwhile.
public final class PartFile {
    /// Where the bytes are until they are whole.
    public let path: String
    /// How many there are.
    public private(set) var length = 0

    private let folder: String
    private let name: String
    private let descriptor: Int32
    private var hash = SHA256()
    /// Whether it has its name, or is gone.
    private var isOver = false

    private struct Origin: Codable {
        let address: String
        let size: Int?
        let digest: String?
        let validator: String?
    }

    private var originPath: String { path + ".json" }

    /// Opens what there is, or an empty one. What was made of another address, or cannot be continued, is emptied.
    ///
    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - name: what it is called in the folder, without an ending.
    /// - Throws: where the folder cannot be written to, or another program is at it.
    public init(folder: String, name: String) throws(DownloadFailure) {
        self.folder = folder
        self.name = name
        path = Self.path(in: folder, of: name)
        do {
            if access(folder, F_OK) != 0 {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                // The daemon reads what root installs, whatever root's umask is.
                chmod(folder, 0o755)
            }
        } catch {
            throw DownloadFailure("the folder \(folder) cannot be made: \(Self.words(for: error))")
        }
        descriptor = try Self.openLocked(path)
    }

    deinit {
        // Before the lock is let go; a file that is at this path later is another's.
        if length == 0, !isOver { remove() }
        close(descriptor)
    }

    private static func path(in folder: String, of name: String) -> String { "\(folder)/.\(name).part" }

    /// Opens the file and holds its lock. It may have been renamed or removed between the two: then it is opened again.
    private static func openLocked(_ path: String) throws(DownloadFailure) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw DownloadFailure("\(path) cannot be opened: \(systemWords())") }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let isBusy = errno == EWOULDBLOCK
                let words = isBusy ? "another program is downloading it; wait until that is over" : systemWords()
                close(descriptor)
                throw DownloadFailure("\(path): \(words)")
            }
            var (ours, named) = (stat(), stat())
            if fstat(descriptor, &ours) == 0, lstat(path, &named) == 0, ours.st_ino == named.st_ino {
                return descriptor
            }
            close(descriptor)
        }
    }

    // MARK: What it is a part of

    /// What is known of the file at an address of which this is a part; nil, and then it is empty, where it is of
    /// another, or where it could not be known whether its bytes are still those of the file.
    func origin(address: String) throws(DownloadFailure) -> Announcement? {
        guard let data = FileManager.default.contents(atPath: originPath),
            let origin = try? JSONDecoder().decode(Origin.self, from: data), origin.address == address,
            origin.validator != nil || origin.digest != nil
        else {
            try empty()
            return nil
        }
        try readAgain()
        return Announcement(size: origin.size, digest: origin.digest, validator: origin.validator)
    }

    /// Begins it: what is there is of another file.
    func begin(address: String, _ announced: Announcement) throws(DownloadFailure) {
        try empty()
        let origin = Origin(
            address: address,
            size: announced.size,
            digest: announced.digest,
            validator: announced.validator
        )
        do {
            try JSONEncoder().encode(origin).write(to: URL(fileURLWithPath: originPath), options: .atomic)
        } catch {
            throw DownloadFailure("\(originPath) cannot be written: \(Self.words(for: error))")
        }
    }

    /// Takes the digest of what is there, which another run has written.
    private func readAgain() throws(DownloadFailure) {
        (hash, length) = (SHA256(), 0)
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = pread(descriptor, &block, block.count, off_t(length))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw DownloadFailure("\(path) cannot be read: \(Self.systemWords())") }
            guard count > 0 else { return }
            block.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            length += count
        }
    }

    // MARK: Bytes

    func empty() throws(DownloadFailure) {
        guard ftruncate(descriptor, 0) == 0 else {
            throw DownloadFailure("\(path) cannot be emptied: \(Self.systemWords())")
        }
        (hash, length) = (SHA256(), 0)
    }

    /// Adds bytes at the end. Where the disk is full, the file gives its room back: others write there too.
    func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
            let written = pwrite(descriptor, start, rest.count, off_t(length))
            if written < 0 {
                if errno == EINTR { continue }
                let (code, words) = (errno, Self.systemWords())
                let begun = length
                if [ENOSPC, EDQUOT].contains(code) { remove() }
                throw DownloadFailure("\(folder) takes no more after \(ByteCount(begun)): \(words)")
            }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: rest.prefix(written)))
            length += written
            rest = rest.dropFirst(written)
        }
    }

    /// The SHA-256 of all bytes, in 64 digits.
    public var digest: String {
        hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// How much room there is for more of it, in bytes; nil where that cannot be known.
    var room: Int? {
        var system = statvfs()
        guard fstatvfs(descriptor, &system) == 0 else { return nil }
        return Int(system.f_bavail) * Int(system.f_frsize)
    }

    // MARK: The end

    /// Gives it its name, when its bytes are on the disk. A file of that name is replaced at once.
    ///
    /// - Parameter ending: of the name, with its dot.
    /// - Returns: the path.
    public func finish(ending: String) throws(DownloadFailure) -> String {
        let final = "\(folder)/\(name)\(ending)"
        fchmod(descriptor, 0o644)
        guard fsync(descriptor) == 0 else { throw DownloadFailure("\(path) cannot be written: \(Self.systemWords())") }
        guard rename(path, final) == 0 else {
            throw DownloadFailure("\(path) cannot be renamed to \(final): \(Self.systemWords())")
        }
        isOver = true
        unlink(originPath)
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
        return final
    }

    /// Leaves nothing of it.
    public func remove() {
        guard !isOver else { return }
        isOver = true
        ftruncate(descriptor, 0)
        (hash, length) = (SHA256(), 0)
        unlink(path)
        unlink(originPath)
    }

    /// Removes what an earlier run may have left, unless another program is at it.
    ///
    /// - Returns: whether there was something.
    public static func removeLeftOver(folder: String, name: String) -> Bool {
        let path = path(in: folder, of: name)
        guard access(path, F_OK) == 0, let part = try? PartFile(folder: folder, name: name) else { return false }
        part.remove()
        return true
    }

    private static func systemWords() -> String { String(cString: strerror(errno)) }

    private static func words(for error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return error.localizedDescription
    }
}

/// A number of bytes, in words: `215 MB`.
public struct ByteCount: Sendable, CustomStringConvertible {
    private let count: Int

    /// So many bytes.
    public init(_ count: Int) {
        self.count = count
    }

    /// With two digits at least, in decimal units.
    public var description: String {
        switch count {
        case 10_000_000_000...: "\(count / 1_000_000_000) GB"
        case 1_000_000_000...: String(format: "%.1f GB", Double(count) / 1e9)
        case 10_000_000...: "\(count / 1_000_000) MB"
        case 1_000_000...: String(format: "%.1f MB", Double(count) / 1e6)
        case 1000...: "\(count / 1000) kB"
        default: "\(count) bytes"
        }
    }
}
