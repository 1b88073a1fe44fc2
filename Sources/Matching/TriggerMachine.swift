/// The life of one trigger on one camera: hysteresis between `when` and `clear`, dwell by `hold` and `release`.
///
/// A pure state machine: looks and their times go in, starts and ends come out, and they alternate. Dwell is measured in
/// time, between looks that say the same without one between them that says otherwise. Times are monotonic; one that
/// lies before an earlier one counts as that earlier one.
public struct TriggerMachine: Sendable, Equatable {
    /// Whether the trigger is known to hold.
    public enum State: String, Sendable, Equatable {
        /// No look has been seen yet.
        case unknown
        case inactive
        case active
    }

    /// What a look brings about.
    public enum Action: Sendable, Equatable {
        case start
        case end
    }

    /// The rule it follows.
    public let rule: TriggerRule
    /// The state after the last look.
    public private(set) var state = State.unknown
    /// Since when every look has asked for the other state; nil when the last one did not.
    public private(set) var pendingSince: Duration?
    private var latest: Duration?

    /// A machine that has seen nothing yet.
    public init(rule: TriggerRule) {
        self.rule = rule
    }

    /// Takes one look.
    ///
    /// - Parameters:
    ///   - value: the rule's measure of the deciding crop.
    ///   - time: when the look's frame was captured, on a monotonic clock.
    public mutating func observe(_ value: Double, at time: Duration) -> Action? {
        let now = max(time, latest ?? time)
        latest = now
        if state == .unknown { state = .inactive }
        let asks = state == .active ? rule.clear.holds(for: value) : rule.when.holds(for: value)
        guard asks else {
            pendingSince = nil
            return nil
        }
        let since = pendingSince ?? now
        pendingSince = since
        guard now - since >= (state == .active ? rule.release : rule.hold) else { return nil }
        pendingSince = nil
        state = state == .active ? .inactive : .active
        return state == .active ? .start : .end
    }

    /// The camera gave no frames for a while: what was pending has to be shown anew.
    public mutating func interrupt() {
        pendingSince = nil
    }

    /// The trigger stops watching. Returns `end` when it was active.
    public mutating func stop() -> Action? {
        defer {
            state = .unknown
            pendingSince = nil
        }
        return state == .active ? .end : nil
    }
}
