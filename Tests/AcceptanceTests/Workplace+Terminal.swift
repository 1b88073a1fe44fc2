import Foundation

extension Workplace {
    /// Runs a command on a pseudoterminal of 100 × 40 cells. `typing` is what it must have shown, all parts between
    /// `|`, before a key is typed, one after the other. Ctrl-Z stops it, and it is let go on.
    func runOnTerminal(
        _ command: String,
        typing: [(awaited: String, key: String)] = []
    ) async throws -> Program.Outcome {
        let script = """
            import fcntl, os, pty, select, signal, struct, sys, termios
            pid, fd = pty.fork()
            if pid == 0:
                os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
                os.environ.pop("NO_COLOR", None)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
                os.execvp("/bin/sh", ["/bin/sh", "-c", "exec " + sys.argv[1]])
            shown, begin, steps = b"", 0, sys.argv[2:]
            def typed():
                flags = termios.tcgetattr(fd)[3] & (termios.ECHO | termios.ICANON)
                return {0: "silent", termios.ECHO | termios.ICANON: "as before"}.get(flags, "odd")
            while True:
                try:
                    data = os.read(fd, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data
                if not steps or not all(part.encode() in shown[begin:] for part in steps[0].split("|")):
                    continue
                begin, key, steps = len(shown), steps[1], steps[2:]
                before = typed()
                os.write(fd, key.encode())
                if key == "\\x1a":
                    while os.waitpid(pid, os.WUNTRACED | os.WNOHANG) == (0, 0):
                        if select.select([fd], [], [], 0.02)[0]:
                            shown += os.read(fd, 65536)
                    print(f"shown: {before}, stopped: {typed()}", file=sys.stderr)
                    begin = len(shown)
                    os.kill(pid, signal.SIGCONT)
            sys.stdout.buffer.write(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        try write(Data(script.utf8), as: "terminal.py")
        let steps = typing.flatMap { [$0.awaited, $0.key] }
        return try await run("/usr/bin/env", ["python3", path("terminal.py"), command] + steps)
    }
}
