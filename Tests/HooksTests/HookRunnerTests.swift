import Foundation
import Hooks
import Testing

/// Hooks that are really run.
@Suite(.serialized, .timeLimit(.minutes(5))) struct HookRunnerTests {
    @Test func thePayloadAndTheEnvironmentArrive() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        bench.run(
            ["/bin/sh", "-c", "cat >\"$OUT/payload\"; tr '\\0' '\\n' </proc/self/environ >\"$OUT/environment\""],
            payload: Data(#"{"event":"01J","trigger":"parcel"}"#.utf8),
            environment: ["OUT": folder.path, "SCENEWATCH_EVENT": "01J", "SCENEWATCH_AT": "a \"b\" $c = d"]
        )
        #expect(await bench.isDone())
        #expect(folder.text("payload") == #"{"event":"01J","trigger":"parcel"}"# + "\n")
        let environment = folder.lines("environment")
        #expect(environment.contains("SCENEWATCH_EVENT=01J"))
        #expect(environment.contains("SCENEWATCH_AT=a \"b\" $c = d"))
        #expect(environment.contains { $0.hasPrefix("PATH=/") })
        // The last four are what a shell may add.
        let known = ["PATH", "HOME", "LANG", "OUT", "SCENEWATCH_EVENT", "SCENEWATCH_AT", "PWD", "OLDPWD", "SHLVL", "_"]
        #expect(environment.allSatisfy { line in known.contains { line.hasPrefix($0 + "=") } })
        #expect(bench.logged == [])
        #expect(bench.runner.statistics.succeeded == 1)
    }

    @Test func aLineFeedIsNotAddedTwice() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        bench.shell("cat >\(folder.path)/payload", payload: Data("{}\n".utf8))
        #expect(await bench.isDone())
        #expect(folder.text("payload") == "{}\n")
    }

    @Test func nothingIsExpanded() async throws {
        let folder = try TemporaryFolder()
        let script = try folder.script(
            "show",
            "#!/bin/sh\nfor argument; do printf '%s\\n' \"$argument\"; done >\"${0%/*}/arguments\"\n"
        )
        let arguments = ["$HOME;touch \(folder.path)/pwned", "`id`", "a  b", "*", "", "--", "'\"\\"]
        let bench = Bench()
        bench.run([script] + arguments)
        #expect(await bench.isDone())
        #expect(folder.text("arguments") == arguments.map { $0 + "\n" }.joined())
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/pwned"))
    }

    @Test func aProgramIsFoundByPath() async {
        let bench = Bench()
        bench.run(["true"])
        #expect(await bench.isDone())
        #expect(bench.logged == [] && bench.runner.statistics.succeeded == 1)
    }

    @Test func whatCannotBeStartedIsToldInPlainWords() async throws {
        let folder = try TemporaryFolder()
        let locked = try folder.script("locked", "#!/bin/sh\n", mode: 0o644)
        let bare = try folder.script("bare", "echo hello\n")
        let bench = Bench()
        bench.run(["\(folder.path)/missing"])
        bench.run(["scenewatch-no-such-program"])
        bench.run([locked])
        bench.run([bare])
        bench.run([])
        bench.run(["true", "a\0b"])
        #expect(await bench.isDone())
        let path = folder.path
        let about = about + "is not run: "
        let missing = [
            "there is no \"scenewatch-no-such-program\" in the daemon's PATH; write its whole path",
            // Where a folder of PATH may not be entered, the system says that instead.
            "\"scenewatch-no-such-program\" may not be executed by the daemon's user; chmod +x it, and look at its folders",
        ]
        var logged = bench.logged
        #expect(logged.count == 6)
        if logged.count > 1 { #expect(missing.map { about + $0 }.contains(logged.remove(at: 1))) }
        #expect(
            logged == [
                about + "there is no \"\(path)/missing\", or not the interpreter that its first line names",
                about + "\"\(locked)\" may not be executed by the daemon's user; chmod +x it, and look at its folders",
                about + "\"\(bare)\" is no program; a script begins with a line like #!/bin/sh",
                about + "no program is named",
                about + "an argument or a variable has a NUL character in it, which no program can be given",
            ]
        )
        #expect(bench.runner.statistics.failed == 6)
    }

    @Test func endingsAndLastWordsAreTold() async {
        let bench = Bench()
        bench.shell("echo nobody hears this; echo cannot connect >&2; printf '\\033[1mreally' >&2; exit 3")
        bench.shell("kill -SEGV $$")
        bench.shell("for i in $(seq 25); do echo $i >&2; done")
        #expect(await bench.isDone())
        let numbers = (1...20).map { about + "says: \($0)" }
        #expect(
            bench.logged == [
                about + "says: cannot connect", about + "says:  [1mreally", about + "exited with status 3",
                about + "was killed by signal 11 (Segmentation fault)",
            ] + numbers + [about + "said 5 lines more"]
        )
        #expect(bench.runner.statistics.failed == 2 && bench.runner.statistics.succeeded == 1)
    }

    @Test func whoeverDoesNotReadBlocksNobody() async {
        let bench = Bench()
        let large = Data(repeating: 0x78, count: 1 << 20)
        bench.shell("exec sleep 0.3", camera: "one", payload: Data(repeating: 0x78, count: 60 << 10))
        bench.shell("exec sleep 0.3", camera: "two", payload: large)
        // Nobody can read what is still to be written: SIGPIPE.
        bench.shell("exec <&-; sleep 0.3", camera: "three", payload: large)
        bench.shell("head -c 100000 >/dev/null", camera: "four", payload: large)
        #expect(await bench.isDone())
        #expect(bench.logged == [] && bench.runner.statistics.succeeded == 4)
    }

    @Test func aLargePayloadArrives() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        bench.shell("sleep 0.1; wc -c >\(folder.path)/count", payload: Data(repeating: 0x78, count: 1 << 20))
        #expect(await bench.isDone())
        #expect(folder.text("count").trimmingCharacters(in: .whitespacesAndNewlines) == "\(1 << 20 + 1)")
    }

    @Test func aFloodOfErrorsIsEnded() async {
        let bench = Bench()
        bench.shell("exec yes >&2", timeout: .seconds(3))
        #expect(await bench.isDone())
        #expect(bench.logged.filter { $0.contains("says:") }.count == 20)
        #expect(bench.logged.contains(about + "took longer than 3 s, and is ended"))
        #expect(bench.logged.last?.hasSuffix("lines more") == true)
    }

    @Test func afterItsTimeAHookIsEndedWithItsChildren() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        bench.shell(
            """
            trap '' TERM
            sh -c 'trap "" TERM; echo $$ >\(folder.path)/child; while :; do sleep 1; done' >/dev/null 2>&1 &
            echo $$ >\(folder.path)/leader
            while :; do sleep 1; done
            """,
            timeout: .seconds(5)
        )
        #expect(await bench.isDone())
        #expect(!folder.text("leader").isEmpty && !folder.text("child").isEmpty)
        #expect(await eventually { !folder.isAlive("leader") && !folder.isAlive("child") })
        #expect(
            bench.logged == [
                about + "took longer than 5 s, and is ended", about + "did not end on SIGTERM, and is killed",
            ]
        )
        #expect(bench.runner.statistics.timedOut == 1 && bench.runner.statistics.failed == 1)
    }

    @Test func whatIsAskedToEndMayFinish() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        // The leader dies at once; its child puts a file in order first.
        bench.shell(
            """
            sh -c 'trap "sleep 0.3; echo done >\(folder.path)/file; exit" TERM; echo ready >\(folder.path)/ready
            while :; do sleep 0.05; done' &
            wait
            """,
            timeout: .seconds(5)
        )
        #expect(await bench.isDone())
        #expect(folder.text("file") == "done\n")
        // A shell may say that it was terminated.
        #expect(bench.logged.first == about + "took longer than 5 s, and is ended")
        #expect(!bench.logged.contains { $0.hasSuffix("is killed") })
    }

    @Test func whatAHookLeavesBehindIsEnded() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        bench.shell("sleep 1000 & echo $! >\(folder.path)/child")
        #expect(await bench.isDone())
        #expect(await eventually { !folder.isAlive("child") })
        #expect(bench.logged == [] && bench.runner.statistics.succeeded == 1)
    }

    @Test func neverMoreThanTheLimitRun() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/now", withIntermediateDirectories: true)
        let bench = Bench(limit: 4, capacity: 256)
        for number in 0..<200 {
            bench.shell(
                "cd \(folder.path)/now && : >$$ && set -- * && echo $# >>../counts && sleep 0.01 && rm $$",
                camera: "camera-\(number)"
            )
        }
        #expect(await bench.isDone())
        let counts = folder.lines("counts").compactMap { Int($0) }
        #expect(counts.count == 200 && counts.allSatisfy { (1...4).contains($0) } && (counts.max() ?? 0) > 1)
        #expect(bench.runner.statistics.succeeded == 200 && bench.logged == [])
    }

    @Test func hooksOfOneCameraKeepTheirOrder() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench()
        for number in 1...30 {
            // The later, the faster.
            bench.shell("sleep 0.0\(number < 10 ? 2 : 0); echo \(number) >>\(folder.path)/one", camera: "one")
            bench.shell("echo \(number) >>\(folder.path)/two", camera: "two")
        }
        #expect(await bench.isDone())
        let numbers = (1...30).map(String.init)
        #expect(folder.lines("one") == numbers && folder.lines("two") == numbers)
    }

    @Test func offeringNeverWaitsAndTheOldestGo() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench(limit: 1, capacity: 3)
        bench.shell("while ! [ -e \(folder.path)/go ]; do sleep 0.02; done")
        for number in 1...1000 { bench.shell("echo \(number) >>\(folder.path)/run") }
        // The first is still running.
        #expect(bench.runner.statistics.waiting == 3 && bench.runner.statistics.dropped == 997)
        try folder.script("go", "")
        #expect(await bench.isDone())
        #expect(folder.lines("run") == ["998", "999", "1000"])
        #expect(
            bench.logged == [
                about + "is given up: 3 newer ones wait, since hooks do not end as fast as events come",
                "warning: hooks keep up again; 997 were given up",
            ]
        )
    }

    @Test func noDescriptorAndNoSignalSettingReachesAHook() async throws {
        let folder = try TemporaryFolder()
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        #expect(fcntl(leak, F_GETFD) == 0)
        let bench = Bench()
        bench.shell(
            "ls /proc/self/fd >\(folder.path)/descriptors; grep -E 'Sig(Blk|Ign)' /proc/self/status >\(folder.path)/signals"
        )
        #expect(await bench.isDone())
        // 3 is ls's own, of the folder.
        #expect(folder.lines("descriptors") == ["0", "1", "2", "3"])
        let signals = folder.lines("signals")
        #expect(signals.count == 2)
        for line in signals {
            let bits = line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
            // Those from 32 on are the C library's own.
            #expect(bits.map { $0 & 0x7FFF_FFFF } == 0, "\(line)")
        }
    }
}
