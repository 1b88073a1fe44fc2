import Journal
import Testing

struct FailureLogTests {
    private let start = ContinuousClock.now

    @Test func aCauseIsLoggedOnceAndItsEndOnce() {
        var log = FailureLog(quiet: .seconds(600))
        let history = [
            log.succeeded(), log.failed("full", at: start), log.failed("full", at: start + .seconds(1)),
            log.failed("read-only", at: start + .seconds(2)), log.failed("full", at: start + .seconds(3)),
        ]
        #expect(history == [false, true, false, true, false])
        #expect(log.cause == "full")
        #expect([log.succeeded(), log.succeeded()] == [true, false])
        #expect(log.cause == nil)
    }

    @Test func aFlappingDiskIsQuietUntilTimeHasPassed() {
        var log = FailureLog(quiet: .seconds(600))
        var logged: [Int] = []
        for second in 0...1300 {
            if log.failed("full", at: start + .seconds(second)) { logged.append(second) }
            if log.succeeded() { logged.append(-second) }
        }
        #expect(logged == [0, 0, 600, -600, 1200, -1200])
    }
}
