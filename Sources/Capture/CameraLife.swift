/// The life of a camera's source: when to open it, what to tell of it, how long to wait after it was lost. A pure state
/// machine; ``Camera`` carries out its steps, on a clock and with sources that tests replace.
///
///     closed ─ started → opening ─ frame → streaming ⇄ degraded
///                           ↑  └──── lost ────┴──────────┘
///                           └─ due, or a device came ─┘
package struct CameraLife: Sendable {
    /// How the source is.
    package enum State: Equatable, Sendable {
        /// Not started, or stopped.
        case closed
        /// Being opened, or open without a frame so far.
        case opening
        /// Gives frames.
        case streaming
        /// Gives frames, or may do so again by itself, but something is wrong.
        case degraded(String)
        /// Cannot be opened, or failed; tried again.
        case lost(String)
        /// Over for good, as files are.
        case ended(String)
    }

    /// What happened.
    package enum Event: Equatable, Sendable {
        case started
        /// A frame came, of the source in these words.
        case frame(String)
        /// Something is wrong though the source goes on.
        case amiss(String)
        /// The source failed, or could not be opened.
        case failed(String)
        /// The time until which to wait has come.
        case due
        /// Devices have come.
        case devicesChanged
        /// Somebody has let go of a device.
        case deviceFreed
        /// The source is over.
        case ended(String)
        case stopped
    }

    /// What to do next.
    package enum Step: Equatable, Sendable {
        /// Open the source and read it.
        case open
        /// Go on with what is being done.
        case carryOn
        /// Wait until then, or until devices have changed.
        case wait(until: Duration)
        /// The thread ends.
        case finish
    }

    // Trouble is over when there was none for as long.
    // Longer than damage is added up for.
    private static let calm = Duration.seconds(12)
    // A device that comes back announces itself several times within milliseconds, and may not be ready the first time.
    private static let leastPause = Duration.milliseconds(250)
    // Two that wait for one device let go of it in turn, each time they have tried.
    private static let pauseForFreed = Duration.seconds(2)

    package private(set) var state = State.closed
    private var backoff: Backoff
    private var lastTrouble = Duration.zero
    private var lastOpened = Duration.zero
    private var waitsUntil = Duration.zero
    private var reasonsTold: Set<String> = []
    private var latestReason: String?

    package init(backoff: Backoff = Backoff()) {
        self.backoff = backoff
    }

    /// Takes what happened at a monotonic time. Returns what to do, and what people are to be told.
    package mutating func handle(_ event: Event, at now: Duration) -> (step: Step, notice: CameraNotice?) {
        switch (state, event) {
        case (.ended, _), (_, .stopped):
            if case .ended = state {} else { state = .closed }
            return (.finish, nil)
        case (.closed, .started):
            return open(at: now)
        case (.closed, _):
            return (.finish, nil)
        case (_, .ended(let words)):
            state = .ended(words)
            return (.finish, .ended(words))
        case (_, .failed(let reason)):
            return lose(reason, at: now)
        case (.lost, .due):
            return open(at: now)
        case (.lost, .devicesChanged):
            backoff.startAfresh()
            waitsUntil = min(waitsUntil, max(now, lastOpened + Self.leastPause))
            return (.wait(until: waitsUntil), nil)
        case (.lost, .deviceFreed):
            waitsUntil = min(waitsUntil, max(now, lastOpened + Self.pauseForFreed))
            return (.wait(until: waitsUntil), nil)
        case (.lost, .started), (.lost, .frame), (.lost, .amiss):
            return (.wait(until: waitsUntil), nil)
        case (_, .started), (_, .due), (_, .devicesChanged), (_, .deviceFreed):
            return (.carryOn, nil)
        case (.opening, .frame(let words)):
            backoff.frameCame(at: now)
            state = .streaming
            reasonsTold.removeAll()
            latestReason = nil
            return (.carryOn, .opened(words))
        case (.streaming, .frame):
            backoff.frameCame(at: now)
            return (.carryOn, nil)
        case (.degraded, .frame):
            backoff.frameCame(at: now)
            guard now - lastTrouble >= Self.calm else { return (.carryOn, nil) }
            state = .streaming
            return (.carryOn, .recovered)
        case (.opening, .amiss(let what)):
            return (.carryOn, .complaint(what))
        case (.streaming, .amiss(let what)):
            lastTrouble = now
            state = .degraded(what)
            return (.carryOn, .degraded(what))
        case (.degraded(let before), .amiss(let what)):
            lastTrouble = now
            state = .degraded(what)
            return (.carryOn, before == what ? nil : .degraded(what))
        }
    }

    private mutating func open(at now: Duration) -> (Step, CameraNotice?) {
        state = .opening
        lastOpened = now
        return (.open, nil)
    }

    /// A reason is told once until the source is open again, however often it is tried.
    private mutating func lose(_ reason: String, at now: Duration) -> (Step, CameraNotice?) {
        let delay = backoff.failed()
        let isOther = reason != latestReason
        latestReason = reason
        state = .lost(reason)
        waitsUntil = now + delay
        // A source can think up new reasons for ever (a command's last words).
        guard reasonsTold.count < 100, reasonsTold.insert(reason).inserted else {
            return (.wait(until: waitsUntil), isOther ? .lostAgain(reason: reason) : nil)
        }
        return (.wait(until: waitsUntil), .lost(reason: reason, retryIn: delay))
    }
}
