import Foundation
import Logging

/// What the hooks' thread does: starts programs, feeds them, listens to them, and ends them.
struct HookLoop: Sendable {
    let desk: HookDesk
    let logger: Logger

    private final class Entry {
        let job: HookJob
        let process: HookProcess
        var errors = HookErrorLines()
        /// Its end was told already, when it was terminated.
        var isTold = false
        private var pause = Duration.milliseconds(1)

        init(_ job: HookJob, _ process: HookProcess) {
            self.job = job
            self.process = process
        }

        /// How long to wait for the exit of one whose standard error is closed: as a rule that is microseconds away.
        func pauseAfterClosing() -> Duration {
            pause = min(pause * 2, HookLoop.longestPause)
            return pause
        }
    }

    /// A program that exits closes its pipes, which wakes poll(2). This is for one that lets others hold them open, or
    /// has closed them itself.
    static let longestPause = Duration.milliseconds(50)

    /// Returns when the desk is stopped and all hooks have ended.
    func run() {
        // A hook need not read what it is given. What is pending dies with the thread.
        var brokenPipe = sigset_t()
        sigemptyset(&brokenPipe)
        sigaddset(&brokenPipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)

        let variables = Self.ownVariables()
        var entries: [HookQueue.Run: Entry] = [:]
        while let (actions, pause) = desk.next() {
            for action in actions { perform(action, variables, &entries) }
            if !desk.hasActions { wait(for: entries, atMost: actions.isEmpty ? pause : .zero) }
            desk.takeWakes()
            for (run, entry) in entries.sorted(by: { $0.key < $1.key }) {
                entry.process.feedInput()
                listen(to: entry)
                guard entry.process.isOver else { continue }
                entries[run] = nil
                finish(run, entry)
            }
        }
        desk.threadEnds()
    }

    /// What every hook gets of this process's environment. The rest, a service manager's sockets or somebody's secrets,
    /// is not theirs.
    private static func ownVariables() -> [String: String] {
        let all = ProcessInfo.processInfo.environment
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        for name in ["PATH", "HOME", "LANG"] {
            if let value = all[name] { variables[name] = value }
        }
        return variables
    }

    private func perform(
        _ action: HookQueue.Action,
        _ variables: [String: String],
        _ entries: inout [HookQueue.Run: Entry]
    ) {
        switch action {
        case .start(let run, let job):
            do throws(HookNotStarted) {
                let environment = variables.merging(job.environment) { $1 }
                let process = try HookProcess(job.arguments, payload: job.payload, environment: environment)
                entries[run] = Entry(job, process)
            } catch {
                warn(job.source, "is not run: \(error)")
                desk.ended(run, succeeded: false)
            }
        case .terminate(let run, let source, let overdue):
            guard let entry = entries[run] else { return }
            entry.process.terminate()
            entry.isTold = true
            switch overdue {
            case .tookTooLong(let timeout): warn(source, "took longer than \(Self.words(timeout)), and is ended")
            case .stopping: warn(source, "is ended, as the daemon stops")
            }
        case .kill(let run, let source):
            guard let entry = entries[run] else { return }
            entry.process.destroy()
            warn(source, "did not end on SIGTERM, and is killed")
        case .abandon(let run, let source):
            guard let entry = entries.removeValue(forKey: run) else { return }
            entry.process.abandon()
            warn(source, "cannot be killed, and is left alone")
        case .reportOverload(let source, let waiting):
            warn(source, "is given up: \(waiting) newer ones wait, since hooks do not end as fast as events come")
        case .reportDropped(let count):
            logger.warning("hooks keep up again; \(count) were given up")
        case .reportUnstarted(let count):
            logger.warning("\(count) hooks that waited are not run, as the daemon stops")
        }
    }

    private func listen(to entry: Entry) {
        entry.process.readErrors { bytes in
            entry.errors.feed(bytes) { tell(entry, $0) }
        }
    }

    private func finish(_ run: HookQueue.Run, _ entry: Entry) {
        listen(to: entry)
        entry.errors.finish { tell(entry, $0) }
        if entry.errors.unshown > 0 { warn(entry.job.source, "said \(entry.errors.unshown) lines more") }
        let ending = entry.process.end()
        if !entry.isTold, let complaint = ending.complaint { warn(entry.job.source, complaint) }
        desk.ended(run, succeeded: ending.isSuccess)
    }

    private func tell(_ entry: Entry, _ line: String) {
        warn(entry.job.source, "says: \(line)")
    }

    private func warn(_ source: HookJob.Source, _ what: String) {
        logger.warning("\(source) \(what)")
    }

    /// "30 s", "0.5 s".
    private static func words(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }

    /// Waits for the desk, for a pipe, or for a while.
    private func wait(for entries: [HookQueue.Run: Entry], atMost pause: Duration?) {
        var descriptors = [pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)]
        var limit = pause
        for entry in entries.values {
            let process = entry.process
            if process.input >= 0 { descriptors.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0)) }
            if process.errorOutput >= 0 {
                descriptors.append(pollfd(fd: process.errorOutput, events: Int16(POLLIN), revents: 0))
            }
            let longest = process.errorOutput >= 0 ? Self.longestPause : entry.pauseAfterClosing()
            limit = min(limit ?? longest, longest)
        }
        // Rounded up, so that a wait does not end just before its deadline and then spin.
        let milliseconds = limit.map { Int32(min(($0 / .milliseconds(1)).rounded(.up), 3_600_000)) } ?? -1
        _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    }
}
