import Capture
import Foundation
import Testing

@Suite struct FileSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func playsOnceInOrderAndEnds() async throws {
        let pictures = (1...5).map { Pictures.tiny($0) }
        let path = try folder.write(pictures.flatMap { $0 }, to: "clip.mjpeg")
        let recording = Recording(.file(path: path, loop: false, rate: 200))
        #expect(await recording.waits { $0.notices.contains(.ended("\(path) is over after 5 pictures")) })
        #expect(recording.notices.first == .opened("\(path) at 200/s"))
        #expect(recording.notices.count == 2)
        #expect(recording.frames.map(\.bytes) == pictures)
        #expect(recording.frames.map(\.sequence) == [0, 1, 2, 3, 4])
        #expect(recording.frames.allSatisfy { $0.format == .jpeg && $0.width == 0 && $0.height == 0 })
        #expect(recording.camera.counters.frames == 5)
        recording.camera.stop()
    }

    @Test func keepsPaceAndStampsBothClocks() async throws {
        let path = try folder.write((1...3).flatMap { Pictures.tiny($0) }, to: "clip.mjpeg")
        let start = monotonicNow()
        let recording = Recording(.file(path: path, loop: true, rate: 50))
        #expect(await recording.waits { $0.frames.count >= 11 })
        let elapsed = monotonicNow() - start
        recording.camera.stop()
        // Ten periods of 20 ms after the first.
        #expect(elapsed >= .milliseconds(199))
        let frames = recording.frames
        for (former, latter) in zip(frames, frames.dropFirst()) {
            #expect(former.monotonic < latter.monotonic)
            #expect(latter.bytes == Pictures.tiny(UInt8(latter.sequence % 3) + 1))
        }
        let last = try #require(frames.last)
        let monotonicAge = (monotonicNow() - last.monotonic) / .seconds(1)
        #expect(abs(Date().timeIntervalSince(last.wallClock) - monotonicAge) < 0.5)
    }

    @Test func damageIsCountedAndSaidOnce() async throws {
        let damaged: [UInt8] = Array(Pictures.tiny(1).dropLast(3))
        let path = try folder.write(damaged + Pictures.tiny(2) + damaged + Pictures.tiny(3), to: "clip.mjpeg")
        let recording = Recording(.file(path: path, loop: false, rate: 500))
        #expect(await recording.waits { $0.notices.last == .ended("\(path) is over after 2 pictures") })
        #expect(recording.camera.counters.corrupt == 2)
        #expect(recording.complaints == ["\(path) has damaged pictures, or bytes that are not JPEG; they are skipped"])
    }

    @Test(arguments: [true, false])
    func aFileWithoutAPictureIsLost(loop: Bool) async throws {
        let path = try folder.write([UInt8](repeating: 0x42, count: 1000), to: "clip.mjpeg")
        let recording = Recording(.file(path: path, loop: loop, rate: 30))
        #expect(await recording.waits { $0.camera.counters.reopened >= 1 })
        recording.camera.stop()
        #expect(recording.notices == [.lost(reason: "no JPEG picture in \(path)", retryIn: .milliseconds(250))])
        // Retried by the back-off, and not in a busy loop.
        #expect(recording.camera.counters.reopened <= 10)
    }

    @Test func aFileThatAppearsLaterIsPlayed() async throws {
        let path = folder.path + "/later.mjpeg"
        let recording = Recording(.file(path: path, loop: true, rate: 100))
        #expect(await recording.waits { !$0.reasons.isEmpty })
        #expect(recording.reasons == ["cannot open \(path): No such file or directory"])
        _ = try folder.write([], to: "later.mjpeg")
        #expect(await recording.waits { $0.reasons.count == 2 })
        #expect(recording.reasons.last == "\(path) is empty")
        _ = try folder.write(Pictures.tiny(1), to: "later.mjpeg")
        #expect(await recording.waits { $0.frames.count >= 2 })
        recording.camera.stop()
        #expect(recording.notices.last == .opened("\(path) at 100/s"))
    }

    @Test func otherThingsThanFilesAreRefusedInWords() async throws {
        let recording = Recording(.file(path: folder.path, loop: true, rate: 30))
        #expect(await recording.waits { $0.reasons == ["\(folder.path) is a folder and not a file"] })
        recording.camera.stop()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let other = Recording(.file(path: pipe, loop: true, rate: 30))
        #expect(await other.waits { $0.reasons == ["\(pipe) is not a regular file"] })
        other.camera.stop()
    }

    @Test func anImpossibleRateIsSaid() async throws {
        let path = try folder.write(Pictures.tiny(1), to: "clip.mjpeg")
        let recording = Recording(.file(path: path, loop: true, rate: .nan))
        #expect(await recording.waits { $0.reasons == ["a rate of nan/s is not possible; 0.001 to 1000 are"] })
        recording.camera.stop()
    }
}
