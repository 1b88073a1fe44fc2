import ArgumentParser
import EventSocket
import Foundation
import Synchronization

/// A daemon of one's own, for as long as a demonstration takes: its socket, journal and log are in a temporary folder.
final class DemoDaemon: Sendable {
    /// Why there is no daemon.
    struct Failure: Error {
        let reason: String
        let status: Int32
    }

    let socket: String
    private let folder: String
    private let processID: pid_t
    private let ending = Mutex<Int32?>(nil)
    private let lastLog = Mutex<String?>(nil)

    /// Starts the scenewatchd that lies beside this program.
    ///
    /// - Parameter socket: where it listens; nil for a place in the folder.
    init(config: String, socket: String?, isFast: Bool) throws(Failure) {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let program = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("scenewatchd").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(
                reason: "there is no \(program); build or install it with this program",
                status: EX_UNAVAILABLE
            )
        }
        if let socket, FileManager.default.fileExists(atPath: socket) {
            // Another daemon may be behind it, and would be taken for this one.
            throw Failure(reason: "\(socket) exists; choose a path that is free", status: 1)
        }
        // Not in TMPDIR, which may be long: a socket's path has at most 107 bytes. The folder is made for this user alone.
        var template = Array("/tmp/scenewatch-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(reason: "no temporary folder in /tmp: \(String(cString: strerror(errno)))", status: 1)
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let path = socket ?? folder + "/socket"
        self.socket = path
        self.folder = folder

        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments =
            ["--config", config, "--socket", path, "--journal", folder + "/journal.db", "--for-subscriber"]
            + (isFast ? ["--fastest"] : [])
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try Data().write(to: URL(fileURLWithPath: folder + "/log"))
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/log"))
            try process.run()
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw Failure(reason: "\(program) could not be started: \(error.localizedDescription)", status: 1)
        }
        processID = process.processIdentifier
        Thread.detachNewThread { [self] in
            process.waitUntilExit()
            let status = process.terminationStatus
            ending.withLock { $0 = process.terminationReason == .exit ? status : 128 + status }
        }
    }

    /// Its exit status; nil while it runs.
    var status: Int32? { ending.withLock { $0 } }

    /// What it has said.
    var log: String { lastLog.withLock { $0 } ?? readLog() }

    /// What it has warned of.
    var warnings: [String] {
        log.split(separator: "\n").compactMap { line in
            line.range(of: " warning: ").map { String(line[$0.upperBound...]) }
        }
    }

    private func readLog() -> String {
        let text = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        return text.trimmingCharacters(in: .newlines)
    }

    /// Waits until it listens.
    func awaitSocket() async throws {
        while true {
            do {
                return try await EventSocketClient.withConnection(to: socket) { _ in }
            } catch EventSocketError.notReachable {
                // It is not there yet, or does not listen yet.
            }
            if let status {
                throw Failure(reason: "scenewatchd has ended:\n\(log)", status: status == 0 ? 1 : status)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Asks it to end in good order.
    func terminate() {
        if status == nil { kill(processID, SIGTERM) }
    }

    /// Ends it, in good order if it can, and removes its folder. Not to be hurried by a cancelled task.
    func dispose() async {
        terminate()
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                let deadline = ContinuousClock.now + .seconds(10)
                while status == nil {
                    if ContinuousClock.now > deadline { kill(processID, SIGKILL) }
                    usleep(5000)
                }
                lastLog.withLock { $0 = readLog() }
                try? FileManager.default.removeItem(atPath: folder)
                continuation.resume()
            }
        }
    }
}
