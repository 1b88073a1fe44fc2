import ArgumentParser
import Foundation

/// One file that did harm, read again in this process: for a debugger.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Reads one file.")

    @Argument var format: Format
    @Argument var file: String

    func run() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let taken = try format.read([UInt8](Data(contentsOf: URL(fileURLWithPath: file))), path: path)
        print(taken ? "read" : "refused")
    }
}
