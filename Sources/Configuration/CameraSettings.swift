/// A named source of frames, and how often and how they are looked at.
public struct CameraSettings: Sendable, Equatable {
    /// A letter or digit, then up to 63 letters, digits, `.`, `_` or `-`.
    public var name: String
    /// Where its frames come from.
    public var source: SourceSettings
    /// The four-character code of the pixel format that a device must give; nil takes the one that costs least, and is
    /// always nil for other sources.
    public var format: String?
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
    /// For how long the source must be lost before that is told and events end.
    public var lostAfter: Duration
    /// For how long pictures must be uniform before the camera counts as dark or covered; nil for never.
    public var blindAfter: Duration?
    /// For how long pictures must be identical before the camera counts as frozen; nil for never, as always for files and
    /// folders.
    public var frozenAfter: Duration?
    /// The mean luma, 1…245 of 255, below which it is night for the triggers' night conditions.
    public var nightBelow: Int
    /// Whether a crop that has not changed keeps its embedding.
    public var reuse: Bool
    /// After how long a crop is encoded anew though it has not changed, 1 s to 1 h.
    public var refresh: Duration

    /// The default of `lostAfter`.
    public static let standardLostAfter = Duration.seconds(5)
    /// The default of `blindAfter`, `frozenAfter` and `refresh`.
    public static let standardPatience = Duration.seconds(10)

    /// The default of `nightBelow`.
    public static let standardNight = 40

    /// Takes values as they are; only the reader checks ranges.
    public init(
        name: String,
        source: SourceSettings,
        format: String? = nil,
        size: PictureSize? = nil,
        rate: Double? = nil,
        pace: PaceSetting = .real,
        look: LookRate = .standard,
        view: ViewSetting = .full,
        lostAfter: Duration = CameraSettings.standardLostAfter,
        blindAfter: Duration? = CameraSettings.standardPatience,
        frozenAfter: Duration? = CameraSettings.standardPatience,
        nightBelow: Int = CameraSettings.standardNight,
        reuse: Bool = true,
        refresh: Duration = CameraSettings.standardPatience
    ) {
        self.name = name
        self.source = source
        self.format = format
        self.size = size
        self.rate = rate
        self.pace = pace
        self.look = look
        self.view = view
        self.lostAfter = lostAfter
        self.blindAfter = blindAfter
        self.frozenAfter = frozenAfter
        self.nightBelow = nightBelow
        self.reuse = reuse
        self.refresh = refresh
    }
}

/// Where frames come from. Relative paths are already resolved against the configuration's folder.
public enum SourceSettings: Sendable, Equatable {
    /// A V4L2 device node or a link to one, an absolute path.
    case device(path: String)
    /// The V4L2 device that says so of itself; at least one is not nil.
    case match(card: String?, bus: String?, serial: String?)
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
public enum ViewSetting: Sendable, Equatable {
    /// The centre square only.
    case center
    /// Overlapping squares that together show the whole frame.
    case full
    /// Overlapping squares that together show each of these rectangles, and nothing beside them; 1…8 of them.
    case regions([RegionSettings])

    /// The names of its regions.
    public var regionNames: [String] {
        guard case .regions(let regions) = self else { return [] }
        return regions.map(\.name)
    }
}

/// A named rectangle of a camera's pictures. Lengths are in hundredths of a per cent of the picture's.
public struct RegionSettings: Sendable, Equatable {
    /// The same rule as for a camera's name; distinct among the camera's.
    public var name: String
    /// From the picture's left edge, 0…9800.
    public var left: Int
    /// From the picture's top edge, 0…9800.
    public var top: Int
    /// 200…10000, and not beyond the picture.
    public var width: Int
    /// 200…10000, and not beyond the picture.
    public var height: Int

    /// Takes values as they are; only the reader checks ranges.
    public init(name: String, left: Int, top: Int, width: Int, height: Int) {
        self.name = name
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }
}
