import Foundation
import Logging

/// Logs to standard error, a line a message: with the priority that journald reads in front (sd-daemon(3)) when it
/// listens, else with the time.
struct StandardErrorLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let isRead = Self.isJournal(ProcessInfo.processInfo.environment["JOURNAL_STREAM"])

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A message of several lines would be several messages to journald.
        let text = ("\(event.message)" + details(event)).replacingOccurrences(of: "\n", with: " · ")
        let line =
            isRead
            ? "<\(priority(event.level))>\(text)\n"
            : "\(Date().formatted(.iso8601.time(includingFractionalSeconds: true))) \(event.level): \(text)\n"
        Self.say(line)
    }

    /// Whether standard error is the stream that systemd names as device:inode. Everything that descends from a service
    /// inherits the variable, a terminal's shell too, whatever it writes to (systemd.exec(5), `JOURNAL_STREAM`).
    private static func isJournal(_ stream: String?) -> Bool {
        var status = stat()
        return fstat(STDERR_FILENO, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// Writes to standard error, or not: journald was started anew, or the disk with the log is full. Watching goes on.
    static func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Gives descriptors 0 to 2 to /dev/null where they are closed. Else the next file to be opened would have one of
    /// them, and what is meant for a log would be written into it.
    static func occupyDescriptors() {
        var descriptor: Int32
        repeat { descriptor = open("/dev/null", O_RDWR) } while (0...2).contains(descriptor)
        if descriptor > 2 { close(descriptor) }
    }

    /// " (cause: no space left, path: /var/…)": what a message says beside its words.
    private func details(_ event: LogEvent) -> String {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        guard !all.isEmpty else { return "" }
        return " (" + all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + ")"
    }

    private func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
