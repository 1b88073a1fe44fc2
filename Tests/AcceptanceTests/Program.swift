import Foundation
import Synchronization

/// A program that was started, with its output and its talk in files.
final class Program: Sendable {
    enum Ending: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// A program that ran to its end.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    let identifier: pid_t
    private let outputPath: String
    private let errorPath: String
    private let storedEnding = Mutex<Ending?>(nil)

    /// - Parameters:
    ///   - files: the path to which `.out` and `.err` are added.
    ///   - environment: what is added to this process's own.
    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], files: String) throws {
        outputPath = files + ".out"
        errorPath = files + ".err"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.create(outputPath)
        process.standardError = try Self.create(errorPath)
        try process.run()
        identifier = process.processIdentifier
        Thread.detachNewThread { [self] in
            let ending = Self.ending(of: process)
            storedEnding.withLock { $0 = ending }
        }
    }

    /// Waits for a program's end. Foundation learns of it when the last copy of a descriptor is closed, of which a program
    /// that was started at the same time may have one; the kernel knows it at once, unless Foundation was faster.
    private static func ending(of process: Process) -> Ending {
        var information = siginfo_t()
        while true {
            if waitid(P_PID, id_t(process.processIdentifier), &information, WEXITED | WNOWAIT) == 0 {
                let status = information._sifields._sigchld.si_status
                return information.si_code == CLD_EXITED ? .exited(status) : .killed(signal: status)
            }
            guard errno == EINTR else { break }
        }
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .exit ? .exited(status) : .killed(signal: status)
    }

    private static func create(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// How it ended; nil while it runs.
    var ending: Ending? { storedEnding.withLock { $0 } }
    /// What it has printed so far.
    var output: String { text(outputPath) }
    /// What it has said on standard error so far.
    var errors: String { text(errorPath) }
    /// The whole lines that it has printed so far.
    var lines: [String] {
        output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    func signal(_ signal: Int32) {
        if ending == nil { kill(identifier, signal) }
    }

    /// Waits for its end.
    @discardableResult
    func end(within limit: Duration = .seconds(120)) async throws -> Ending {
        try await eventually("the end of process \(identifier)", within: limit) { self.ending != nil }
        return ending ?? .exited(-1)
    }

    /// Kills it and waits until it is reaped.
    func destroy() {
        signal(SIGKILL)
        while ending == nil { usleep(2000) }
    }
}

/// What did not come about in time.
struct Timeout: Error, CustomStringConvertible {
    let description: String
}

/// Waits until a condition is true.
func eventually(
    _ what: @autoclosure () -> String,
    within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw Timeout(description: "not in \(limit): \(what())") }
        try await Task.sleep(for: pause)
    }
}
