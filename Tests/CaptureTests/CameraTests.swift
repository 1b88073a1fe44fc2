import Capture
import Foundation
import Synchronization
import Testing

@Suite struct CameraTests {
    @Test func stopMayComeAnyNumberOfTimesAndBeforeStart() {
        let camera = Camera(name: "a", source: .command(["sleep", "1000"]), mailbox: FrameMailbox {}) { _ in }
        camera.stop()
        camera.start()
        camera.stop()
        #expect(camera.counters == CameraCounters())
    }

    @Test func stopWakesACameraThatWaitsForItsNextTry() async {
        let recording = Recording(.file(path: "/nonexistent/clip", loop: true, rate: 1))
        #expect(await recording.waits { $0.camera.counters.reopened >= 2 })
        let start = monotonicNow()
        recording.camera.stop()
        recording.camera.stop()
        let counters = recording.camera.counters
        #expect(monotonicNow() - start < .seconds(10))
        #expect(recording.camera.counters == counters)
    }

    @Test func stopOnTheCamerasOwnThreadDoesNotLockUp() async {
        let cell = Cell()
        let camera = Camera(name: "a", source: .command(["no-such-program"]), mailbox: FrameMailbox {}) { _ in
            cell.camera.withLock { $0 }?.stop()
            cell.isTold.withLock { $0 = true }
        }
        cell.camera.withLock { $0 = camera }
        camera.start()
        #expect(await eventually { cell.isTold.withLock { $0 } })
        camera.stop()
        #expect(camera.counters.reopened == 0)
    }

    private final class Cell: Sendable {
        let camera = Mutex<Camera?>(nil)
        let isTold = Mutex(false)
    }
}
