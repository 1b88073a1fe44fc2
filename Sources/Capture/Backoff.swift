/// How long to wait before a lost source is tried again: 0.25 s, doubling to 10 s; from the start again once frames
/// have come for 10 s.
package struct Backoff: Sendable {
    private let shortest: Duration
    private let longest: Duration
    private let steady: Duration
    private var next: Duration
    private var firstFrame: Duration?

    package init(
        shortest: Duration = .milliseconds(250),
        longest: Duration = .seconds(10),
        steady: Duration = .seconds(10)
    ) {
        self.shortest = shortest
        self.longest = longest
        self.steady = steady
        next = shortest
    }

    /// What was tried before counts no more.
    package mutating func startAfresh() {
        next = shortest
    }

    /// A frame came.
    package mutating func frameCame(at now: Duration) {
        let first = firstFrame ?? now
        firstFrame = first
        if now - first >= steady { next = shortest }
    }

    /// The source failed, or could not be opened. Returns the delay before the next try.
    package mutating func failed() -> Duration {
        firstFrame = nil
        defer { next = min(next * 2, longest) }
        return next
    }
}
