import Capture
import Testing

@Suite struct BackoffTests {
    @Test func doublesUpToTheLimit() {
        var backoff = Backoff()
        let delays = (0..<8).map { _ in backoff.failed() / .milliseconds(1) }
        #expect(delays == [250, 500, 1000, 2000, 4000, 8000, 10000, 10000])
    }

    @Test func tenSecondsOfFramesStartItAfresh() {
        var backoff = Backoff()
        for _ in 0..<4 { _ = backoff.failed() }
        backoff.frameCame(at: .seconds(100))
        backoff.frameCame(at: .seconds(110))
        #expect(backoff.failed() == .milliseconds(250))
    }

    @Test func soDoesWhoeverSaysSo() {
        var backoff = Backoff()
        for _ in 0..<4 { _ = backoff.failed() }
        backoff.startAfresh()
        #expect(backoff.failed() == .milliseconds(250))
    }

    @Test func lessDoesNot() {
        var backoff = Backoff()
        for _ in 0..<2 { _ = backoff.failed() }
        backoff.frameCame(at: .seconds(100))
        backoff.frameCame(at: .milliseconds(109_999))
        #expect(backoff.failed() == .seconds(1))
        // The seconds before the failure do not count.
        backoff.frameCame(at: .seconds(111))
        #expect(backoff.failed() == .seconds(2))
    }
}
