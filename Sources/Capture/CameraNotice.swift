/// Something about a camera that a person wants to know. Notices come on the camera's thread, in order.
public enum CameraNotice: Sendable, Equatable {
    /// The source has given its first frame since it was (re)opened: "640×480 MJPG at 30/s from vivid".
    case opened(String)
    /// The source goes on, or may do so by itself, but something is wrong: "/dev/video0 gives no picture".
    case degraded(String)
    /// What was wrong has not shown for a while.
    case recovered
    /// The source cannot be opened, or fails. Said once per reason until it is opened again, however often it is
    /// retried; `retryIn` is the delay before the next try.
    case lost(reason: String, retryIn: Duration)
    /// It is now lost for a reason that was told before: not worth telling again, but what is the case now.
    case lostAgain(reason: String)
    /// A file or folder without `loop` is over, or one of pace `fastest` has failed after its first frame; the camera's
    /// thread ends.
    case ended(String)
    /// Something is amiss, but frames go on or may yet come. Said once per distinct cause.
    case complaint(String)
}

/// What a camera has counted since it was made.
public struct CameraCounters: Sendable, Equatable {
    /// Frames that were offered.
    public var frames: UInt64 = 0
    /// Pictures that were damaged, cut short or unreadable, and were dropped.
    public var corrupt: UInt64 = 0
    /// Frames that the driver lost before we saw them, by its sequence numbers.
    public var sequenceGaps: UInt64 = 0
    /// How often the source was opened again after it had been lost.
    public var reopened: UInt64 = 0

    /// All zero.
    public init() {}
}
