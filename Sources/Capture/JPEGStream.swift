import Foundation

/// The JPEG pictures in what is read from a descriptor, one at a time and in bounded memory.
struct JPEGStream {
    enum Filling: Equatable {
        case some
        case blocked
        case ended
        case failed(Int32)
    }

    private var chunk = [UInt8](repeating: 0, count: 256 << 10)
    private var unread = 0..<0
    private var splitter = JPEGSplitter()
    private var corruptReported: UInt64 = 0

    /// How many bytes were read since ``restart()``.
    private(set) var byteCount = 0
    /// The first bytes that were read, for saying what a stream without a picture holds.
    private(set) var head: [UInt8] = []

    /// Reads once. To be called when ``nextPicture(into:)`` has found nothing more.
    mutating func fill(from descriptor: Int32) -> Filling {
        let count = chunk.withUnsafeMutableBytes { chunk in
            retryingInterrupts { read(descriptor, chunk.baseAddress, chunk.count) }
        }
        if count < 0 { return errno == EAGAIN ? .blocked : .failed(errno) }
        if count == 0 {
            splitter.finish()
            return .ended
        }
        unread = 0..<count
        if head.count < 24 { head.append(contentsOf: chunk[..<min(count, 24 - head.count)]) }
        byteCount += count
        return .some
    }

    /// Takes the next picture out of what was read; false when there is no whole one.
    mutating func nextPicture(into picture: inout [UInt8]) -> Bool {
        let consumed = chunk.withUnsafeBytes { chunk in
            splitter.feed(UnsafeRawBufferPointer(rebasing: chunk[unread]))
        }
        unread = (unread.lowerBound + consumed)..<unread.upperBound
        guard splitter.isComplete else { return false }
        splitter.take(into: &picture)
        return true
    }

    /// Forgets what was read and starts with another stream.
    mutating func restart() {
        unread = 0..<0
        splitter.finish()
        byteCount = 0
        head.removeAll(keepingCapacity: true)
    }

    /// How many pictures were found damaged since the last time.
    mutating func takeCorrupt() -> UInt64 {
        defer { corruptReported = splitter.corrupt }
        return splitter.corrupt - corruptReported
    }
}

/// Calls `body` again for as long as it says -1 because of a signal.
func retryingInterrupts<Result: SignedInteger>(_ body: () -> Result) -> Result {
    while true {
        let result = body()
        if result != -1 || errno != EINTR { return result }
    }
}
