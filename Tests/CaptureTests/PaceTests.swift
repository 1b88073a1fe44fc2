import Capture
import Foundation
import Testing

@Suite struct PaceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Plays a source to somebody who takes a frame only now and then, and returns all that were taken.
    ///
    /// On a thread of its own: where other tests hold the shared ones, each pause would last seconds.
    private func play(
        _ source: FrameSource,
        until end: @escaping @Sendable (Notices) -> Bool
    ) async -> [Frame] {
        let (frames, takenAfterTheEnd, replaced) = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Self.take(source, until: end)) }
        }
        #expect(takenAfterTheEnd == 0, "the end is told after the last frame was taken")
        #expect(replaced == 0)
        return frames
    }

    private static func take(_ source: FrameSource, until end: (Notices) -> Bool) -> ([Frame], Int, UInt64) {
        let notices = Notices()
        let mailbox = FrameMailbox {}
        let camera = Camera(name: "test", source: source, mailbox: mailbox) { notices.add($0) }
        camera.start()
        defer { camera.stop() }
        var frames: [Frame] = []
        var takenAfterTheEnd = 0
        let deadline = monotonicNow() + .seconds(30)
        while monotonicNow() < deadline {
            let isOver = end(notices)
            var frame = Frame()
            if mailbox.take(into: &frame) {
                if isOver { takenAfterTheEnd += 1 }
                frames.append(frame)
            } else if isOver {
                break
            }
            usleep(frames.count.isMultiple(of: 3) ? 3000 : 100)
        }
        return (frames, takenAfterTheEnd, mailbox.replacedCount)
    }

    @Sendable private func hasEnded(_ notices: Notices) -> Bool {
        notices.all.contains { if case .ended = $0 { true } else { false } }
    }

    /// Frames follow one another by media time alone.
    private func expectMediaTime(_ frames: [Frame], rate: Double, since began: Date) throws {
        let first = try #require(frames.first)
        for (index, frame) in frames.enumerated() {
            #expect(frame.sequence == UInt64(index))
            #expect(frame.monotonic - first.monotonic == .mediaTime(of: Int64(index), rate: rate))
            #expect(abs(frame.wallClock.timeIntervalSince(first.wallClock) - Double(index) / rate) < 1e-5)
        }
        // A hundredth of a second for how dates are rounded.
        #expect(first.wallClock.timeIntervalSince(began) > -0.01 && first.wallClock.timeIntervalSinceNow < 0.01)
    }

    @Test func aFileIsPlayedWholeByMediaTime() async throws {
        let pictures = (1...60).map { Pictures.tiny($0) }
        let path = try folder.write(pictures.flatMap { $0 }, to: "clip.mjpeg")
        // A minute and a half by the clock, which is longer than `play` has patience for.
        let began = Date()
        let frames = await play(.file(path: path, loop: false, rate: 2.0 / 3, pace: .fastest), until: hasEnded)
        #expect(frames.map(\.bytes) == pictures)
        try expectMediaTime(frames, rate: 2.0 / 3, since: began)
    }

    @Test func aFolderIsPlayedWholeByMediaTime() async throws {
        for mark in 1...20 as ClosedRange<UInt8> {
            _ = try folder.write(Pictures.tiny(mark), to: "\(100 + Int(mark)).jpg")
        }
        let began = Date()
        let frames = await play(.folder(path: folder.path, loop: false, rate: 0.1, pace: .fastest), until: hasEnded)
        #expect(frames.map(\.bytes) == (1...20).map { Pictures.tiny($0) })
        try expectMediaTime(frames, rate: 0.1, since: began)
    }

    @Test func aStopWakesACameraWhoseFrameNobodyTakes() async throws {
        let path = try folder.write(Pictures.tiny(1) + Pictures.tiny(2) + Pictures.tiny(3), to: "clip.mjpeg")
        let mailbox = FrameMailbox {}
        let source = FrameSource.file(path: path, loop: false, rate: 10, pace: .fastest)
        let camera = Camera(name: "test", source: source, mailbox: mailbox) { _ in }
        camera.start()
        #expect(await eventually { camera.counters.frames >= 1 })
        camera.stop()
        var frame = Frame()
        #expect(mailbox.take(into: &frame))
        #expect(frame.sequence == 0)
        #expect(mailbox.replacedCount == 0)
    }

    @Test func afterItsFirstFrameAFailureIsTheEndAndNothingIsPlayedTwice() async throws {
        for mark in 1...4 as ClosedRange<UInt8> { _ = try folder.write(Pictures.tiny(mark), to: "\(mark).jpg") }
        let notices = Notices()
        let mailbox = FrameMailbox {}
        // It is listed anew after the last picture, and by then there is none.
        let source = FrameSource.folder(path: folder.path, loop: true, rate: 10, pace: .fastest)
        let camera = Camera(name: "test", source: source, mailbox: mailbox) { notices.add($0) }
        camera.start()
        defer { camera.stop() }
        #expect(await eventually { camera.counters.frames >= 1 })
        for mark in 1...4 { try FileManager.default.removeItem(atPath: "\(folder.path)/\(mark).jpg") }
        var frame = Frame()
        var sequences: [UInt64] = []
        let isOver = await eventually {
            if mailbox.take(into: &frame) { sequences.append(frame.sequence) }
            return hasEnded(notices)
        }
        #expect(isOver)
        #expect(!sequences.isEmpty && sequences == Array(0..<UInt64(sequences.count)))
        #expect(camera.counters.reopened == 0)
        let pictures = sequences.count == 1 ? "1 picture" : "\(sequences.count) pictures"
        #expect(notices.all.last == .ended("no JPEG picture in \(folder.path), after \(pictures)"))
    }

    @Test func inRealPaceTheEndWaitsForTheLastFrameToBeTakenButNotForEver() async throws {
        let path = try folder.write(Pictures.tiny(1), to: "clip.mjpeg")
        for patience in [Duration.seconds(600), .milliseconds(20)] {
            let notices = Notices()
            let mailbox = FrameMailbox {}
            let source = FrameSource.file(path: path, loop: false, rate: 1000)
            let camera = Camera(name: "test", source: source, mailbox: mailbox, patience: patience) { notices.add($0) }
            camera.start()
            defer { camera.stop() }
            #expect(await eventually { camera.counters.frames == 1 })
            var frame = Frame()
            if patience > .seconds(1) {
                // Long enough for a camera that does not wait to have told.
                try await Task.sleep(for: .milliseconds(50))
                #expect(!hasEnded(notices))
                let isTaken = await eventually { mailbox.take(into: &frame) }
                #expect(isTaken)
                #expect(await eventually { hasEnded(notices) })
            } else {
                #expect(await eventually { hasEnded(notices) })
                #expect(mailbox.take(into: &frame))
            }
        }
    }

    @Test func aStopDoesNotWaitForTheLastFrameToBeTaken() async throws {
        let path = try folder.write(Pictures.tiny(1), to: "clip.mjpeg")
        let notices = Notices()
        let source = FrameSource.file(path: path, loop: false, rate: 1000)
        let camera = Camera(name: "test", source: source, mailbox: FrameMailbox {}, patience: .seconds(600)) {
            notices.add($0)
        }
        camera.start()
        #expect(await eventually { camera.counters.frames == 1 })
        camera.stop()
        #expect(!hasEnded(notices))
    }

    @Test func mediaTimeDoesNotDrift() {
        #expect(Duration.mediaTime(of: 0, rate: 30) == .zero)
        #expect(Duration.mediaTime(of: 3, rate: 10) == .milliseconds(300))
        #expect(Duration.mediaTime(of: 1, rate: 3) == .nanoseconds(333_333_333))
        #expect(Duration.mediaTime(of: 3_000_000_000, rate: 3) == .seconds(1_000_000_000))
        for count in 0..<1000 as Range<Int64> {
            #expect(Duration.mediaTime(of: count, rate: 7) < Duration.mediaTime(of: count + 1, rate: 7))
        }
    }
}
