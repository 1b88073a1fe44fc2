import Foundation
import TestSupport
import Testing

/// A connection to the daemon's socket that can say anything and understands nothing; but every line that it hears has to
/// be one that `Docs/protocol.schema.json` describes.
final class RawSocket {
    private static let schema = Result { try JSONSchema.ofProtocol(isClosed: true) }

    private let descriptor: Int32
    private var received = Data()
    private var isOver = false

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Timeout(description: "cannot connect to \(path): \(String(cString: strerror(code)))")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Sends bytes, for as long as the other side takes them.
    func send(_ bytes: Data) async throws {
        var rest = bytes
        try await eventually("\(rest.count) bytes to be taken") {
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count < 0 { return errno != EAGAIN }
                rest = Data(rest.dropFirst(count))
            }
            return true
        }
    }

    func send(_ line: String) async throws {
        try await send(Data((line + "\n").utf8))
    }

    /// The next line; nil when the other side has closed the connection.
    func line(within limit: Duration = .seconds(60)) async throws -> String? {
        try await eventually("a line or the end", within: limit, every: .milliseconds(2)) {
            receive()
            return isOver || received.contains(0x0A)
        }
        guard let feed = received.firstIndex(of: 0x0A) else { return nil }
        defer { received = Data(received[(feed + 1)...]) }
        let text = String(decoding: received[..<feed], as: UTF8.self)
        let schema = try Self.schema.get()
        #expect(throws: Never.self, "\(text.prefix(500))") { try schema.validate(text: text, as: "line") }
        return text
    }

    /// The next line, which there must be.
    func next() async throws -> SocketLine {
        guard let text = try await line() else { throw Timeout(description: "the daemon closed the connection") }
        return try SocketLine(text)
    }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while !isOver {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            if count <= 0 { isOver = true } else { received.append(contentsOf: buffer[..<count]) }
        }
    }
}

/// A line of the socket, read with nothing but a JSON parser.
struct SocketLine: Decodable, Equatable {
    struct Refusal: Decodable, Equatable { var code: String }
    struct Hello: Decodable, Equatable {
        var seq: Int
        var boot: String
    }
    struct Score: Decodable, Equatable { var similarity: Double }
    var hello: Hello?
    var error: Refusal?
    var seq: Int?
    var kind: String?
    var event: String?
    var trigger: String?
    var camera: String?
    var at: String?
    var reason: String?
    var frame: UInt64?
    var score: Score?
    var journaled: Bool?

    init(_ text: String) throws {
        self = try JSONDecoder().decode(SocketLine.self, from: Data(text.utf8))
    }
}
