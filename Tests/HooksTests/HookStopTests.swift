import Foundation
import Hooks
import Testing

/// How hooks end with the daemon.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HookStopTests {
    @Test func aStopWaitsForWhatRunsAndWaits() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench(limit: 1)
        for number in 1...3 { bench.shell("sleep 0.1; echo \(number) >>\(folder.path)/run") }
        await stop(bench.runner, within: .seconds(60))
        #expect(folder.lines("run") == ["1", "2", "3"])
        bench.shell("echo 4 >>\(folder.path)/run")
        #expect(bench.runner.statistics.dropped == 1 && bench.runner.statistics.succeeded == 3)
        await stop(bench.runner)
        #expect(folder.lines("run").count == 3 && bench.logged == [])
    }

    @Test func aStopEndsWhatTakesTooLong() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench(limit: 1)
        bench.shell("trap '' TERM; echo $$ >\(folder.path)/leader; while :; do sleep 1; done")
        bench.shell("echo never >\(folder.path)/second")
        #expect(await eventually { folder.isAlive("leader") })
        let start = ContinuousClock.now
        await stop(bench.runner, within: .milliseconds(100))
        // Two seconds are promised; a busy machine gets more.
        #expect(ContinuousClock.now - start < .seconds(100))
        #expect(!folder.isAlive("leader") && folder.text("second").isEmpty)
        #expect(
            bench.logged == [
                about + "is ended, as the daemon stops",
                "warning: 1 hooks that waited are not run, as the daemon stops",
                about + "did not end on SIGTERM, and is killed",
            ]
        )
        #expect(bench.runner.statistics.dropped == 1 && bench.runner.statistics.timedOut == 0)
    }

    @Test func aStopWithoutHooksIsOverAtOnce() async {
        let bench = Bench()
        let start = ContinuousClock.now
        await stop(bench.runner, within: .seconds(600))
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test func aRunnerThatIsLetGoEndsItsHooks() async throws {
        let folder = try TemporaryFolder()
        var bench: Bench? = Bench()
        bench?.shell("echo $$ >\(folder.path)/leader; exec sleep 1000")
        #expect(await eventually { folder.isAlive("leader") })
        bench = nil
        #expect(await eventually { !folder.isAlive("leader") })
    }
}
