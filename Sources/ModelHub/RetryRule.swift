/// When to try again after a connection was lost. Pure: it is told what happened, and says how long to wait.
package struct RetryRule {
    /// Tries in a row that brought nothing, each after a longer wait.
    private static let pauses: [Duration] = [
        .milliseconds(250), .seconds(1), .seconds(3), .seconds(6),
    ]

    private var failures = 0

    /// Nothing has been tried yet.
    package init() {}

    /// How long to wait before the next try; nil when it is time to give up.
    ///
    /// - Parameter hasProgressed: whether the try that was lost brought any bytes.
    package mutating func pause(hasProgressed: Bool) -> Duration? {
        if hasProgressed { failures = 0 }
        guard failures < Self.pauses.count else { return nil }
        defer { failures += 1 }
        return Self.pauses[failures]
    }
}
