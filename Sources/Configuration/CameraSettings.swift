/// A named source of frames, and how often and how they are looked at.
public struct CameraSettings: Sendable, Equatable {
    /// A letter or digit, then up to 63 letters, digits, `.`, `_` or `-`.
    public var name: String
    /// Where its frames come from.
    public var source: SourceSettings
    /// What a device is asked for; nil leaves it to the device, and is always nil for other sources.
    public var size: PictureSize?
    /// Frames a second, above 0 and at most 240: what a device is asked for (nil leaves it to the device), or the pace
    /// at which a file or folder is played. Always nil for a command, which sets its own pace.
    public var rate: Double?
    /// At how many frames a second a file or folder is played.
    public var playedRate: Double { rate ?? 10 }
    /// How a file or folder is played; always real for other sources.
    public var pace: PaceSetting
    /// How often a frame is encoded.
    public var look: LookRate
    /// What of a frame is encoded.
    public var view: ViewSetting

    /// Takes values as they are; only the reader checks ranges.
    public init(
        name: String,
        source: SourceSettings,
        size: PictureSize? = nil,
        rate: Double? = nil,
        pace: PaceSetting = .real,
        look: LookRate = .standard,
        view: ViewSetting = .full
    ) {
        self.name = name
        self.source = source
        self.size = size
        self.rate = rate
        self.pace = pace
        self.look = look
        self.view = view
    }
}

/// Where frames come from. Relative paths are already resolved against the configuration's folder.
public enum SourceSettings: Sendable, Equatable {
    /// A V4L2 device node, an absolute path.
    case device(path: String)
    /// One file of JPEG pictures after one another.
    case file(path: String, loop: Bool)
    /// A folder of JPEG files, in the order of their names.
    case folder(path: String, loop: Bool)
    /// A program and its arguments (never a shell) that writes JPEG pictures to its standard output. A program given
    /// with a `/` is a resolved path; one without is looked for in `PATH`.
    case command([String])
}

/// Width and height in pixels, 16…16384 each.
public struct PictureSize: Sendable, Equatable, CustomStringConvertible {
    /// In pixels.
    public var width: Int
    /// In pixels.
    public var height: Int

    /// Takes values as they are; only the reader checks ranges.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// As in the configuration: `1280x720`.
    public var description: String { "\(width)x\(height)" }
}

/// How the pictures of a file or folder follow one another.
public enum PaceSetting: String, Sendable, CaseIterable {
    /// By the clock.
    case real
    /// As soon as the one before has been looked at; time is that of the recording.
    case fastest
}

/// How a frame is cut into the squares that the encoder sees.
public enum ViewSetting: String, Sendable, CaseIterable {
    /// The centre square only.
    case center
    /// Overlapping squares that together show the whole frame.
    case full
}
