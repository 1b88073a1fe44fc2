import Foundation
import Showing
import Testing

@Suite("Terminal screen")
struct TerminalScreenTests {
    /// What is written to a screen.
    private func written(_ body: (Int32) -> Void) throws -> String {
        let path = "/tmp/screen-\(UUID().uuidString)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer {
            close(descriptor)
            unlink(path)
        }
        body(descriptor)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    private static let opening = "\u{1B}[?1049h\u{1B}[?25l"
    private static let closing = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"
    private static let wide = Terminal.Size(columns: 80, rows: 24)
    private static let narrow = Terminal.Size(columns: 40, rows: 24)

    @Test("it is opened once, written where it changes, wholly when its size does, and closed once")
    func order() throws {
        let text = try written { descriptor in
            var screen = TerminalScreen(descriptor: descriptor)
            screen.draw(["a", "b"], size: Self.wide)
            screen.draw(["a", "c"], size: Self.wide)
            screen.draw(["a", "c"], size: Self.narrow)
            screen.close()
            screen.close()
        }
        let expected = [
            "\u{1B}[?2026h\(Self.opening)\u{1B}[2J\u{1B}[1;1H\u{1B}[Ka\u{1B}[2;1H\u{1B}[Kb\u{1B}[?2026l",
            "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[Kc\u{1B}[?2026l",
            "\u{1B}[?2026h\u{1B}[2J\u{1B}[1;1H\u{1B}[Ka\u{1B}[2;1H\u{1B}[Kc\u{1B}[?2026l",
            Self.closing,
        ]
        #expect(text == expected.joined())
    }

    @Test("after it was closed it is opened again, and drawn anew; one that is let go is closed")
    func again() throws {
        let text = try written { descriptor in
            var screen = TerminalScreen(descriptor: descriptor)
            screen.draw(["a"], size: Self.wide)
            screen.close()
            screen.draw(["a"], size: Self.wide)
        }
        let once =
            "\u{1B}[?2026h\(Self.opening)\u{1B}[2J\u{1B}[1;1H\u{1B}[Ka\u{1B}[?2026l\(Self.closing)"
        #expect(text == once + once)
        #expect(try written { _ = TerminalScreen(descriptor: $0) } == "")
    }

    @Test("while it is open, what is typed is not shown; afterwards all is as it was")
    func typing() throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(terminal >= 0)
        defer { close(terminal) }
        // pts(4): TIOCSPTLCK unlocks the other end, TIOCGPTN has its number. Swift knows neither.
        var (lock, number): (Int32, Int32) = (0, 0)
        try #require(ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0)
        let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        func flags() -> tcflag_t {
            var attributes = termios()
            #expect(tcgetattr(descriptor, &attributes) == 0)
            return attributes.c_lflag
        }
        let before = flags()
        #expect(before & tcflag_t(ECHO) != 0 && before & tcflag_t(ICANON) != 0)
        var screen = TerminalScreen(descriptor: descriptor)
        for _ in 0..<2 {
            screen.draw(["a"], size: Self.wide)
            #expect(flags() & tcflag_t(ECHO | ICANON) == 0)
            // Ctrl-C is still one.
            #expect(flags() & tcflag_t(ISIG) != 0)
            screen.draw(["b"], size: Self.narrow)
            screen.close()
            #expect(flags() == before)
        }
    }
}
