import Foundation

/// What a camera shows: the answer to `snapshot`.
public struct Snapshot: Codable, Sendable, Equatable {
    /// When it was captured.
    public var at: Date
    /// The camera's name.
    public var camera: String
    /// The frame's sequence number on its camera.
    public var frame: Int
    /// The picture as JPEG; base64 on the wire.
    public var jpeg: Data
    /// The picture's width in pixels.
    public var width: Int
    /// The picture's height in pixels.
    public var height: Int

    /// The most bytes that a picture may have: as base64 it must fit in a line.
    public static let mostBytes = 700_000
    /// How wide a picture can be asked for, in pixels.
    public static let widths = 16...1280
    /// How wide pictures are at most: what is asked for is rounded up to one of these, so that a look is never made into
    /// more than these few. The last is also how high they are at most.
    public static let sizes = [160, 320, 640, 1280]
    /// For how long a camera may give no picture before the request is refused, in seconds.
    public static let patience = 5

    /// Creates the answer.
    public init(at: Date, camera: String, frame: Int, jpeg: Data, width: Int, height: Int) {
        self.at = at
        self.camera = camera
        self.frame = frame
        self.jpeg = jpeg
        self.width = width
        self.height = height
    }
}

/// What is asked for by `snapshot`.
public struct SnapshotRequest: Sendable, Equatable {
    /// The camera's name.
    public var camera: String
    /// How wide the picture may be, within ``Snapshot/widths``; rounded up to one of ``Snapshot/sizes``.
    public var width: Int

    /// Creates the request.
    public init(camera: String, width: Int = Snapshot.widths.upperBound) {
        self.camera = camera
        self.width = width
    }
}
