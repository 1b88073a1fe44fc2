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
    ///   - onNotice: Called on the camera's thread, which waits for it to return.
    public init(
        name: String,
        source: FrameSource,
        mailbox: FrameMailbox,
        onNotice: @escaping @Sendable (CameraNotice) -> Void
    ) {
        self.name = name
        self.source = source
        self.mailbox = mailbox
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
        while !stopLatch.isSet {
            do throws(SourceLost) {
                if !isFirst { log.count { $0.reopened += 1 } }
                isFirst = false
                let reader = try source.open(stop: stopLatch, log: log)
                defer { reader.close() }
                if try offerAll(of: reader, frame: &frame, sequence: &sequence, backoff: &backoff) { return }
            } catch {
                let delay = backoff.failed()
                log.lost(error.reason, retryIn: delay)
                if stopLatch.wait(until: monotonicNow() + delay) == .latched { return }
            }
        }
    }

    /// Returns whether the camera is done.
    private func offerAll(
        of reader: any FrameReader,
        frame: inout Frame,
        sequence: inout UInt64,
        backoff: inout Backoff
    ) throws(SourceLost) -> Bool {
        while true {
            switch try reader.next(into: &frame) {
            case .frame:
                log.opened(reader)
                backoff.frameCame(at: monotonicNow())
                frame.sequence = sequence
                sequence += 1
                log.count { $0.frames += 1 }
                mailbox.offer(&frame)
                if stopLatch.isSet { return true }
            case .ended(let text):
                log.notice(.ended(text))
                return true
            case .stopped:
                return true
            }
        }
    }
}

extension FrameSource {
    fileprivate func open(stop: Latch, log: CameraLog) throws(SourceLost) -> any FrameReader {
        switch self {
        case .device(let path, let width, let height, let rate):
            let wish = DeviceWish(width: width, height: height, rate: rate)
            let driver = try KernelVideoDriver(path: path, stop: stop)
            return try DeviceReader(driver: driver, path: path, wish: wish, log: log)
        case .file(let path, let loop, let rate):
            return try FileReader(path: path, loop: loop, rate: rate, stop: stop, log: log)
        case .folder(let path, let loop, let rate):
            return try FolderReader(path: path, loop: loop, rate: rate, stop: stop, log: log)
        case .command(let arguments):
            return try CommandReader(arguments, stop: stop, log: log)
        }
    }
}
