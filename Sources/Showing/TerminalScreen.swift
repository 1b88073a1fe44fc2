import Foundation

/// Pages on a terminal, on its alternate screen, so that what was there before is there again afterwards. Only lines that
/// have changed are written, each over its old self: nothing flickers.
package struct TerminalScreen: ~Copyable {
    private let descriptor: Int32
    private var shown: [String] = []
    private var size: Terminal.Size?
    private var isOpen = false

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { write(Self.closing) }
    }

    // DEC private modes: 1049 the alternate screen, 25 the cursor, 2026 changes shown together.
    private static let opening = "\u{1B}[?1049h\u{1B}[?25l"
    private static let closing = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    /// Shows the page of a size; all of it where the size has changed.
    package mutating func draw(_ lines: [String], size: Terminal.Size) {
        var text = "\u{1B}[?2026h"
        if !isOpen { text += Self.opening }
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
            text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        if let old, old.count > new.count { text += "\u{1B}[\(new.count + 1);1H\u{1B}[J" }
        return text
    }

    /// Gives the terminal back as it was.
    package mutating func close() {
        if isOpen { write(Self.closing) }
        isOpen = false
        shown = []
        size = nil
    }

    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 { rest = rest.dropFirst(written) } else if errno != EINTR { return }
        }
    }
}
