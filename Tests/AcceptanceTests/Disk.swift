import Foundation

/// A file system of its own in a workplace, for the journal.
final class Disk {
    /// Whether this user may mount.
    static let canMount: Bool = {
        guard geteuid() == 0 else { return false }
        let folder = NSTemporaryDirectory() + "mount-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else { return false }
        defer { rmdir(folder) }
        guard run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]) == 0 else { return false }
        return run(["umount", folder]) == 0
    }()

    let path: String
    private let place: Workplace

    var journal: String { path + "/journal.db" }
    var ballast: String { path + "/ballast" }
    var image: String { place.path("disk.img") }

    init(in place: Workplace) async throws {
        self.place = place
        path = place.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// Mounts with the arguments given, at its path.
    func mount(_ arguments: String...) async throws {
        try await run(["mount"] + arguments + [path])
    }

    /// Runs `body`, and unmounts however it ends.
    func with(_ body: () async throws -> Void) async throws {
        defer { _ = Self.run(["umount", "-l", path]) }
        try await body()
    }

    func run(_ arguments: String...) async throws {
        try await run(arguments)
    }

    private func run(_ arguments: [String]) async throws {
        let outcome = try await place.run("/usr/bin/env", arguments)
        guard outcome.status == 0 else { throw Timeout(description: "\(arguments): \(outcome.errors)") }
    }

    /// An ext4 file system in a file; false where it cannot be made.
    func makeImage() async throws -> Bool {
        for tool in ["mkfs.ext4", "e2fsck", "chattr", "losetup"] {
            guard Self.run(["which", tool]) == 0 else { return false }
        }
        guard FileManager.default.fileExists(atPath: "/dev/loop-control") else { return false }
        try place.write(Data(count: 32 << 20), as: "disk.img")
        try await run("mkfs.ext4", "-q", image)
        return true
    }

    /// Takes all the room that there is.
    func fill() throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
    }

    /// Lets the kernel find an error, after which the file system is read-only until it is checked.
    func breakFileSystem() throws {
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8).split(separator: "\n")
        let device = mounts.map { $0.split(separator: " ") }.last { $0.count > 1 && $0[1] == path }?.first
        guard let device else { throw Timeout(description: "\(path) is not mounted") }
        let name = URL(fileURLWithPath: String(device)).lastPathComponent
        try Data("1".utf8).write(to: URL(fileURLWithPath: "/sys/fs/ext4/\(name)/trigger_fs_error"))
    }

    /// The configuration of a scene, with the journal on this disk.
    func configure(_ scene: Scene) throws {
        try place.configure(Scene.camera(in: place, count: 8), triggers: scene.yaml)
        let yaml = try String(contentsOfFile: place.configuration, encoding: .utf8)
            .replacingOccurrences(of: place.journal, with: journal)
        try place.write(Data(yaml.utf8), as: "scenewatch.yaml")
    }

    /// What SQLite says of the journal.
    func integrity() throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", journal, "PRAGMA integrity_check"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    private static func run(_ arguments: [String]) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
