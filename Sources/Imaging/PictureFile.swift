import Glibc

/// Reads whole picture files, as searches by image and folders of frames need them.
public enum PictureFile {
    /// The largest file that is read: 256 MiB.
    public static let maximumByteCount = 256 << 20

    /// Reads the JPEG or PNG at `path`, told apart by their first bytes, and turns a JPEG upright by its Exif orientation.
    ///
    /// - Throws: when the file cannot be read, is no regular file or larger than ``maximumByteCount``, or holds no
    ///   picture that can be decoded. The error begins with the path.
    public static func read(path: String) throws(ImagingError) -> Picture {
        do throws(ImagingError) {
            return try decode(bytes(of: path))
        } catch {
            throw ImagingError("\(path): \(error)")
        }
    }

    /// Decodes the bytes of a JPEG or PNG file, and turns a JPEG upright by its Exif orientation.
    public static func decode(_ bytes: [UInt8]) throws(ImagingError) -> Picture {
        guard !bytes.isEmpty else {
            throw ImagingError("the file is empty")
        }
        var picture = Picture()
        if bytes.starts(with: [0xFF, 0xD8]) {
            try JPEGDecoder().decode(bytes, into: &picture)
            return picture.turned(upright: ExifOrientation(jpeg: bytes))
        }
        if bytes.starts(with: PNGDecoder.signature) {
            try PNGDecoder.decode(bytes, into: &picture)
            return picture
        }
        throw ImagingError("the file is neither a JPEG nor a PNG")
    }

    /// Reads the bytes of a file that may hold a picture.
    ///
    /// - Throws: when the file cannot be read, is no regular file or larger than ``maximumByteCount``. The error does not
    ///   name the path.
    public static func bytes(of path: String) throws(ImagingError) -> [UInt8] {
        // O_NONBLOCK: opening a FIFO that nobody writes to must not wait.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw ImagingError(String(cString: strerror(errno)))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw ImagingError(String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ImagingError("this is no regular file")
        }
        guard status.st_size <= maximumByteCount else {
            throw ImagingError("the file has \(status.st_size >> 20) MiB, more than \(maximumByteCount >> 20) MiB")
        }
        var failure: ImagingError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let received = Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if received < 0 && errno == EINTR {
                    continue
                }
                if received < 0 {
                    failure = ImagingError(String(cString: strerror(errno)))
                }
                guard received > 0 else {
                    break
                }
                count += received
            }
        }
        if let failure {
            throw failure
        }
        return bytes
    }
}
