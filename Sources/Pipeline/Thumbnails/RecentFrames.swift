import Capture

/// The frames of a camera's last looks, for the event that may come: the last one, and before it others at least a second
/// apart. Copies into memory that it keeps, which costs a look next to nothing; nothing is decoded.
package struct RecentFrames: Sendable {
    /// How many frames it keeps; of large ones, as uncompressed ones are, only the last.
    package static let most = 3
    private static let largest = 1 << 20
    private static let apart = Duration.seconds(1)

    /// Oldest first.
    private var frames: [Frame] = []

    /// Of a camera that has not been looked at.
    package init() {}

    /// Takes the frame of a look.
    package mutating func add(_ frame: borrowing Frame) {
        var slot = Frame()
        let count = frames.count
        if frame.bytes.count > Self.largest {
            slot = frames.popLast() ?? slot
            frames.removeAll()
        } else if count >= 2, frames[count - 1].monotonic - frames[count - 2].monotonic < Self.apart {
            slot = frames.removeLast()
        } else if count >= Self.most {
            slot = frames.removeFirst()
        }
        slot.copy(frame)
        frames.append(slot)
    }

    /// Gives them away, oldest first.
    package mutating func takeAll() -> [Frame] {
        defer { frames.removeAll() }
        return frames
    }
}

extension Frame {
    /// Becomes the same picture in memory of its own, which it takes only when it has had too little.
    mutating func copy(_ other: borrowing Frame) {
        bytes.removeAll(keepingCapacity: true)
        other.bytes.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        format = other.format
        width = other.width
        height = other.height
        sequence = other.sequence
        monotonic = other.monotonic
        wallClock = other.wallClock
    }
}
