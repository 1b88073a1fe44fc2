import Foundation

/// Files as the kernel maps them: read when they are looked at, and let go of page by page.
enum MappedFile {
    /// The bytes of a regular file. They are unmapped with the last slice of them.
    static func bytes(of path: String) throws(CheckpointProblem) -> Data {
        // A device or a pipe cannot be mapped, and opening or reading one might never end.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw problem(errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw problem(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CheckpointProblem("this is not a regular file") }
        let size = Int(status.st_size)
        guard size > 0 else { return Data() }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
            throw problem(errno)
        }
        return Data(bytesNoCopy: start, count: size, deallocator: .custom { munmap($0, $1) })
    }

    /// Gives back the memory that the pages of a slice take, but for those that it shares with its neighbours. They are
    /// read again when they are looked at again.
    ///
    /// - Parameter bytes: of a file that was mapped here: of any other memory, what was written would be lost.
    static func letGo(_ bytes: Data) {
        bytes.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress else { return }
            let page = Int(getpagesize())
            let before = (page - Int(bitPattern: first) % page) % page
            let length = (bytes.count - before) / page * page
            guard length > 0 else { return }
            madvise(UnsafeMutableRawPointer(mutating: first + before), length, MADV_DONTNEED)
        }
    }

    private static func problem(_ error: Int32) -> CheckpointProblem {
        switch error {
        case ENOENT: CheckpointProblem("no such file")
        case EACCES: CheckpointProblem("permission denied")
        default: CheckpointProblem(String(cString: strerror(error)))
        }
    }
}
