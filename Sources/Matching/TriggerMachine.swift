/// The life of one trigger on one camera: hysteresis between seen and gone, dwell by `hold` and `release`, a cooldown, and
/// a schedule.
///
/// A pure state machine: looks and their times go in, starts and ends come out, and they alternate. Dwell is measured in
/// time, between looks that say the same without one between them that says otherwise. Times are monotonic; one that
/// lies before an earlier one counts as that earlier one.
///
/// The cooldown counts from the start of the last event. A scene that is seen within it is held back: when it is still
/// seen at a look after the cooldown, its event starts then; when it is gone before, it counts as suppressed, and the next
/// event says how many were. So a scene that lasts is told late, never lost.
public struct TriggerMachine: Sendable, Equatable {
    /// Whether the trigger is known to hold.
    public enum State: String, Sendable, Equatable {
        /// No look has been seen yet.
        case unknown
        case inactive
        case active
    }

    /// What a look says of the scene.
    public enum Evidence: Sendable, Equatable {
        /// `when` holds.
        case seen
        /// `clear` holds.
        case gone
        /// Neither does: between the thresholds, or not a number.
        case neither
        /// It is not looked for now: the schedule says so.
        case unscheduled
    }

    /// What a look brings about.
    public enum Action: Sendable, Equatable {
        /// An event starts; so many scenes before it were held back and gone before they could be told.
        case start(suppressed: Int)
        case end(Cause)
    }

    /// Why an event ends.
    public enum Cause: Sendable, Equatable {
        /// The scene is gone.
        case cleared
        /// The schedule has closed.
        case schedule
        /// The trigger was stopped.
        case stopped
    }

    /// The rule it follows.
    public let rule: TriggerRule
    /// The state after the last look: active while an event is open.
    public private(set) var state = State.unknown
    /// Since when every look has asked for the other state of the scene; nil when the last one did not.
    public private(set) var pendingSince: Duration?
    /// Whether the scene is there and its event waits for the cooldown.
    public private(set) var isHeldBack = false
    /// Scenes that were held back and gone since the last event.
    public private(set) var suppressed = 0
    private var lastStart: Duration?
    private var latest: Duration?

    /// A machine that has seen nothing yet.
    ///
    /// - Parameter lastStart: when the trigger's last event on this camera started, on the clock of the looks to come;
    ///   may lie before its zero.
    public init(rule: TriggerRule, lastStart: Duration? = nil) {
        self.rule = rule
        self.lastStart = lastStart
    }

    /// Takes one look.
    ///
    /// - Parameter time: when the look's frame was captured, on a monotonic clock.
    public mutating func observe(_ evidence: Evidence, at time: Duration) -> Action? {
        let now = max(time, latest ?? time)
        latest = now
        guard evidence != .unscheduled else { return close() }
        if state == .unknown { state = .inactive }
        if isHeldBack, evidence == .seen, !isCoolingDown(at: now) { return start(at: now) }
        let isThere = state == .active || isHeldBack
        guard evidence == (isThere ? .gone : .seen) else {
            pendingSince = nil
            return nil
        }
        let since = pendingSince ?? now
        pendingSince = since
        guard now - since >= (isThere ? rule.release : rule.hold) else { return nil }
        pendingSince = nil
        if !isThere {
            isHeldBack = isCoolingDown(at: now)
            return isHeldBack ? nil : start(at: now)
        }
        return end(.cleared)
    }

    /// Takes one look if nothing is brought about by it; else the look is still to be taken, and it returns false.
    public mutating func observeQuietly(_ evidence: Evidence, at time: Duration) -> Bool {
        // What asks for no change brings none about.
        if !isHeldBack, evidence == .neither || evidence == (state == .active ? .seen : .gone) {
            _ = observe(evidence, at: time)
            return true
        }
        var next = self
        guard next.observe(evidence, at: time) == nil else { return false }
        self = next
        return true
    }

    /// The camera gave no frames for a while: what was pending has to be shown anew.
    public mutating func interrupt() {
        pendingSince = nil
    }

    /// The trigger stops watching. Returns an end when it was active.
    public mutating func stop() -> Action? {
        defer { state = .unknown }
        return end(.stopped)
    }

    private func isCoolingDown(at now: Duration) -> Bool {
        lastStart.map { now - $0 < rule.cooldown } ?? false
    }

    private mutating func start(at now: Duration) -> Action {
        defer { suppressed = 0 }
        state = .active
        isHeldBack = false
        pendingSince = nil
        lastStart = now
        return .start(suppressed: suppressed)
    }

    /// What is there is so no more: an event ends, what was held back is never told.
    private mutating func end(_ cause: Cause) -> Action? {
        if isHeldBack { suppressed += 1 }
        isHeldBack = false
        pendingSince = nil
        defer { if state == .active { state = .inactive } }
        return state == .active ? .end(cause) : nil
    }

    private mutating func close() -> Action? {
        let action = end(.schedule)
        state = .inactive
        return action
    }
}
