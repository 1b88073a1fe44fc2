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

    /// The name in the configuration.
    public let name: String
    private let source: FrameSource
    private let mailbox: FrameMailbox
    private let patience: Duration
    private let log: CameraLog
    private let stopLatch = Latch()
    private let endLatch = Latch()
    private let state = Mutex(State.made)

    /// A camera that does not run yet.
    ///
    /// - Parameters:
    ///   - name: Names the thread.
    ///   - source: Where frames come from.
    ///   - mailbox: Where they are offered.
    ///   - patience: How long the end of a file or folder waits for its last frame to be taken; of one of pace `fastest`
    ///     it waits for ever.
    ///   - onNotice: Called on the camera's thread, which waits for it to return.
    public init(
        name: String,
        source: FrameSource,
        mailbox: FrameMailbox,
        patience: Duration = .zero,
        onNotice: @escaping @Sendable (CameraNotice) -> Void
    ) {
        self.name = name
        self.source = source
        self.mailbox = mailbox
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

    /// Ends the thread, and the command with all its children if the source is one, and returns when that is done:
    /// within about two seconds. May be called any number of times. Called from `onNotice` or the mailbox's `onOffer`,
    /// on the camera's own thread, it returns at once and the thread ends soon after.
    public func stop() {
        let earlier = state.withLock { state in
            defer { if case .made = state { state = .stopped } }
            return state
        }
        guard case .running(let thread) = earlier else { return }
        stopLatch.set()
        mailbox.close()
        if let thread, pthread_equal(thread, pthread_self()) != 0 { return }
        _ = endLatch.wait(until: nil)
    }

    /// What was counted so far. May be read from any thread.
    public var counters: CameraCounters { log.counters }

    private func run() {
        var backoff = Backoff()
        var frame = Frame()
        var sequence: UInt64 = 0
        var isFirst = true
        var playback: Playback?
        while !stopLatch.isSet {
            do throws(SourceLost) {
                if !isFirst { log.count { $0.reopened += 1 } }
                isFirst = false
                if playback == nil { playback = try source.makePlayback() }
                let reader = try source.open(stop: stopLatch, log: log)
                defer { reader.close() }
                let isDone = try offerAll(
                    of: reader,
                    playback: &playback,
                    frame: &frame,
                    sequence: &sequence,
                    backoff: &backoff
                )
                if isDone { return }
            } catch {
                if playback?.isFastest == true, sequence > 0 {
                    // Played again from its beginning it would tell everything twice.
                    return end("\(error.reason), after \(picturesText(Int(sequence)))", waitingUntil: nil)
                }
                let delay = backoff.failed()
                log.lost(error.reason, retryIn: delay)
                if stopLatch.wait(until: monotonicNow() + delay) == .latched { return }
            }
        }
    }

    /// Returns whether the camera is done.
    private func offerAll(
        of reader: any FrameReader,
        playback: inout Playback?,
        frame: inout Frame,
        sequence: inout UInt64,
        backoff: inout Backoff
    ) throws(SourceLost) -> Bool {
        while true {
            switch try reader.next(into: &frame) {
            case .frame:
                guard playback?.stamp(&frame, stop: stopLatch) ?? true else { return true }
                log.opened(reader)
                backoff.frameCame(at: monotonicNow())
                frame.sequence = sequence
                sequence += 1
                log.count { $0.frames += 1 }
                // Before the frame that was not taken would be replaced.
                if playback?.isFastest == true { mailbox.waitUntilTaken() }
                if stopLatch.isSet { return true }
                mailbox.offer(&frame)
            case .ended(let text):
                end(text, waitingUntil: playback?.isFastest == true ? nil : monotonicNow() + patience)
                return true
            case .stopped:
                return true
            }
        }
    }

    /// Tells of the end, after the last frame was taken: who hears of it has had every frame.
    private func end(_ text: String, waitingUntil deadline: Duration?) {
        mailbox.waitUntilTaken(until: deadline)
        if !stopLatch.isSet { log.notice(.ended(text)) }
    }
}

extension FrameSource {
    /// What gives the frames their moments; nil where the source does.
    fileprivate func makePlayback() throws(SourceLost) -> Playback? {
        switch self {
        case .device, .command: nil
        case .file(_, _, let rate, let pace), .folder(_, _, let rate, let pace): try Playback(rate: rate, pace: pace)
        }
    }

    fileprivate func open(stop: Latch, log: CameraLog) throws(SourceLost) -> any FrameReader {
        switch self {
        case .device(let path, let width, let height, let rate):
            let wish = DeviceWish(width: width, height: height, rate: rate)
            let driver = try KernelVideoDriver(path: path, stop: stop)
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
