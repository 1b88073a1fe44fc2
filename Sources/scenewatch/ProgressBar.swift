import Foundation
import Showing

/// Shows on standard error how far something has come, where that is a terminal and it takes more than two seconds.
struct ProgressBar {
    private let started = ContinuousClock.now
    private let isPossible = Terminal(
        environment: ProcessInfo.processInfo.environment,
        isTerminal: isatty(STDERR_FILENO) != 0
    ).isAddressable
    private var line = ProgressLine()

    /// - Parameter share: how much has been done, 0…1.
    mutating func show(_ words: String, share: Double) {
        guard isPossible else { return }
        let columns = Terminal.size(of: STDERR_FILENO)?.columns ?? 80
        let elapsed = ContinuousClock.now - started
        guard let text = line.text(words, share: share, at: elapsed, columns: columns) else { return }
        write("\r\u{1B}[K" + text)
    }

    /// Wipes it away.
    func clear() {
        if line.isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
