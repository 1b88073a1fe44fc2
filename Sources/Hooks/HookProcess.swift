import CSpawn
import Foundation

/// A hook's program, running in a process group of its own, with its standard input and error on pipes.
///
/// Nothing here waits: the pipes do not block, and whoever owns it polls. The leader is not reaped before its group was
/// killed: as long as it is a zombie, its number, which is also the group's, cannot go to a stranger.
final class HookProcess {
    /// Our end of its standard input; -1 once all is written or nobody reads.
    private(set) var input: Int32
    /// Our end of its standard error; -1 once it is closed.
    private(set) var errorOutput: Int32
    private let processID: pid_t
    private let payload: Data
    private var written = 0
    private var wasTerminated = false

    init(_ arguments: [String], payload: Data, environment: [String: String]) throws(HookNotStarted) {
        guard let program = arguments.first, !program.isEmpty else { throw HookNotStarted("no program is named") }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        guard !(arguments + variables).contains(where: { $0.utf8.contains(0) }) else {
            throw HookNotStarted("an argument or a variable has a NUL character in it, which no program can be given")
        }
        let (inputEnd, input) = try Self.makePipe()
        let (errorOutput, errorEnd): (Int32, Int32)
        do throws(HookNotStarted) {
            (errorOutput, errorEnd) = try Self.makePipe()
        } catch {
            close(inputEnd)
            close(input)
            throw error
        }
        var processID: pid_t = 0
        let code = Self.spawn(arguments, variables, input: inputEnd, errorOutput: errorEnd, &processID)
        close(inputEnd)
        close(errorEnd)
        guard code == 0 else {
            close(input)
            close(errorOutput)
            throw HookNotStarted(program, code: code)
        }
        cspawn_set_nonblocking(input)
        cspawn_set_nonblocking(errorOutput)
        self.input = input
        self.errorOutput = errorOutput
        self.processID = processID
        self.payload = payload
    }

    /// The reading and the writing end.
    private static func makePipe() throws(HookNotStarted) -> (Int32, Int32) {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        let code = cspawn_pipe(&reading, &writing)
        guard code == 0 else { throw HookNotStarted("no pipe can be made for it: \(String(cString: strerror(code)))") }
        return (reading, writing)
    }

    private static func spawn(
        _ arguments: [String],
        _ variables: [String],
        input: Int32,
        errorOutput: Int32,
        _ processID: inout pid_t
    ) -> Int32 {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        var argumentPointers = arguments.map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup($0) } + [nil]
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
            for pointer in argumentPointers + variablePointers { free(pointer) }
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
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
        cspawn_close_from(&actions, 3)
        return posix_spawnp(&processID, arguments[0], &actions, &attributes, &argumentPointers, &variablePointers)
    }

    /// Writes what the pipe takes, and closes it when all is written or nobody reads. The thread must not get SIGPIPE.
    func feedInput() {
        guard input >= 0 else { return }
        let result = payload.withUnsafeBytes { bytes -> Int in
            let rest = bytes[written...]
            guard !rest.isEmpty else { return 0 }
            return retryingInterrupts { write(input, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count) }
        }
        if result < 0, errno == EAGAIN { return }
        written += max(0, result)
        if result < 0 || written == payload.count { closeInput() }
    }

    /// Reads what there is on standard error, and closes it at its end.
    func readErrors(_ onBytes: (UnsafeRawBufferPointer) -> Void) {
        guard errorOutput >= 0 else { return }
        let hasEnded = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            // Bounded, as a program may write faster than it is read.
            for _ in 0..<16 {
                let count = retryingInterrupts { read(errorOutput, buffer.baseAddress, buffer.count) }
                if count == 0 || count < 0 && errno != EAGAIN { return true }
                if count < 0 { return false }
                onBytes(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return false
        }
        if hasEnded { closeErrors() }
    }

    /// What waitid(2) says; 0 also when the program still runs.
    private func waitWithoutReaping(_ information: inout siginfo_t) -> Int32 {
        retryingInterrupts { waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT) }
    }

    /// Whether the program has exited, with its children perhaps living on.
    private var hasExited: Bool {
        var information = siginfo_t()
        return waitWithoutReaping(&information) != 0 || information.si_signo != 0
    }

    /// Whether it is time for ``end()``. One that was sent SIGTERM is not over while something of it, perhaps busy with
    /// putting a file in order, holds its standard error open, which is the nearest to "the group is empty" that can be
    /// told while the leader is not reaped.
    var isOver: Bool { hasExited && (!wasTerminated || errorOutput < 0) }

    /// Asks it and all that it has started to end.
    func terminate() {
        wasTerminated = true
        kill(-processID, SIGTERM)
    }

    /// Ends it and all that it has started, whether they will or not.
    func destroy() {
        wasTerminated = false
        kill(-processID, SIGKILL)
    }

    /// Kills what is left of its group, reaps the leader, and closes the pipes. To be called once, when it ``isOver``.
    func end() -> HookEnding {
        closeInput()
        closeErrors()
        // Without SIGCHLD the kernel reaps the leader at once, and the number may be another's by now.
        var information = siginfo_t()
        guard waitWithoutReaping(&information) == 0 else { return .unknown }
        kill(-processID, SIGKILL)
        var status: Int32 = 0
        guard retryingInterrupts({ waitpid(processID, &status, 0) }) == processID else { return .unknown }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }

    /// Nobody waits any longer for one that does not die: a thread of its own does.
    func abandon() {
        closeInput()
        closeErrors()
        let processID = processID
        Thread.detachNewThread { _ = retryingInterrupts { waitpid(processID, nil, 0) } }
    }

    private func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    private func closeErrors() {
        if errorOutput >= 0 { close(errorOutput) }
        errorOutput = -1
    }
}

/// Calls again what a signal interrupted.
func retryingInterrupts<Number: FixedWidthInteger & SignedInteger>(_ call: () -> Number) -> Number {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
