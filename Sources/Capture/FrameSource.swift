/// Where a camera's frames come from.
///
/// Rates are in pictures per second, 0.001 to 1000. Paths are used as they are; a relative one is relative to the
/// working directory.
public enum FrameSource: Sendable, Equatable {
    /// A V4L2 capture device, found anew at each opening. It may settle on another size or rate than wished for; that is
    /// told as a complaint.
    case device(DeviceSelector, DeviceWish = DeviceWish())
    /// A file of JPEG pictures one after the other, played at `rate`.
    case file(path: String, loop: Bool, rate: Double, pace: Pace = .real)
    /// A folder of JPEG pictures (*.jpg, *.jpeg, in whatever case), played at `rate` in the order of their names' bytes;
    /// listed anew on each loop.
    case folder(path: String, loop: Bool, rate: Double, pace: Pace = .real)
    /// A program and its arguments, found by PATH, that prints JPEG pictures one after the other on its standard
    /// output, at its own pace. It must stay in the foreground: when it exits, its children are killed. One that falls
    /// silent is ended and started anew.
    case command([String])
}
