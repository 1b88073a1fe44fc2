/// How much to do in one step so that it takes about 10 ms: nobody waits for the writer for long, whatever the disk.
package struct StepSize: Sendable, Equatable {
    /// What a step should take.
    package static let target = Duration.milliseconds(10)

    /// How much to do next: rows or pages, at least 1.
    package private(set) var count: Int
    private let most: Int

    /// - Parameter most: more than this is never done at once.
    package init(first: Int, most: Int) {
        self.most = max(1, most)
        count = min(max(1, first), self.most)
    }

    /// A step of the present size took so long. Too long makes the next smaller in proportion, and again as cautious; one
    /// that was quick lets it grow by a half.
    package mutating func took(_ time: Duration) {
        if time > Self.target {
            count = max(1, Int(Double(count) * (Self.target / time) * 0.75))
        } else if time * 2 < Self.target {
            count = min(most, count + max(1, count / 2))
        }
    }
}
