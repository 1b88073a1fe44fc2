/// A bar that says how far something has come: nothing for what is over in two seconds, then a line ten times a second at
/// most. A pure state machine of shares and time.
package struct ProgressLine: Sendable {
    /// For how long nothing is shown.
    package static let patience = Duration.seconds(2)
    private static let pause = Duration.milliseconds(100)

    private var shownAt: Duration?

    /// Nothing has been shown yet.
    package init() {}

    /// Whether something has been shown, that is to be wiped away at the end.
    package var isShown: Bool { shownAt != nil }

    /// The line to be shown now; nil where it is not time for one.
    ///
    /// - Parameters:
    ///   - words: what is being done.
    ///   - share: how much of it has been done, 0…1.
    ///   - elapsed: since it began.
    ///   - columns: how wide the terminal is, in cells.
    package mutating func text(_ words: String, share: Double, at elapsed: Duration, columns: Int) -> String? {
        guard elapsed >= shownAt.map({ $0 + Self.pause }) ?? Self.patience else { return nil }
        shownAt = elapsed
        let done = min(max(share, 0), 1)
        let percent = "\(Int(done * 100)) %"
        let width = min(40, columns - words.cells - 10)
        // The last cell stays free: some terminals go to the next line when it is written.
        guard width > 0 else { return "\(words) \(percent)".cut(to: columns - 1) }
        let filled = Int(done * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        return "\(words)  \(bar)  \(percent)"
    }
}
