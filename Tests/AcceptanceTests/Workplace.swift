import Foundation
import Synchronization
import Testing

/// A folder for one test, with a configuration, and the programs that run in it.
final class Workplace: Sendable {
    let folder: String
    private let programs = Mutex<[Program]>([])

    var socket: String { folder + "/s.sock" }
    var journal: String { folder + "/journal.db" }
    var configuration: String { folder + "/scenewatch.yaml" }

    private init() throws {
        // Short: a socket's path has at most 107 bytes.
        var template = Array("/tmp/scw-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Timeout(description: "no temporary folder: errno \(errno)") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Runs `body`, then kills and reaps what still runs, and removes the folder, also when `body` throws.
    static func with(_ body: (Workplace) async throws -> Void) async throws {
        let place = try Workplace()
        defer {
            for program in place.programs.withLock({ $0 }) { program.destroy() }
            try? FileManager.default.removeItem(atPath: place.folder)
        }
        try await body(place)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ data: Data, as name: String) throws {
        try data.write(to: URL(fileURLWithPath: path(name)))
    }

    /// Writes a configuration with this folder's socket and journal.
    func configure(_ cameras: String, triggers: String = "[]", model: String? = nil) throws {
        let yaml = """
            model: { use: \(try model ?? StandInModel.safetensors.get()) }
            cameras:
            \(cameras)
            triggers: \(triggers)
            socket: { path: \(socket) }
            journal: { path: \(journal) }
            """
        try write(Data(yaml.utf8), as: "scenewatch.yaml")
    }

    // MARK: Programs

    func start(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> Program {
        try programs.withLock { programs in
            let program = try Program(
                executable,
                arguments,
                environment: environment,
                files: path("program-\(programs.count)")
            )
            programs.append(program)
            return program
        }
    }

    /// Runs a program to its end.
    func run(_ executable: String, _ arguments: [String], within limit: Duration = .seconds(120)) async throws
        -> Program.Outcome
    {
        let program = try start(executable, arguments)
        guard case .exited(let status) = try await program.end(within: limit) else {
            throw Timeout(description: "\(executable) \(arguments) was killed by a signal; it said \(program.errors)")
        }
        return Program.Outcome(status: status, output: program.output, errors: program.errors)
    }

    func client(_ arguments: String...) async throws -> Program.Outcome {
        try await run(Programs.client, arguments)
    }

    func startDaemon(environment: [String: String] = [:]) throws -> Program {
        try start(Programs.daemon, ["--config", configuration], environment: environment)
    }

    /// Runs the daemon where it must give up by itself.
    func refusedDaemon() async throws -> Program.Outcome {
        try await run(Programs.daemon, ["--config", configuration])
    }

    /// Starts the daemon and waits until it is watching.
    func startWatching(environment: [String: String] = [:]) async throws -> Program {
        let daemon = try startDaemon(environment: environment)
        try await eventually("a daemon that watches; it said \(daemon.errors)") {
            if let ending = daemon.ending { throw Timeout(description: "the daemon \(ending): \(daemon.errors)") }
            return daemon.errors.contains("watching")
        }
        return daemon
    }

    /// Asks the daemon to stop, and expects it to do so in good order.
    func stop(_ daemon: Program, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        daemon.signal(SIGTERM)
        let ending = try await daemon.end(within: .seconds(60))
        #expect(ending == .exited(0), "\(daemon.errors)", sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: socket), sourceLocation: sourceLocation)
    }

    /// What `status --json` says.
    func status() async throws -> Status {
        let outcome = try await client("status", "--json", "--socket", socket)
        guard outcome.status == 0 else { throw Timeout(description: "status: \(outcome.errors)") }
        return try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
    }
}

/// Of a status report, what is looked at here.
struct Status: Decodable {
    struct Camera: Decodable {
        var name: String
        var state: String
        var frames: Int
        var looks: Int
        var corrupt: Int
    }
    struct Trigger: Decodable {
        var trigger: String
        var camera: String
        var state: String
        var event: String?
    }
    struct Journal: Decodable {
        var looks: Int
        var messages: Int
        var writable: Bool
    }
    struct Encoder: Decodable {
        var crops: Int
        var load: Double
        var commonRate: Double?
    }
    var cameras: [Camera]
    var encoder: Encoder
    var triggers: [Trigger]
    var journal: Journal
    var seq: Int
    var subscribers: Int

    func camera(_ name: String) throws -> Camera {
        try #require(cameras.first { $0.name == name })
    }
}
