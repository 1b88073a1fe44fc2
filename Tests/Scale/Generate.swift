import ArgumentParser
import Foundation
import GRDB
import Journal
import Logging

/// Where the journal is.
struct JournalOptions: ParsableArguments {
    @Option(help: "The journal to make or to search.")
    var journal: String

    /// Takes the journal's files out of the page cache.
    func evict() throws {
        let folder = journal + ".sketch"
        let segments = try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
        for path in segments + [journal, journal + "-wal"] {
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { continue }
            fdatasync(descriptor)
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
            close(descriptor)
        }
    }
}

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a journal of many looks.")
    static let model = "0123456789abcdef-f32-p1"

    @OptionGroup var options: JournalOptions

    @Option(help: "How many looks.")
    var looks = 200_000

    @Option(help: "The share of the time in which nothing moves.")
    var still = 0.2

    func run() throws {
        let started = ContinuousClock.now
        // The journal itself makes the tables.
        try Journal(path: options.journal, logger: quiet).close()
        let database = try DatabaseQueue(path: options.journal)
        try database.writeWithoutTransaction { connection in
            try connection.execute(
                sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000"
            )
            try connection.inTransaction {
                try names(connection)
                return .commit
            }
            var world = World(seed: 1, still: still)
            for start in stride(from: 0, to: looks, by: 100_000) {
                try connection.inTransaction {
                    try fill(start..<min(looks, start + 100_000), &world, connection)
                    return .commit
                }
            }
            try connection.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try database.close()
        print("made \(looks) looks in \(ContinuousClock.now - started)")
    }

    private func names(_ connection: Database) throws {
        for camera in 0..<World.cameras {
            try connection.execute(sql: "INSERT INTO camera (name) VALUES (?)", arguments: ["camera-\(camera)"])
        }
        try connection.execute(
            sql: "INSERT INTO model (name) VALUES (?); INSERT INTO framing (name) VALUES ('full')",
            arguments: [Self.model]
        )
    }

    private func fill(_ looks: Range<Int>, _ world: inout World, _ connection: Database) throws {
        let insertLook = try connection.cachedStatement(
            sql: """
                INSERT INTO look (id, camera_id, at, frame, framing_id, model_id, run_id, elapsed, brightness, flags)
                VALUES (?, ?, ?, ?, 1, 1, 1, ?, 90, 1)
                """
        )
        let insertCrop = try connection.cachedStatement(
            sql: "INSERT INTO crop (look_id, number, x, y, side, embedding) VALUES (?, 0, 0, 0, 720, ?)"
        )
        for number in looks {
            let time = Double(number) / World.rate
            let camera = number % World.cameras
            let at = 1_790_000_000_000 + Int64(time * 1000)
            let embedding = HalfPrecision.bytes(of: world.embedding(camera: camera, at: time))
            try insertLook.execute(arguments: [number + 1, camera + 1, at, number, Int64(time * 1000)])
            try insertCrop.execute(arguments: [number + 1, embedding])
        }
    }
}

let quiet = Logger(label: "scale", factory: { _ in SwiftLogNoOpLogHandler() })

struct MakeSketch: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sketch", abstract: "Sketch the journal.")

    @OptionGroup var options: JournalOptions

    func run() throws {
        let started = ContinuousClock.now
        let reader = try JournalReader(path: options.journal)
        try reader.sketchAll(logger: Logger(label: "scale"))
        print("sketched in \(ContinuousClock.now - started)")
    }
}
