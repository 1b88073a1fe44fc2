import Foundation
import Synchronization

/// A source of frames with a thread of its own, which opens it, offers its frames in a mailbox, and opens it again for
/// as long as it takes when it is lost.
///
/// A camera runs once: `start`, then `stop`. A camera that was started lives until it is stopped or its source is over.
public final class Camera: Sendable {
    private enum State {
        case made
        case running(pthread_t?)
        case stopped
    }

    private static let stoppingPatience = Duration.seconds(3)

    /// The name in the configuration.
    public let name: String
    private let source: FrameSource
    private let mailbox: FrameMailbox
    private let patience: Duration
    private let log: CameraLog
    private let claims: DeviceClaims
    private let stopLatch = Latch()
    private let endLatch = Latch()
    private let state = Mutex(State.made)

    /// A camera that does not run yet.
    ///
    /// - Parameters:
    ///   - name: Names the thread.
    ///   - source: Where frames come from.
    ///   - mailbox: Where they are offered.
    ///   - claims: Shared by the cameras of a process.
    ///   - patience: How long the end of a file or folder waits for its last frame to be taken; of one of pace `fastest`
    ///     it waits for ever.
    ///   - onNotice: Called on the camera's thread, which waits for it to return.
    public init(
        name: String,
        source: FrameSource,
        mailbox: FrameMailbox,
        claims: DeviceClaims = DeviceClaims(),
        patience: Duration = .zero,
        onNotice: @escaping @Sendable (CameraNotice) -> Void
    ) {
        self.name = name
        self.source = source
        self.mailbox = mailbox
        self.claims = claims
        self.patience = patience
        log = CameraLog(onNotice: onNotice)
    }

    /// Starts the thread. Does nothing when the camera was started or stopped before.
    public func start() {
        let isNew = state.withLock { state in
            guard case .made = state else { return false }
            state = .running(nil)
            return true
        }
        guard isNew else { return }
        let thread = Thread { [self] in
            state.withLock { if case .running = $0 { $0 = .running(pthread_self()) } }
            run()
            endLatch.set()
        }
        thread.name = "camera \(name)"
        thread.start()
    }

    /// Ends the thread, and the command with all its children if the source is one, and returns when that is done, or
    /// after three seconds: a driver can hold a thread for as long as it likes. May be called any number of times. Called
    /// from `onNotice` or the mailbox's `onOffer`, on the camera's own thread, it returns at once and the thread ends soon
    /// after.
    public func stop() {
        let earlier = state.withLock { state in
            defer { if case .made = state { state = .stopped } }
            return state
        }
        guard case .running(let thread) = earlier else { return }
        stopLatch.set()
        mailbox.close()
        if let thread, pthread_equal(thread, pthread_self()) != 0 { return }
        _ = endLatch.wait(until: monotonicNow() + Self.stoppingPatience)
    }

    /// What was counted so far. May be read from any thread.
    public var counters: CameraCounters { log.counters }

    // MARK: The thread

    /// What the thread keeps from one opening to the next.
    private struct Course {
        var life = CameraLife()
        var frame = Frame()
        var sequence: UInt64 = 0
        var openings = 0
        /// Whether the last opening failed because somebody else has the device.
        var isBusy = false
        var playback: Playback?

        /// A recording that was played fast and has failed: played again from its beginning it would tell everything
        /// twice.
        var cannotBeRepeated: Bool { playback?.isFastest == true && sequence > 0 }
    }

    private func run() {
        var course = Course()
        let watch = source.isDevice ? DeviceWatch() : nil
        var step = handle(.started, &course)
        while !stopLatch.isSet {
            switch step {
            case .open:
                // What was told before is seen by the opening itself.
                _ = watch?.drain()
                step = read(&course)
                // Closings so far are its own.
                if watch?.drain() == .arrived, case .wait = step { step = handle(.devicesChanged, &course) }
            case .wait(let deadline):
                switch stopLatch.wait(watch?.descriptor ?? -1, until: deadline) {
                case .latched: return
                case .timedOut: step = handle(.due, &course)
                case .ready:
                    switch watch?.drain() {
                    case .arrived: step = handle(.devicesChanged, &course)
                    case .freed where course.isBusy: step = handle(.deviceFreed, &course)
                    case .freed, .some(.none), nil: break
                    }
                }
            case .carryOn, .finish:
                return
            }
        }
    }

