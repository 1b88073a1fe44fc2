/// Decides which hooks run, which wait, and which have run for too long.
///
/// A pure state machine: offers, ends and times go in, actions come out. Of one source (a trigger on a camera) one hook
/// runs at a time, in the order of the offers, so that an event's end is never told before its start. When too many
/// wait, the oldest goes: what happened last is what somebody wants to know. Times are monotonic; one that lies before
/// an earlier one counts as that earlier one.
package struct HookQueue: Sendable {
    /// Names one run.
    package typealias Run = Int

    /// What is to be done.
    package enum Action: Sendable, Equatable {
        case start(Run, HookJob)
        /// SIGTERM to it and to all that it has started.
        case terminate(Run, HookJob.Source, Overdue)
        /// It did not end on SIGTERM: SIGKILL.
        case kill(Run, HookJob.Source)
        /// It did not die of SIGKILL either (it waits for a dead file server, say): others get its place.
        case abandon(Run, HookJob.Source)
        /// To be said once a burst: hooks come faster than they end, and the oldest are given up from this one on.
        case reportOverload(HookJob.Source, waiting: Int)
        /// To be said at the end of a burst: how many were given up in it.
        case reportDropped(Int)
        /// To be said at the stop: how many were not started any more.
        case reportUnstarted(Int)
    }

    /// Why one is terminated.
    package enum Overdue: Sendable, Equatable {
        /// It has run for longer than it may.
        case tookTooLong(Duration)
        /// It has not ended in the time that a stop leaves.
        case stopping
    }

    /// How long one that was sent SIGTERM has to end.
    package static let grace = Duration.seconds(2)
    /// How long one that was sent SIGKILL has to die.
    package static let patience = Duration.seconds(1)

    private struct Running {
        enum Stage {
            case running
            case terminated
            case killed
        }

        let source: HookJob.Source
        let timeout: Duration
        let start: Duration
        /// When the next stage is due.
        var deadline: Duration
        var stage = Stage.running
    }

    private let limit: Int
    private let capacity: Int
    private var waiting: [HookJob] = []
    private var running: [Run: Running] = [:]
    private var nextRun = 0
    private var now: Duration?
    private var droppedInBurst = 0
    private var stopDeadline: Duration?
    private var counts = HookStatistics()

    /// A queue of which nothing has been asked.
    ///
    /// - Parameters:
    ///   - limit: how many may run at once, at least one.
    ///   - capacity: how many may wait, at least one.
    package init(limit: Int, capacity: Int) {
        self.limit = max(1, limit)
        self.capacity = max(1, capacity)
    }

    /// What has become of all that was offered.
    package var statistics: HookStatistics {
        var statistics = counts
        statistics.running = running.count
        statistics.waiting = waiting.count
        return statistics
    }

    /// Whether nothing runs and nothing waits.
    package var isIdle: Bool { running.isEmpty && waiting.isEmpty }

    /// When ``advance(to:)`` has something to do; nil when only an offer or an end can bring that about.
    package var nextDeadline: Duration? {
        let deadlines = running.values.map(\.deadline)
        return (deadlines + (waiting.isEmpty ? [] : [stopDeadline].compactMap { $0 })).min()
    }

    /// A hook is to be run. After ``stop(within:at:)`` it is only counted.
    package mutating func offer(_ job: HookJob, at time: Duration) -> [Action] {
        var actions = advance(to: time)
        counts.offered += 1
        guard stopDeadline == nil else {
            counts.dropped += 1
            return actions
        }
        waiting.append(job)
        actions += startWhatMay()
        guard waiting.count > capacity else { return actions }
        let lost = waiting.removeFirst()
        counts.dropped += 1
        droppedInBurst += 1
        if droppedInBurst == 1 { actions.append(.reportOverload(lost.source, waiting: capacity)) }
        return actions
    }

    /// A hook has ended, or could not be started. For one that was abandoned nothing happens.
    ///
    /// - Parameter succeeded: whether it exited with status 0. One that had to be terminated has failed all the same.
    package mutating func ended(_ run: Run, succeeded: Bool, at time: Duration) -> [Action] {
        tick(time)
        guard let ended = running.removeValue(forKey: run) else { return advance(to: time) }
        if ended.stage == .running, succeeded { counts.succeeded += 1 } else { counts.failed += 1 }
        return advance(to: time)
    }

    /// Time has passed.
    package mutating func advance(to time: Duration) -> [Action] {
        let now = tick(time)
        var actions: [Action] = []
        for (run, entry) in running.sorted(by: { $0.key < $1.key }) where now >= entry.deadline {
            actions.append(overdue(run, entry, at: now))
        }
        if let stopDeadline, now >= stopDeadline, !waiting.isEmpty {
            counts.dropped += waiting.count
            actions.append(.reportUnstarted(waiting.count))
            waiting.removeAll()
        }
        return actions + startWhatMay()
    }

    /// Takes no more offers. What runs and waits has until `limit` from now; then what waits is given up, and what runs
    /// is terminated. Of several stops the earliest counts.
    package mutating func stop(within limit: Duration, at time: Duration) -> [Action] {
        let deadline = tick(time) + limit
        let earliest = min(deadline, stopDeadline ?? deadline)
        stopDeadline = earliest
        for (run, entry) in running where entry.stage == .running {
            running[run]?.deadline = min(entry.deadline, earliest)
        }
        return advance(to: time)
    }

    @discardableResult
    private mutating func tick(_ time: Duration) -> Duration {
        let latest = max(time, now ?? time)
        now = latest
        return latest
    }

    private mutating func overdue(_ run: Run, _ entry: Running, at now: Duration) -> Action {
        switch entry.stage {
        case .running:
            running[run]?.stage = .terminated
            running[run]?.deadline = now + Self.grace
            guard now - entry.start >= entry.timeout else { return .terminate(run, entry.source, .stopping) }
            counts.timedOut += 1
            return .terminate(run, entry.source, .tookTooLong(entry.timeout))
        case .terminated:
            running[run]?.stage = .killed
            running[run]?.deadline = now + Self.patience
            return .kill(run, entry.source)
        case .killed:
            running[run] = nil
            counts.failed += 1
            return .abandon(run, entry.source)
        }
    }

    private mutating func startWhatMay() -> [Action] {
        var actions: [Action] = []
        var busy = Set(running.values.map(\.source))
        while running.count < limit, let index = waiting.firstIndex(where: { !busy.contains($0.source) }) {
            let job = waiting.remove(at: index)
            let start = now ?? .zero
            let deadline = min(start + job.timeout, stopDeadline ?? start + job.timeout)
            running[nextRun] = Running(
                source: job.source,
                timeout: job.timeout,
                start: start,
                deadline: deadline
            )
            actions.append(.start(nextRun, job))
            busy.insert(job.source)
            nextRun += 1
        }
        if waiting.isEmpty, droppedInBurst > 0 {
            actions.append(.reportDropped(droppedInBurst))
            droppedInBurst = 0
        }
        return actions
    }
}
