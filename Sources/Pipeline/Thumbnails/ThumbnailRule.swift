/// Which looks at a camera become thumbnails where those of events are kept. Pure.
///
/// The look that starts an event and the one that ends it, and between them one after two seconds, then ever more seldom:
/// each pause is half as long again as the last, so that an event of a minute has 6 more, one of an hour 16, one of a day
/// 24.
package struct ThumbnailRule: Sendable, Equatable {
    /// The first pause.
    package static let firstPause = Duration.seconds(2)

    private var pause = Self.firstPause
    private var last: Duration?

    /// A rule for a camera on which no event is active.
    package init() {}

    /// Takes a look, captured at a monotonic time, and says whether it becomes a thumbnail.
    ///
    /// - Parameters:
    ///   - isTurn: whether an event starts or ends with it.
    ///   - hasActive: whether one is active after it.
    package mutating func keeps(at time: Duration, isTurn: Bool, hasActive: Bool) -> Bool {
        if isTurn {
            pause = Self.firstPause
            last = hasActive ? time : nil
            return true
        }
        guard hasActive else {
            last = nil
            return false
        }
        guard let last else {
            self.last = time
            return true
        }
        guard time - last >= pause else { return false }
        self.last = time
        pause = pause * 3 / 2
        return true
    }
}
