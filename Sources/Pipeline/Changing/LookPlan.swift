import Capture
import Configuration
import Dispatch
import Foundation
import Journal
import Synchronization

/// What is to be looked at from some moment on. The thread that looks takes it over between two looks.
struct LookPlan: Sendable {
    /// A trigger on a camera.
    struct Seat: Sendable {
        /// As it begins.
        var watch: Watch
        /// Whether it has been there and goes on instead.
        var isKept: Bool
    }

    var cameras: [(settings: CameraSettings, mailbox: FrameMailbox)]
    /// Those that go on.
    var keptCameras: Set<String>
    var seats: [Seat]
    var batch: BatchSettings
    /// Called when it has been taken over, before anything is told of it.
    var onAdoption: @Sendable () -> Void
    /// What is told of it, with the moment, and who is told, as of any message.
    var message: @Sendable (Date) -> JournalMessage
    var publish: @Sendable (JournaledMessage) -> Void
}

/// The one place where a plan waits for the thread that looks.
final class PlanMailbox: Sendable {
    private struct State {
        var plan: LookPlan?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let settled = DispatchSemaphore(value: 0)
    private let doorbell: Doorbell

    init(_ doorbell: Doorbell) {
        self.doorbell = doorbell
    }

    /// Leaves a plan and waits until it has been taken over; false when nobody looks any more. One thread at a time.
    func offer(_ plan: LookPlan) -> Bool {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.plan = plan }
            return state.isClosed
        }
        guard !isClosed else { return false }
        doorbell.announce()
        settled.wait()
        // One that was not taken lies here still.
        return state.withLock { state in
            defer { state.plan = nil }
            return state.plan == nil
        }
    }

    /// Takes over the plan that lies here, if one does.
    func adopt(_ body: (LookPlan) -> Void) {
        let plan = state.withLock { state in
            defer { state.plan = nil }
            return state.plan
        }
        guard let plan else { return }
        body(plan)
        settled.signal()
    }

    /// Nobody looks any more.
    func close() {
        let isAwaited = state.withLock { state in
            state.isClosed = true
            return state.plan != nil
        }
        if isAwaited { settled.signal() }
    }
}
