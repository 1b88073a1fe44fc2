import Imaging

/// Whether a camera's pictures show anything. A pure state machine.
///
/// A picture is uniform when nearly all of its cells (``CellMeans``) are equally bright: the lens is covered, or it is
/// dark. Sensor noise vanishes in a cell's mean; fog, snow and a plain wall still have more to show. Pictures are frozen
/// when they are the same in every bit, which no sensor gives twice; behind a codec that sends changes only, a still scene
/// may be the same for seconds.
package struct Sight: Sendable, Equatable {
    /// What a picture shows.
    package enum Finding: Sendable, Equatable {
        case something
        /// Nothing, but not for long enough to tell. It is no evidence of anything.
        case uniform
        /// Nothing worth looking at, in words, since that time.
        case nothing(String, since: Duration)
    }

    /// Between the cells of the 2nd and the 98th percentile there are at most so many of 255 levels.
    package static let uniformSpread = 6
    /// What counted as uniform must show more than this to count as something again, so that a picture on the verge does
    /// not go to and fro.
    package static let shownSpread = 10
    /// A uniform picture is dark up to this mean, and covered above it.
    package static let darkLuma = 40

    private let blindAfter: Duration?
    private let frozenAfter: Duration?
    private var uniformSince: Duration?
    private var sameSince: Duration?
    private var lastDigest: Int?
    private var isBlind = false

    /// - Parameters:
    ///   - blindAfter: for how long pictures must be uniform; nil for never.
    ///   - frozenAfter: for how long they must be identical; nil for never.
    package init(blindAfter: Duration?, frozenAfter: Duration?) {
        self.blindAfter = blindAfter
        self.frozenAfter = frozenAfter
    }

    /// Whether ``look(spread:luma:digest:at:)`` needs digests.
    package var comparesDigests: Bool { frozenAfter != nil }

    /// Takes one look.
    ///
    /// - Parameters:
    ///   - spread: the largest spread of luma of its crops.
    ///   - luma: their mean luma.
    ///   - digest: stands for all bits of the frame; nil when they differ from the last one's.
    ///   - time: when it was captured.
    package mutating func look(spread: Int, luma: Int, digest: Int?, at time: Duration) -> Finding {
        let finding = judge(spread: spread, luma: luma, digest: digest, at: time)
        if case .nothing = finding { isBlind = true } else { isBlind = false }
        return finding
    }

    private mutating func judge(spread: Int, luma: Int, digest: Int?, at time: Duration) -> Finding {
        let limit = isBlind && uniformSince != nil ? Self.shownSpread : Self.uniformSpread
        uniformSince = spread <= limit ? uniformSince ?? time : nil
        if digest == nil || digest != lastDigest { sameSince = nil }
        lastDigest = digest
        if digest != nil { sameSince = sameSince ?? time }
        if let blindAfter, let uniformSince {
            guard time - uniformSince >= blindAfter else { return .uniform }
            let covered = "the picture shows nothing (is the lens covered?)"
            return .nothing(luma <= Self.darkLuma ? "the picture is dark" : covered, since: uniformSince)
        }
        if let frozenAfter, let sameSince, time - sameSince >= frozenAfter {
            return .nothing("the picture is frozen", since: sameSince)
        }
        return .something
    }

    /// The source was lost: what comes then is compared anew, unless it showed nothing before, which does not end by
    /// that.
    package mutating func interrupt() {
        guard !isBlind else { return }
        uniformSince = nil
        sameSince = nil
        lastDigest = nil
    }
}
