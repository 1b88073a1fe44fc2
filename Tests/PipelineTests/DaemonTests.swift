import Configuration
import Foundation
import Logging
import Pipeline
import TestSupport
import Testing

@Suite("Daemon")
struct DaemonTests {
    @Test("one that is for a subscriber does not wait for ever, and is ready and alive meanwhile")
    func patience() async throws {
        let folder = "/tmp/scenewatch-daemon-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = folder + "/model.safetensors"
        try CheckpointWriter.writeSafetensors(SmallModel().entries(), to: model)
        let settings = Settings(
            model: ModelSettings(use: model),
            cameras: [CameraSettings(name: "clip", source: .file(path: folder + "/none.mjpeg", loop: false))],
            socket: SocketSettings(path: folder + "/s"),
            journal: JournalSettings(path: folder + "/journal.db")
        )
        let manager = try NotifySocket(folder + "/notify")
        let daemon = Daemon(
            settings: settings,
            logger: Logger(label: "daemon") { _ in SwiftLogNoOpLogHandler() },
            isForSubscriber: true,
            patience: .seconds(2),
            notifier: ServiceNotifier(
                environment: ["NOTIFY_SOCKET": folder + "/notify", "WATCHDOG_USEC": "800000"],
                processID: 1
            )
        )
        let failure = await #expect(throws: Daemon.Failure.self) { try await daemon.run() }
        #expect(failure?.description == "nobody has subscribed for 2.0 seconds")
        let words = manager.messages.compactMap { $0.split(separator: "\n").first.map(String.init) }
        #expect(words.first == "READY=1")
        #expect(words.dropFirst().dropLast().contains("WATCHDOG=1"))
        #expect(words.last == "STOPPING=1")
        #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
    }
}

/// The service manager's end of sd_notify(3).
private final class NotifySocket {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(status == 0)
    }

    deinit { close(descriptor) }

    /// What has come and was not read yet.
    var messages: [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
