import Foundation

/// An opened source, read on its camera's thread.
package protocol FrameReader: AnyObject {
    /// What was opened, in words.
    var description: String { get }

    /// Waits for the next picture and fills bytes, format, size and time of capture.
    func next(into frame: inout Frame) throws(SourceLost) -> FrameReading

    /// Gives everything back; called once. Takes at most about two seconds.
    func close()
}

/// How ``FrameReader/next(into:)`` came out.
package enum FrameReading: Equatable, Sendable {
    case frame
    /// Something is wrong though the source goes on, in words; read on.
    case amiss(String)
    /// There will be no more, and that is how it should be.
    case ended(String)
    case stopped
}

/// The source failed; it is closed and tried again.
package struct SourceLost: Error, Equatable {
    /// For people, without a full stop.
    package let reason: String
    /// Whether it may be had as soon as somebody else lets go of it.
    package let isBusy: Bool

    package init(_ reason: String, isBusy: Bool = false) {
        self.reason = reason
        self.isBusy = isBusy
    }

    /// "cannot ACTION: REASON", with the words of the C library for an errno.
    package init(cannot action: String, code: Int32) {
        self.init("cannot \(action): \(errorText(code))")
    }
}

/// The C library's words for an errno.
package func errorText(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
