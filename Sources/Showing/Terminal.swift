import Foundation

/// What a terminal can do.
public struct Terminal: Sendable, Equatable {
    /// The colours that it has.
    public enum Colours: Sendable, Equatable {
        case none
        /// The 256 of xterm.
        case indexed
        /// Any, in 24 bits.
        case direct
    }

    /// In cells.
    public struct Size: Sendable, Equatable {
        /// Cells in a row.
        public var columns: Int
        /// Rows.
        public var rows: Int

        /// A size.
        public init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// Its colours.
    public var colours: Colours
    /// Whether a cursor can be moved about on it.
    public var isAddressable: Bool

    /// - Parameters:
    ///   - environment: `TERM`, `COLORTERM`, `NO_COLOR` (<https://no-color.org>).
    ///   - isTerminal: whether what is written to is a terminal at all.
    public init(environment: [String: String], isTerminal: Bool) {
        let kind = environment["TERM"] ?? ""
        isAddressable = isTerminal && !kind.isEmpty && kind != "dumb"
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        if !isAddressable || isPlain {
            colours = .none
        } else if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") || Self.isDirect(kind) {
            colours = .direct
        } else {
            colours = Self.isIndexed(kind) ? .indexed : .none
        }
    }

    // COLORTERM does not travel by ssh; TERM does.
    private static func isDirect(_ kind: String) -> Bool {
        kind.hasSuffix("-direct")
            || ["kitty", "foot", "alacritty", "wezterm", "ghostty"].contains { kind.contains($0) }
    }

    /// Whether it knows the 256 colours: what calls itself xterm, screen or tmux has long known them, and the kernel's own
    /// console takes the nearest of its sixteen.
    private static func isIndexed(_ kind: String) -> Bool {
        kind.contains("256") || ["xterm", "screen", "tmux", "linux"].contains { kind.hasPrefix($0) }
    }

    /// Whether this program may write to the terminal behind a descriptor as it likes: false while it runs in the
    /// background of a shell.
    static func isOurs(_ descriptor: Int32) -> Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }

    /// The size of the terminal behind a descriptor; nil when it is none, or does not know.
    public static func size(of descriptor: Int32) -> Size? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return nil
        }
        return Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}
