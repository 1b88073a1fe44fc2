import Foundation

/// An open segment's file.
final class SegmentFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens one that exists for reading; nil where there is none any more.
    init?(reading path: String) throws(SketchError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .refused(path, errno: errno)
        }
    }

    /// Makes one; what was there before is gone.
    init(making path: String) throws(SketchError) {
        self.path = path
        unlink(path)
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw .refused(path, errno: errno) }
    }

    deinit { close(descriptor) }

    /// Fills the buffer from `offset` on.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SketchError) {
        var done = 0
        while done < buffer.count, let start = buffer.baseAddress {
            let count = pread(descriptor, start + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .refused(path, errno: errno) }
            guard count > 0 else { throw .damaged("\(path) is shorter than it should be") }
            done += count
        }
    }

    /// Reads so many bytes into the start of an array, which is made longer where it is too short.
    func read(_ count: Int, into bytes: inout [UInt8], at offset: Int) throws(SketchError) {
        if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
        var failure: SketchError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(SketchError) {
                try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// So many values from `offset` on. Only for types of plain numbers.
    func values<Value: BitwiseCopyable>(_ zero: Value, _ count: Int, at offset: Int) throws(SketchError) -> [Value] {
        var values = [Value](repeating: zero, count: count)
        var failure: SketchError?
        values.withUnsafeMutableBytes { buffer in
            do throws(SketchError) { try read(into: buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
        return values
    }

    /// Writes the bytes at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SketchError) {
        var done = 0
        while done < bytes.count, let start = bytes.baseAddress {
            let count = pwrite(descriptor, start + done, bytes.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .refused(path, errno: errno) }
            done += count
        }
    }

    /// The same of an array of plain numbers.
    func write<Value: BitwiseCopyable>(_ values: [Value], at offset: Int) throws(SketchError) {
        var failure: SketchError?
        values.withUnsafeBytes { buffer in
            do throws(SketchError) { try write(buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Waits until the disk has it.
    func synchronize() throws(SketchError) {
        guard fdatasync(descriptor) == 0 else { throw .refused(path, errno: errno) }
    }
}
