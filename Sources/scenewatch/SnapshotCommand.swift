import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch snapshot`: what a camera shows now.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Fetch the picture of a camera's next look, as JPEG.",
        discussion: "It is written to standard output: scenewatch snapshot front-door > picture.jpg"
    )

    @OptionGroup var daemon: SocketOptions

    @Argument(help: "The camera's name.")
    var camera: String

    @Option(name: .shortAndLong, help: "Write to this file instead.")
    var output: String?

    @Option(help: "How wide the picture may be, 16 to 1280 pixels; rounded up to 160, 320, 640 or 1280.")
    var width = Snapshot.widths.upperBound

    func validate() throws {
        guard Snapshot.widths.contains(width) else { throw ValidationError("--width must be 16 to 1280") }
        guard output != nil || isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError("A terminal cannot show a JPEG: write it to a file with -o FILE, or > FILE.")
        }
    }

    func run() async throws {
        let request = SnapshotRequest(camera: camera, width: width)
        let snapshot = try await daemon.withDaemon { try await $0.snapshot(request) }
        guard let output else { return try emit(bytes: snapshot.jpeg) }
        do {
            try snapshot.jpeg.write(to: URL(fileURLWithPath: output))
        } catch {
            say("cannot write \(output): \(error.localizedDescription)")
            throw ExitCode.failure
        }
        say("\(output): \(snapshot.width) × \(snapshot.height), frame \(snapshot.frame) of \(snapshot.camera)")
    }
}
