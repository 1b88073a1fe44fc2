import Foundation
import Hooks
import Logging
import Synchronization
import Testing

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("hooks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A file's text; empty when there is none.
    func text(_ name: String) -> String { (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? "" }

    func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

    /// Writes a script, and returns its path.
    @discardableResult
    func script(_ name: String, _ text: String, mode: Int = 0o755) throws -> String {
        let file = "\(path)/\(name)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// Whether a process with the number in this file is alive, and no zombie.
    func isAlive(_ name: String) -> Bool {
        guard let number = Int(text(name).trimmingCharacters(in: .whitespacesAndNewlines)),
            let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
        else { return false }
        return !status.contains(") Z ")
    }
}

/// Keeps what is logged.
struct RecordingLog: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func append(_ line: String) {
            lines.withLock { $0.append(line) }
        }
    }

    let lines: Lines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.level): \(event.message)")
    }
}

/// A runner, and what it has logged.
final class Bench: Sendable {
    let runner: HookRunner
    private let log = RecordingLog.Lines()

    init(limit: Int = 4, capacity: Int = 64, timeout: Duration = .seconds(60)) {
        let log = log
        let logger = Logger(label: "hooks", factory: { _ in RecordingLog(lines: log) })
        runner = HookRunner(limit: limit, capacity: capacity, timeout: timeout, logger: logger)
    }

    var logged: [String] { log.all }

    func run(
        _ arguments: [String],
        camera: String = "door",
        payload: Data = Data("{}".utf8),
        environment: [String: String] = [:],
        timeout: Duration? = nil
    ) {
        runner.run(
            arguments,
            trigger: "parcel",
            camera: camera,
            payload: payload,
            environment: environment,
            timeout: timeout
        )
    }

    func shell(_ script: String, camera: String = "door", payload: Data = Data(), timeout: Duration? = nil) {
        run(["/bin/sh", "-c", script], camera: camera, payload: payload, timeout: timeout)
    }

    /// Waits until nothing runs or waits; false after half a minute.
    func isDone() async -> Bool {
        await eventually { runner.statistics.running + runner.statistics.waiting == 0 }
    }
}

/// How every line about the hook of a ``Bench`` begins.
let about = "warning: hook of trigger parcel on camera door "

func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

/// Stops a runner, which blocks, where that disturbs nobody.
func stop(_ runner: HookRunner, within limit: Duration = .seconds(5)) async {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            runner.stop(within: limit)
            continuation.resume()
        }
    }
}

/// The root of the package, where the examples are.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// Whether a program is installed where Debian puts it.
func isInstalled(_ names: String...) -> Bool {
    names.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0) }
}
