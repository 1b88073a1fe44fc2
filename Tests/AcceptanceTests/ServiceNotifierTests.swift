import Foundation
import Testing

extension Acceptance {
    @Suite("systemd")
    struct ServiceNotifierTests {
        @Test("the daemon says READY, feeds the watchdog, and says STOPPING", arguments: [false, true])
        func notifications(isAbstract: Bool) async throws {
            try await Workplace.with { place in
                try place.write(Pictures.data(Pictures.pair.0), as: "reel.mjpeg")
                try place.configure("  - { name: door, file: reel.mjpeg, loop: true }")
                let name = isAbstract ? "@\(place.folder)/notify" : place.path("notify")
                let manager = try DatagramSocket(name)
                let daemon = try place.startDaemon(
                    environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "2000000"]
                )
                let ready = try await manager.message()
                #expect(ready.fields["READY"] == "1")
                #expect(ready.fields["STATUS"]?.contains("of 1 cameras") == true)
                // READY is no lie: the socket answers.
                #expect(try await place.status().cameras.count == 1)

                var times: [ContinuousClock.Instant] = []
                while times.count < 5 {
                    let message = try await manager.message()
                    #expect(message.fields["WATCHDOG"] == "1")
                    #expect(message.fields["STATUS"]?.contains("looks/s") == true)
                    times.append(message.arrival)
                }
                let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
                #expect(gaps.allSatisfy { $0 < .seconds(2) }, "the watchdog would have bitten: \(gaps)")
                #expect(times[4] - times[0] > .seconds(3), "every second is enough: \(gaps)")

                daemon.signal(SIGTERM)
                var message = try await manager.message()
                while message.fields["WATCHDOG"] != nil { message = try await manager.message() }
                #expect(message.fields["STOPPING"] == "1")
                #expect(try await daemon.end() == .exited(0))
            }
        }

        @Test("nothing is said where the daemon cannot start")
        func refused() async throws {
            try await Workplace.with { place in
                try place.configure("  - { name: door, file: reel.mjpeg }", model: place.path("missing.pt"))
                let manager = try DatagramSocket(place.path("notify"))
                let daemon = try place.startDaemon(environment: ["NOTIFY_SOCKET": place.path("notify")])
                #expect(try await daemon.end() == .exited(78))
                #expect(manager.receive() == nil)
            }
        }
    }
}

/// The service manager's end of sd_notify(3).
final class DatagramSocket {
    struct Message {
        var arrival: ContinuousClock.Instant
        var fields: [String: String]
    }

    private let descriptor: Int32

    /// - Parameter name: a path, or an abstract name behind an `@`.
    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix($0.count - 1)) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Timeout(description: "cannot bind \(name): \(String(cString: strerror(code)))")
        }
    }

    deinit { close(descriptor) }

    /// A datagram, if one has come.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    func message() async throws -> Message {
        var text: String?
        try await eventually("a notification", every: .milliseconds(2)) {
            text = receive()
            return text != nil
        }
        let lines = (text ?? "").split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        return Message(
            arrival: .now,
            fields: Dictionary(lines.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
        )
    }
}
