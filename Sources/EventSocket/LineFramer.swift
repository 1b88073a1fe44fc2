import NIOCore

/// Cuts a byte stream into lines, holding no more than the longest line of what is not yet one.
package struct LineFramer {
    /// What comes out of the stream.
    package enum Frame: Equatable {
        /// A line without its line feed; a carriage return before it is cut off, too.
        case line(ByteBuffer)
        /// More bytes than a line may have came without a line feed. Nothing follows: the rest of the stream is lost.
        case tooLong
    }

    private let longest: Int
    private var buffer = ByteBuffer()
    /// How many bytes at the buffer's front are known to hold no line feed.
    private var searched = 0
    private var overflown = false
    private var ended = false

    /// Creates a framer for lines of at most so many bytes.
    package init(longest: Int = EventProtocol.longestLine) {
        self.longest = longest
    }

    /// How many bytes are held.
    package var held: Int { buffer.readableBytes }

    /// Takes what was read.
    package mutating func append(_ bytes: inout ByteBuffer) {
        guard !overflown, !ended else { return }
        if buffer.readableBytes == 0 {
            buffer = bytes
            searched = 0
        } else {
            buffer.discardReadBytes()
            buffer.writeBuffer(&bytes)
        }
    }

    /// Says that the stream has ended: what is left is a line, though its line feed is missing.
    package mutating func end() {
        ended = true
    }

    /// The next line, nil when it is not complete.
    package mutating func next() -> Frame? {
        guard !overflown else { return nil }
        let unsearched = buffer.readableBytesView.dropFirst(searched)
        if let feed = unsearched.firstIndex(of: UInt8(ascii: "\n")) {
            let length = feed - buffer.readerIndex
            guard length <= longest else { return overflow() }
            return take(length, andFeed: true)
        }
        searched = buffer.readableBytes
        guard searched <= longest else { return overflow() }
        guard ended, searched > 0 else { return nil }
        return take(searched, andFeed: false)
    }

    private mutating func take(_ length: Int, andFeed: Bool) -> Frame? {
        guard var line = buffer.readSlice(length: length) else { return nil }
        if andFeed { buffer.moveReaderIndex(forwardBy: 1) }
        searched = 0
        if buffer.readableBytes == 0 { buffer = ByteBuffer() }
        if line.readableBytesView.last == UInt8(ascii: "\r") {
            line.moveWriterIndex(to: line.writerIndex - 1)
        }
        return .line(line)
    }

    private mutating func overflow() -> Frame {
        overflown = true
        buffer = ByteBuffer()
        return .tooLong
    }
}
