import Foundation

/// When to say in the log that there is not time for all looks: once it has been so for a while, and again when it is
/// over. A pure value.
package struct OverloadNotice: Sendable {
    private static let patience = Duration.seconds(10)

    private var isSaid = false
    /// Since when it is the other way round from what was said.
    private var since: Duration?

    package init() {}

    /// - Parameters:
    ///   - load: as ``LookShares/load(_:)`` has it.
    ///   - commonRate: the rate that nobody may exceed; nil while there is time for all.
    /// - Returns: what to say now; nil for nothing.
    package mutating func words(load: Double, commonRate: Double?, at now: Duration) -> String? {
        guard (commonRate != nil) != isSaid else {
            since = nil
            return nil
        }
        let start = since ?? now
        since = start
        guard now - start >= Self.patience else { return nil }
        since = nil
        isSaid = commonRate != nil
        guard let commonRate else { return "there is time for all looks again" }
        let rate = String(format: "%.2f", commonRate)
        return
            "all looks together would take \(Int((load * 100).rounded())) % of one processor: no camera is looked at "
            + "more than \(rate) times a second; lower `look`, or use `view: center` or a smaller model"
    }
}
