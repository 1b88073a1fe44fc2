import Foundation
import Glibc

/// Tells systemd how the daemon is: one datagram per message to the socket named in `$NOTIFY_SOCKET`, sd_notify(3).
///
/// Outside of systemd nothing is sent.
public struct ServiceNotifier: Sendable {
    private let socketPath: String?
    /// How often the watchdog wants to hear: half of the time after which it would act. Nil without a watchdog.
    public let watchdogInterval: Duration?

    /// - Parameters:
    ///   - environment: of the process: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
    ///   - processID: of this process; a watchdog meant for another is not ours.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        processID: Int32 = ProcessInfo.processInfo.processIdentifier
    ) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(processID) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        watchdogInterval = isOurs && microseconds > 0 ? .microseconds(microseconds / 2) : nil
    }

    /// The daemon works: the socket listens, the model is loaded, the journal is open.
    public func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

    /// The daemon reads its configuration again, until it is ``ready(_:)``.
    public func reloading() {
        // By the clock that systemd compares with (sd_notify(3), `MONOTONIC_USEC`).
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)\nSTATUS=reloading")
    }

    /// The daemon is ending in good order.
    public func stopping() { send("STOPPING=1\nSTATUS=stopping") }

    /// The daemon is alive.
    public func pet(_ status: String) { send("WATCHDOG=1\nSTATUS=\(status)") }

    private func send(_ message: String) {
        guard let socketPath else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(socketPath.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }  // an abstract name
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let data = Array(message.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(descriptor, data, data.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), address, length)
            }
        }
    }
}
