import Imaging

/// Whether a camera's pictures show anything. A pure state machine.
///
/// A picture is uniform when nearly all of its cells (``CellMeans``) are equally bright: the lens is covered, or it is
/// dark. Sensor noise vanishes in a cell's mean; fog, snow and a plain wall still have more to show. Pictures are frozen
/// when they are the same in every bit, which no sensor gives twice.
package struct Sight: Sendable, Equatable {
    /// Between the cells of the 2nd and the 98th percentile there are at most so many of 255 levels.
    package static let uniformSpread = 6
    /// A uniform picture is dark up to this mean, and covered above it.
    package static let darkLuma = 40

    private let blindAfter: Duration?
    private let frozenAfter: Duration?
    private var uniformSince: Duration?
    private var sameSince: Duration?
    private var lastDigest: Int?

    /// - Parameters:
    ///   - blindAfter: for how long pictures must be uniform; nil for never.
    ///   - frozenAfter: for how long they must be identical; nil for never.
    package init(blindAfter: Duration?, frozenAfter: Duration?) {
        self.blindAfter = blindAfter
        self.frozenAfter = frozenAfter
    }

    /// Whether ``look(spread:luma:digest:at:)`` needs digests.
    package var comparesDigests: Bool { frozenAfter != nil }

    /// Takes one look. Returns why the camera shows nothing, in words; nil when it does.
    ///
    /// - Parameters:
    ///   - spread: the largest spread of luma of its crops.
    ///   - luma: their mean luma.
    ///   - digest: stands for all bits of the frame.
    ///   - time: when it was captured.
    package mutating func look(spread: Int, luma: Int, digest: Int?, at time: Duration) -> String? {
        uniformSince = spread <= Self.uniformSpread ? uniformSince ?? time : nil
        if digest == nil || digest != lastDigest { sameSince = nil }
        lastDigest = digest
        if digest != nil { sameSince = sameSince ?? time }
        if let blindAfter, let uniformSince, time - uniformSince >= blindAfter {
            return luma <= Self.darkLuma ? "the picture is dark" : "the picture shows nothing (is the lens covered?)"
        }
        if let frozenAfter, let sameSince, time - sameSince >= frozenAfter {
            return "the picture is frozen"
        }
        return nil
    }

    /// The source was lost: what comes then is compared anew.
    package mutating func interrupt() {
        uniformSince = nil
        sameSince = nil
        lastDigest = nil
    }
}
