import CVideo
import Foundation

/// A program that was started in a process group of its own, with its standard output and error on pipes.
///
/// The leader is not reaped before ``end(patience:onError:)`` has killed the group: as long as it is a zombie, its
/// number, which is also the group's, cannot go to a stranger. Should this process be killed itself, nobody kills the
/// group (PR_SET_PDEATHSIG cannot be had by posix_spawn); its members get SIGPIPE when they next write.
final class ChildProcess {
    enum Ending: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It had to be ended by us.
        case forced
    }

    /// Its standard output, our end: does not block.
    let output: Int32
    /// Its standard error; -1 once it is closed.
    private(set) var errorOutput: Int32
    private let processID: pid_t

    init(_ arguments: [String]) throws(SourceLost) {
        guard let program = arguments.first, !program.isEmpty else { throw SourceLost("the command is empty") }
        // A good camera's picture does not fit in the usual 64 KiB.
        let (output, outputEnd) = try Self.makePipe(capacity: 1 << 20)
        let (errorOutput, errorEnd): (Int32, Int32)
        do throws(SourceLost) {
            (errorOutput, errorEnd) = try Self.makePipe()
        } catch {
            close(output)
            close(outputEnd)
            throw error
        }
        var processID: pid_t = 0
        let code = Self.spawn(program, arguments, output: outputEnd, errorOutput: errorEnd, &processID)
        close(outputEnd)
        close(errorEnd)
        guard code == 0 else {
            close(output)
            close(errorOutput)
            throw SourceLost(cannot: "start \"\(program)\"", code: code)
        }
        self.output = output
        self.errorOutput = errorOutput
        self.processID = processID
    }

    /// The reading and the writing end.
    private static func makePipe(capacity: Int32 = 0) throws(SourceLost) -> (Int32, Int32) {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        let code = cvideo_pipe(&reading, &writing, capacity)
        guard code == 0 else { throw SourceLost(cannot: "make a pipe", code: code) }
        return (reading, writing)
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        output: Int32,
        errorOutput: Int32,
        _ processID: inout pid_t
    ) -> Int32 {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        var argumentPointers = arguments.map { strdup($0) } + [nil]
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
            for pointer in argumentPointers { free(pointer) }
        }
        var noSignals = sigset_t()
        var allSignals = sigset_t()
        sigemptyset(&noSignals)
        sigfillset(&allSignals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
        cvideo_close_from(&actions, 3)
        return posix_spawnp(
            &processID,
            program,
            &actions,
            &attributes,
            &argumentPointers,
            cvideo_environment()
        )
    }

    /// Whether the program has exited, with its children perhaps living on.
    var hasExited: Bool {
        var information = siginfo_t()
        let result = retryingInterrupts {
            waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT)
        }
        // ECHILD: SIGCHLD is ignored in this process, and the kernel has reaped the child.
        return result != 0 || information.si_signo != 0
    }

    /// Reads what there is on standard error, and closes it at its end.
    func readErrors(_ onError: (UnsafeRawBufferPointer) -> Void) {
        guard errorOutput >= 0 else { return }
        if Self.drain(errorOutput, onError) == .ended {
            close(errorOutput)
            errorOutput = -1
        }
    }

    /// Waits for the program's end, helps along with SIGTERM after `patience` and SIGKILL one second later, kills what
    /// is left of its group, and reaps it. To be called once.
    func end(patience: Duration, onError: (UnsafeRawBufferPointer) -> Void) -> Ending {
        var isForced = false
        if !isOver(within: patience, onError) {
            isForced = !hasExited
            kill(-processID, SIGTERM)
            _ = isOver(within: .seconds(1), onError)
        }
        kill(-processID, SIGKILL)
        let status = reap()
        close(output)
        if errorOutput >= 0 { close(errorOutput) }
        if isForced { return .forced }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }

    /// Whether within the time given the program exits and nobody holds its output and error open any more, which is
    /// the nearest to "the group is empty" that can be told while the leader is not reaped.
    private func isOver(within patience: Duration, _ onError: (UnsafeRawBufferPointer) -> Void) -> Bool {
        let deadline = monotonicNow() + patience
        var isOutputOpen = true
        while true {
            if isOutputOpen { isOutputOpen = Self.drain(output) { _ in } != .ended }
            readErrors(onError)
            if !isOutputOpen, errorOutput < 0, hasExited { return true }
            let remaining = deadline - monotonicNow()
            guard remaining > .zero else { return false }
            _ = pollInput(isOutputOpen ? output : -1, errorOutput, limit: min(remaining, .milliseconds(20)))
        }
    }

    private enum Draining {
        case ended
        case open
    }

    private static func drain(_ descriptor: Int32, _ onBytes: (UnsafeRawBufferPointer) -> Void) -> Draining {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            // Bounded, as a program may write faster than it is read.
            for _ in 0..<16 {
                let count = retryingInterrupts { read(descriptor, buffer.baseAddress, buffer.count) }
                if count == 0 || count < 0 && errno != EAGAIN { return .ended }
                if count < 0 { break }
                onBytes(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return .open
        }
    }

    /// The program was sent SIGKILL. Should it not die of it (it waits for a dead file server, say), somebody else
    /// waits for it.
    private func reap() -> Int32 {
        let deadline = monotonicNow() + .milliseconds(500)
        while !hasExited {
            if monotonicNow() >= deadline {
                let processID = processID
                Thread.detachNewThread { _ = retryingInterrupts { waitpid(processID, nil, 0) } }
                return SIGKILL
            }
            _ = pollInput(-1, -1, limit: .milliseconds(5))
        }
        var status: Int32 = 0
        _ = retryingInterrupts { waitpid(processID, &status, 0) }
        return status
    }
}