    private func handle(_ event: CameraLife.Event, _ course: inout Course) -> CameraLife.Step {
        let (step, notice) = course.life.handle(event, at: monotonicNow())
        if let notice { log.notice(notice) }
        return step
    }

    /// Opens the source and offers its frames until it fails, ends, or the camera is stopped.
    private func read(_ course: inout Course) -> CameraLife.Step {
        do throws(SourceLost) {
            if course.openings > 0 { log.count { $0.reopened += 1 } }
            course.openings += 1
            if course.playback == nil { course.playback = try source.makePlayback() }
            let reader = try source.open(camera: name, claims: claims, stop: stopLatch, log: log)
            defer { reader.close() }
            return try offerAll(of: reader, &course)
        } catch {
            course.isBusy = error.isBusy
            guard course.cannotBeRepeated else { return handle(.failed(error.reason), &course) }
            return end("\(error.reason), after \(picturesText(Int(course.sequence)))", waitingUntil: nil, &course)
        }
    }

    private func offerAll(of reader: any FrameReader, _ course: inout Course) throws(SourceLost) -> CameraLife.Step {
        while true {
            switch try reader.next(into: &course.frame) {
            case .frame:
                guard course.playback?.stamp(&course.frame, stop: stopLatch) ?? true else { return .finish }
                _ = handle(.frame(reader.description), &course)
                course.frame.sequence = course.sequence
                course.sequence += 1
                log.count { $0.frames += 1 }
                // Before the frame that was not taken would be replaced.
                if course.playback?.isFastest == true { mailbox.waitUntilTaken() }
                if stopLatch.isSet { return .finish }
                mailbox.offer(&course.frame)
            case .amiss(let what):
                _ = handle(.amiss(what), &course)
            case .ended(let words):
                let deadline = course.playback?.isFastest == true ? nil : monotonicNow() + patience
                return end(words, waitingUntil: deadline, &course)
            case .stopped:
                return handle(.stopped, &course)
            }
        }
    }

    /// Tells of the end, after the last frame was taken: who hears of it has had every frame.
    private func end(_ words: String, waitingUntil deadline: Duration?, _ course: inout Course) -> CameraLife.Step {
        mailbox.waitUntilTaken(until: deadline)
        return handle(stopLatch.isSet ? .stopped : .ended(words), &course)
    }
}

extension FrameSource {
    fileprivate var isDevice: Bool { if case .device = self { true } else { false } }

    /// What gives the frames their moments; nil where the source does.
    fileprivate func makePlayback() throws(SourceLost) -> Playback? {
        switch self {
        case .device, .command: nil
        case .file(_, _, let rate, let pace), .folder(_, _, let rate, let pace): try Playback(rate: rate, pace: pace)
        }
    }

    fileprivate func open(
        camera: String,
        claims: DeviceClaims,
        stop: Latch,
        log: CameraLog
    ) throws(SourceLost) -> any FrameReader {
        switch self {
        case .device(let selector, let wish):
            let path = try DeviceCatalog().resolve(selector, known: claims.known)
            let driver = try KernelVideoDriver(path: path, camera: camera, claims: claims, stop: stop)
            return try DeviceReader(driver: driver, path: path, wish: wish, log: log)
        case .file(let path, let loop, let rate, let pace):
            return try FileReader(path: path, loop: loop, rate: rate, pace: pace, stop: stop, log: log)
        case .folder(let path, let loop, let rate, let pace):
            return try FolderReader(path: path, loop: loop, rate: rate, pace: pace, stop: stop, log: log)
        case .command(let arguments):
            return try CommandReader(arguments, stop: stop, log: log)
        }
    }
}
