import Configuration
import EventSocket
import Foundation
import Imaging
import Synchronization

/// A view of a running daemon in a terminal, drawn anew whenever something is shown to it. From any thread.
public final class LiveView: Sendable {
    private struct Contents: ~Copyable {
        var state: LiveState
        var screen: TerminalScreen
        var isClosed = false
        var isSuspended = false
    }

    private let contents: Mutex<Contents>
    private let terminal: Terminal
    private let descriptor: Int32

    /// A view that draws nothing before it is shown something.
    ///
    /// - Parameters:
    ///   - descriptor: of the terminal.
    ///   - conditions: what starts each trigger, by its name.
    public init(terminal: Terminal, descriptor: Int32, title: String, conditions: [String: Condition]) {
        self.terminal = terminal
        self.descriptor = descriptor
        let state = LiveState(title: title, conditions: conditions)
        contents = Mutex(Contents(state: state, screen: TerminalScreen(descriptor: descriptor)))
    }

    /// How wide a picture is worth fetching, in pixels; nil where none can be shown.
    public var pictureWidth: Int? {
        guard terminal.colours != .none, let size = Terminal.size(of: descriptor) else { return nil }
        return min(max(size.columns * 2, Snapshot.widths.lowerBound), Snapshot.widths.upperBound)
    }

    /// Shows how the triggers stand.
    public func show(_ states: [TriggerState], clock: String) {
        update { state in
            state.update(states)
            state.clock = clock
        }
    }

    /// Shows what a camera shows; a JPEG that cannot be decoded is passed over.
    public func show(_ snapshot: Snapshot) {
        var picture = Picture()
        guard (try? JPEGDecoder().decode([UInt8](snapshot.jpeg), into: &picture)) != nil else { return }
        update { $0.picture = picture }
    }

    /// Adds a line about something that happened.
    public func tell(_ line: String) {
        update { $0.tell(line) }
    }

    /// Gives the terminal back. Nothing is drawn any more.
    public func close() {
        contents.withLock { contents in
            contents.isClosed = true
            contents.screen.close()
        }
    }

    /// Gives the terminal back until ``resume()``. What is shown meanwhile is drawn then.
    public func suspend() {
        contents.withLock { contents in
            contents.isSuspended = true
            contents.screen.close()
        }
    }

    /// Draws all of the page anew, whatever is on the terminal now.
    public func resume() {
        contents.withLock { contents in
            contents.isSuspended = false
            contents.screen.close()
        }
        update { _ in }
    }

    private func update(_ change: (inout LiveState) -> Void) {
        let size = Terminal.size(of: descriptor) ?? Terminal.Size(columns: 80, rows: 24)
        contents.withLock { contents in
            change(&contents.state)
            guard !contents.isClosed, !contents.isSuspended, Terminal.isOurs(descriptor) else { return }
            contents.screen.draw(LivePage.lines(contents.state, size: size, colours: terminal.colours), size: size)
        }
    }
}
