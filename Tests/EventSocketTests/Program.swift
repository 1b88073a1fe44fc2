import Foundation

/// A program that runs, and what it says line by line.
final class Program: Sendable {
    /// The lines of its standard output, until it ends.
    let lines: AsyncStream<String>
    private let identifier: pid_t

    init(_ executable: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        identifier = process.processIdentifier
        let (lines, continuation) = AsyncStream<String>.makeStream()
        self.lines = lines
        let reading = output.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while case let data = reading.availableData, !data.isEmpty {
                rest.append(data)
                while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: rest[rest.startIndex..<feed], as: UTF8.self))
                    rest = Data(rest[(feed + 1)...])
                }
            }
            if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
            continuation.finish()
        }
    }

    func terminate() {
        kill(identifier, SIGTERM)
    }
}

/// The root of the package, where the documents and examples are.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Whether a program is installed where Debian puts it.
func isInstalled(_ names: String...) -> Bool {
    names.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0) }
}
