import Foundation
import Logging

/// Logs to standard error, a line a message: with the priority that journald reads in front (sd-daemon(3)) when it
/// listens, else with the time.
struct StandardErrorLog: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let isRead = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // A message of several lines would be several messages to journald.
        let text = "\(event.message)".replacingOccurrences(of: "\n", with: " · ")
        let line =
            isRead
            ? "<\(priority(event.level))>\(text)\n"
            : "\(Date().formatted(.iso8601.time(includingFractionalSeconds: true))) \(event.level): \(text)\n"
        FileHandle.standardError.write(Data(line.utf8))
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
