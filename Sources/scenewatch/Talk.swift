import ArgumentParser
import EventSocket
import Foundation
import Showing

/// Says something to the person, on standard error.
func say(_ text: String) {
    sayAsIs("scenewatch: \(text)")
}

/// The same without the program's name. Where nobody listens (the disk of a log file is full), nothing is lost that
/// would be worth failing for.
func sayAsIs(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
}

/// Writes a line of data to standard output at once: a script behind a pipe is waiting for it.
///
/// - Throws: an exit status when it cannot be written: quietly, with 0, when the reader has had enough (`| head -1`), else
///   with 1 and in words.
func emit(_ line: String) throws {
    try emit(bytes: Data((line + "\n").utf8))
}

/// The same of any bytes.
func emit(bytes: Data) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written >= 0 {
            rest = rest.dropFirst(written)
        } else if errno == EPIPE {
            throw ExitCode.success
        } else if errno != EINTR {
            say("cannot write to standard output: \(String(cString: strerror(errno)))")
            throw ExitCode.failure
        }
    }
}

/// Where the daemon's socket is.
struct SocketOptions: ParsableArguments {
    @Option(help: "The daemon's socket. Default: $SCENEWATCH_SOCKET, else /run/scenewatch/scenewatch.sock.")
    var socket: String?

    /// Its path.
    var path: String {
        socket ?? ProcessInfo.processInfo.environment["SCENEWATCH_SOCKET"] ?? "/run/scenewatch/scenewatch.sock"
    }

    /// Talks to the daemon; in words, with exit status 69, where there is none.
    func withDaemon<Result: Sendable>(_ body: (EventSocketClient) async throws -> Result) async throws -> Result {
        do {
            return try await EventSocketClient.withConnection(to: path, body)
        } catch let error as EventSocketError {
            say("\(error)")
            throw ExitCode(EX_UNAVAILABLE)
        } catch let error as RequestError {
            say(error.message)
            throw ExitCode.failure
        }
    }
}

/// JSON as every command prints it.
func json(_ value: some Encodable, pretty: Bool = true) throws -> String {
    String(decoding: try Wire.encoder(isPretty: pretty).encode(value), as: UTF8.self)
}

/// Rows under a heading, in columns as wide as they need to be.
func table(_ heading: [String], _ rows: [[String]]) -> String {
    let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].cells }.max() ?? 0 }
    return ([heading] + rows).map { row in
        zip(row, widths).map { $0.padded(to: $1) }
            .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }.joined(separator: "\n")
}
