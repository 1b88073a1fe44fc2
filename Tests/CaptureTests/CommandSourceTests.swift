import Capture
import Foundation
import Testing

@Suite struct CommandSourceTests {
    private static func shell(_ script: String) -> FrameSource { .command(["/bin/sh", "-c", script]) }

    private static let picture = Pictures.printf(Pictures.tiny(1))

    /// Whether a process with this number in this text file is alive, and no zombie.
    private func isAlive(_ path: String) -> Bool {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let number = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
        else { return false }
        return !status.contains(") Z ")
    }

    @Test func framesComeAsTheyArePrinted() async {
        let recording = Recording(Self.shell("while :; do \(Self.picture); sleep 0.01; done"))
        #expect(await recording.waits { $0.frames.count >= 5 })
        recording.camera.stop()
        #expect(recording.frames.allSatisfy { $0.bytes == Pictures.tiny(1) && $0.format == .jpeg })
        #expect(recording.frames.map(\.sequence) == (0..<UInt64(recording.frames.count)).map { $0 })
        #expect(recording.notices == [.opened("JPEG from \"/bin/sh\"")])
    }

    @Test func anExitIsToldWithTheLastWordsAndRetried() async {
        let recording = Recording(Self.shell("\(Self.picture); echo first >&2; echo 'no such camera' >&2; exit 3"))
        #expect(await recording.waits { $0.frames.count >= 2 })
        recording.camera.stop()
        #expect(recording.reasons.first == "\"/bin/sh\" exited with status 3: no such camera")
        #expect(recording.complaints == ["\"/bin/sh\" says: first", "\"/bin/sh\" says: no such camera"])
        #expect(recording.camera.counters.reopened >= 1)
    }

    @Test func aSignalIsTold() async {
        let recording = Recording(Self.shell("kill -SEGV $$"))
        #expect(await recording.waits { !$0.reasons.isEmpty })
        recording.camera.stop()
        #expect(recording.reasons == ["\"/bin/sh\" was killed by signal 11 (Segmentation fault)"])
    }

    @Test func aMissingProgramIsToldOnceAndRetried() async {
        let recording = Recording(.command(["ffmpegg", "-i", "x"]))
        #expect(await recording.waits { $0.camera.counters.reopened >= 2 })
        recording.camera.stop()
        // Where a folder of PATH may not be entered, the system says that instead.
        let reasons = ["No such file or directory", "Permission denied"].map { ["cannot start \"ffmpegg\": \($0)"] }
        #expect(reasons.contains(recording.reasons))
        let empty = Recording(.command([]))
        #expect(await empty.waits { $0.reasons == ["the command is empty"] })
        empty.camera.stop()
    }

    @Test func aClosedOutputIsTold() async {
        let recording = Recording(Self.shell("exec >&-; exec sleep 1000"))
        #expect(await recording.waits { !$0.reasons.isEmpty })
        recording.camera.stop()
        #expect(recording.reasons == ["\"/bin/sh\" closed its standard output"])
    }

    @Test func aProgramThatPrintsSomethingElseIsToldSo() async {
        let recording = Recording(.command(["/bin/sh", "-c", "yes '\"RIFF' "]))
        #expect(await recording.waits { !$0.complaints.isEmpty })
        recording.camera.stop()
        #expect(recording.complaints.count == 1)
        #expect(recording.complaints.first?.hasPrefix("\"/bin/sh\" prints no JPEG (saw ") == true)
        #expect(recording.complaints.first?.contains("bytes starting \"\\x22RIFF\\x0a\\x22RIFF") == true)
        #expect(recording.frames.isEmpty)
    }

    @Test func progressAndRepeatedLinesAreNotComplaints() async {
        let script = """
            printf 'frame=1\\rframe=2\\rframe=3\\r\\n' >&2
            for i in 1 2 3; do printf '[mjpeg @ 0x55%d1] overread %d\\n' $i $i >&2; done
            \(Self.picture); exec sleep 1000
            """
        let recording = Recording(Self.shell(script))
        #expect(await recording.waits { !$0.frames.isEmpty && $0.complaints.count >= 2 })
        recording.camera.stop()
        #expect(
            recording.complaints == ["\"/bin/sh\" says: frame=3", "\"/bin/sh\" says: [mjpeg @ 0x5511] overread 1"]
        )
    }

    @Test func stopEndsAStubbornProgramAndItsChildren() async throws {
        let folder = try TemporaryFolder()
        let script = """
            trap '' TERM
            sh -c 'trap "" TERM; echo $$ >\(folder.path)/child; while :; do sleep 1; done' >/dev/null 2>&1 &
            echo $$ >\(folder.path)/leader
            while :; do \(Self.picture); sleep 0.05; done
            """
        let recording = Recording(Self.shell(script))
        let files = [folder.path + "/leader", folder.path + "/child"]
        #expect(await recording.waits { _ in files.allSatisfy(isAlive) })
        let start = monotonicNow()
        recording.camera.stop()
        // Two seconds are promised; a busy machine gets more.
        #expect(monotonicNow() - start < .seconds(10))
        #expect(await eventually { !files.contains(where: isAlive) })
    }

    @Test func childrenDieWithTheirLeader() async throws {
        let folder = try TemporaryFolder()
        // The leader exits; its child holds the pipes open and would sleep on.
        let recording = Recording(Self.shell("sleep 1000 & echo $! >\(folder.path)/child; \(Self.picture); sleep 0.2"))
        #expect(await recording.waits { !$0.reasons.isEmpty })
        let reasons = recording.reasons
        recording.camera.stop()
        #expect(reasons.first == "\"/bin/sh\" exited with status 0")
        #expect(await eventually { !isAlive(folder.path + "/child") })
    }

    @Test func aProgramGetsDefaultSignalsAndOnlyItsThreeDescriptors() async {
        signal(SIGPIPE, SIG_IGN)
        let script = "ls /proc/self/fd | tr '\\n' ' ' >&2; echo >&2; grep -E 'Sig(Blk|Ign)' /proc/self/status >&2"
        let recording = Recording(Self.shell(script))
        #expect(await recording.waits { !$0.reasons.isEmpty })
        recording.camera.stop()
        // 3 is ls's own, of the folder.
        #expect(recording.complaints.first == "\"/bin/sh\" says: 0 1 2 3 ")
        for name in ["SigBlk", "SigIgn"] {
            let line = recording.complaints.first { $0.contains(name) }
            let signals = line?.split(separator: " ").last.flatMap { UInt64($0, radix: 16) }
            // Those from 32 on are the C library's own.
            #expect(signals.map { $0 & 0x7FFF_FFFF } == 0, "\(line ?? name)")
        }
    }
}
