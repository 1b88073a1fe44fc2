import Foundation

/// A look's picture, small, as the journal keeps it.
public struct ThumbnailRecord: Sendable, Hashable {
    /// The camera's name.
    public var camera: String
    /// The number of the look's frame.
    public var sequence: UInt64
    /// When the look was captured.
    public var at: Date
    /// Pixels in a row of the JPEG.
    public var width: Int
    /// Rows of the JPEG.
    public var height: Int
    /// The picture.
    public var jpeg: Data

    /// Makes a record of one thumbnail. The look is the one of that camera, frame and time.
    public init(camera: String, sequence: UInt64, at: Date, width: Int, height: Int, jpeg: Data) {
        self.camera = camera
        self.sequence = sequence
        self.at = at
        self.width = width
        self.height = height
        self.jpeg = jpeg
    }
}
