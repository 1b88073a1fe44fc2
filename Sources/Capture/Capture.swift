import Foundation

/// Capture turns cameras into frames: V4L2 devices, files, folders and commands that yield JPEG.
///
/// A ``Camera`` owns one thread, which blocks only in poll(2), and offers its newest frame in a one-place
/// ``FrameMailbox``. What can go wrong with a source (unplugged, busy, missing, silent, damaged) is told in words as a
/// ``CameraNotice`` and retried with back-off; nothing here ends the process.
///
/// Capture does not decode pictures, know models or read configuration. What a frame's bytes mean is Imaging's business.
enum Capture {}

/// The time since boot by CLOCK_MONOTONIC, the clock that frames are stamped with.
public func monotonicNow() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
