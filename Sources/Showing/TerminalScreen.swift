import Foundation

/// Pages on a terminal, on its alternate screen, so that what was there before is there again afterwards. Only lines that
/// have changed are written, each over its old self: nothing flickers.
package struct TerminalScreen: ~Copyable {
    private let descriptor: Int32
    private var shown: [String] = []
    private var size: Terminal.Size?
    private var isOpen = false
    /// How the terminal took input before the page was opened; nil where it is none.
    private var input: termios?

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { giveBack() }
    }

    // DEC private modes: 1049 the alternate screen, 25 the cursor, 2026 changes shown together.
    private static let opening = "\u{1B}[?1049h\u{1B}[?25l"
    private static let closing = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    /// Shows the page of a size; all of it where the size has changed.
    package mutating func draw(_ lines: [String], size: Terminal.Size) {
        var text = "\u{1B}[?2026h"
        if !isOpen {
            text += Self.opening
            input = Self.silence(descriptor)
        }
        isOpen = true
        text += Self.changes(from: self.size == size ? shown : nil, to: lines)
        write(text + "\u{1B}[?2026l")
        shown = lines
        self.size = size
    }

    /// What makes a screen that shows `old` show `new`; where `old` is nil, one that shows anything.
    package static func changes(from old: [String]?, to new: [String]) -> String {
        var text = old == nil ? "\u{1B}[2J" : ""
        for (row, line) in new.enumerated() where old == nil || row >= (old?.count ?? 0) || old?[row] != line {
            // Erased before it is written: behind a line that fills its row, some terminals would erase its last cell.
            text += "\u{1B}[\(row + 1);1H\u{1B}[K\(line)"
        }
        if let old, old.count > new.count { text += "\u{1B}[\(new.count + 1);1H\u{1B}[J" }
        return text
    }

    /// Gives the terminal back as it was.
    package mutating func close() {
        if isOpen { giveBack() }
        isOpen = false
        shown = []
        size = nil
    }

    private func giveBack() {
        write(Self.closing)
        // What was typed into the page is thrown away: it was not meant for the shell.
        if var input { tcsetattr(descriptor, TCSAFLUSH, &input) }
    }

    /// What is typed shall not stand in the page. Ctrl-C and its like go on to work.
    ///
    /// - Returns: how it was before; nil where the descriptor is no terminal.
    private static func silence(_ descriptor: Int32) -> termios? {
        var before = termios()
        guard tcgetattr(descriptor, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON)
        tcsetattr(descriptor, TCSANOW, &silent)
        return before
    }

    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 { rest = rest.dropFirst(written) } else if errno != EINTR { return }
        }
    }
}
