// Imaging: bytes to pixels, and pixels to what an encoder sees.
//
// It decodes JPEG, PNG and uncompressed frames to 8-bit RGB, turns pictures upright, and cuts and resizes them exactly as
// the published CLIP preprocessing does, or nearly so and much faster from a frame's own samples; and it measures the
// crops. It knows nothing of cameras, models or configuration, keeps no state between pictures but reusable memory, and
// logs nothing. Nothing here trusts its input: a frame or a file may be empty, cut off, damaged or made to hurt, and is
// then refused in words.

/// Why a picture could not be read or cut, in words for people.
public struct ImagingError: Error, CustomStringConvertible, Sendable, Equatable {
    /// What was wrong with the picture and, where it helps, what to do; no full stop at the end.
    public let description: String

    /// An error that says `description`.
    public init(_ description: String) {
        self.description = description
    }
}
