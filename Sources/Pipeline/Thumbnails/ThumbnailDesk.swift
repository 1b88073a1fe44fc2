import Capture
import Dispatch
import Foundation
import Imaging
import Journal
import Logging
import Synchronization

/// Makes thumbnails on a thread of its own, so that no look waits for one, and hands them to the journal.
///
/// Frames that wait are bounded in bytes. What comes when there is no room is given up and counted, except that a recording
/// that is played fast waits for room.
final class ThumbnailDesk: Sendable {
    /// Pixels that a thumbnail is wide and high at most.
    static let side = 320
    private static let quality = 75
    private static let mostBytes = 32 << 20

    private struct Job {
        let camera: String
        let frame: Frame
    }

    private struct State {
        var jobs: [Job] = []
        var bytes = 0
        var isStopped = false
        var givenUp = 0
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = Latch()
    private let journal: Journal
    private let logger: Logger

    /// Starts the thread; ``stop()`` ends it.
    init(journal: Journal, logger: Logger) {
        self.journal = journal
        self.logger = logger
        let thread = Thread { [self] in
            work()
            ended.set()
        }
        thread.name = "thumbnails"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Whether a recording that is played fast may go on.
    var hasRoom: Bool { state.withLock { $0.bytes < Self.mostBytes / 2 && $0.jobs.count < 32 } }

    /// Hands over the frame of a look that has been recorded. Never waits.
    func make(_ frame: Frame, of camera: String) {
        let givenUp = state.withLock { state in
            guard !state.isStopped, state.bytes + frame.bytes.count <= Self.mostBytes else {
                state.givenUp += 1
                return state.givenUp
            }
            state.jobs.append(Job(camera: camera, frame: frame))
            state.bytes += frame.bytes.count
            return 0
        }
        if givenUp == 1 { logger.warning("camera \(camera): there is not time for all thumbnails; some are left out") }
        wake.signal()
    }

    /// Makes what waits, and ends the thread. Blocking.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
        _ = ended.wait(until: nil)
    }

    private func work() {
        do throws(ImagingError) {
            let decoder = try FrameDecoder()
            let encoder = try JPEGEncoder()
            while true {
                let (job, isStopped) = state.withLock { state in
                    (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isStopped)
                }
                if let job {
                    make(job, decoder, encoder)
                    state.withLock { $0.bytes -= job.frame.bytes.count }
                } else if isStopped {
                    return
                } else {
                    wake.wait()
                }
            }
        } catch {
            logger.error("thumbnails cannot be made: \(error)")
        }
    }

    private func make(_ job: Job, _ decoder: FrameDecoder, _ encoder: JPEGEncoder) {
        do throws(ImagingError) {
            let small = try decoder.picture(of: job.frame, within: Self.side)
            let jpeg = try encoder.encode(small, quality: Self.quality)
            journal.record(
                ThumbnailRecord(
                    camera: job.camera,
                    sequence: job.frame.sequence,
                    at: job.frame.wallClock,
                    width: small.width,
                    height: small.height,
                    jpeg: Data(jpeg)
                )
            )
        } catch {
            // Its crops were cut out of it a moment ago.
            logger.debug("camera \(job.camera): a thumbnail cannot be made: \(error)")
        }
    }
}

extension FrameDecoder {
    /// The whole picture, at most so wide and high. JPEG is decoded no larger than that needs.
    func picture(of frame: borrowing Frame, within side: Int) throws(ImagingError) -> Picture {
        guard case .jpeg = frame.format else { return try picture(of: frame).resized(within: side, side) }
        // Of 16 to 9, the shorter side is that much less; of narrower pictures there is then a little to spare.
        return try jpegPicture(of: frame, shorterSideAtLeast: side * 9 / 16).resized(within: side, side)
    }
}
