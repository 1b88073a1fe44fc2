import EventSocket
import Foundation
import Logging
import NIOPosix

/// Calls with a fresh folder whose path is short enough for sockets in it.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = "/tmp/sw-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

func makeServer(
    _ path: String,
    mode: UInt16 = 0o660,
    _ backend: FakeBackend = FakeBackend(),
    operators: Set<uid_t> = [],
    now: Date? = nil
) -> EventSocketServer {
    EventSocketServer(
        path: path,
        mode: mode,
        backend: backend,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        group: MultiThreadedEventLoopGroup.singleton,
        operators: operators,
        now: { now ?? Date() }
    )
}

/// Calls with a server that listens, and with the path of its socket.
func withServer(
    _ backend: FakeBackend = FakeBackend(),
    now: Date? = nil,
    _ body: (EventSocketServer, String) async throws -> Void
) async throws {
    try await withFolder { folder in
        let path = folder + "/s"
        let server = makeServer(path, backend, now: now)
        try await server.start()
        do {
            try await body(server, path)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}

/// Waits for a condition that other threads bring about.
func until(_ condition: () throws -> Bool) async throws {
    while try !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
