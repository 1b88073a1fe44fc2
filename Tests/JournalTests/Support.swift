import Foundation
import GRDB
import Journal
import Logging
import Synchronization
import Testing

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var journal: String { path + "/journal.db" }

    func open(
        capacity: Int = 1024,
        gathering: Duration = .milliseconds(1),
        retryAfter: Duration = .milliseconds(5),
        now: Date = Date(),
        logger: Logger = quiet
    ) throws -> Journal {
        var settings = JournalSettings()
        settings.capacity = capacity
        settings.gathering = gathering
        settings.retryAfter = retryAfter
        return try Journal(path: journal, logger: logger, settings: settings, now: now)
    }

    /// The journal's files as a crash would leave them; only while nothing is being written.
    func copy() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for suffix in ["", "-wal", ".lock"] where FileManager.default.fileExists(atPath: journal + suffix) {
            try FileManager.default.copyItem(atPath: journal + suffix, toPath: copy.journal + suffix)
        }
        return copy
    }

    /// Runs one statement against the file with a connection of its own.
    func query(_ sql: String) throws -> [[String]] {
        let database = try DatabaseQueue(path: journal)
        return try database.read { connection in
            try Row.fetchAll(connection, sql: sql).map { row in
                row.databaseValues.map { $0.isNull ? "NULL" : String.fromDatabaseValue($0) ?? "\($0)" }
            }
        }
    }

    func execute(_ sql: String) throws {
        try DatabaseQueue(path: journal).writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}

let quiet = Logger(label: "journal", factory: { _ in SwiftLogNoOpLogHandler() })

/// What was published, in order.
final class Published: Sendable {
    private let messages = Mutex<[JournaledMessage]>([])

    var all: [JournaledMessage] { messages.withLock { $0 } }

    func append(_ message: JournaledMessage) {
        messages.withLock { $0.append(message) }
    }
}

/// Counts lines of each level.
struct CountingHandler: LogHandler {
    final class Lines: Sendable {
        let all = Mutex<[(Logger.Level, String)]>([])

        func count(_ level: Logger.Level) -> Int { all.withLock { $0.count { $0.0 == level } } }
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append((event.level, "\(event.message) \(event.metadata ?? [:])")) }
    }
}

let noon = Date(timeIntervalSince1970: 1_795_435_200.218)

func sampleLook(
    _ sequence: UInt64,
    camera: String = "front-door",
    at: Date = noon,
    dimensions: Int = 16,
    probability: Double = 0.5
) -> LookRecord {
    let component = 1 / Float(dimensions).squareRoot()
    return LookRecord(
        camera: camera,
        sequence: sequence,
        at: at,
        view: "full",
        modelID: "0123456789ab/f32/1",
        crops: (0..<2).map { index in
            CropRecord(
                index: index,
                x: index * 560,
                y: 0,
                side: 720,
                embedding: Array(repeating: index == 0 ? component : -component, count: dimensions)
            )
        },
        scores: [
            ScoreRecord(
                trigger: "parcel-left",
                crop: 1,
                similarity: 0.27,
                probability: probability,
                margin: 0.04,
                rival: "an empty doorstep"
            )
        ]
    )
}

func sampleStart(
    _ id: EventID = EventID(at: noon),
    camera: String = "front-door",
    at: Date = noon
) -> EventStart {
    EventStart(
        id: id,
        trigger: "parcel-left",
        camera: camera,
        at: at,
        score: EventScore(similarity: 0.271, probability: 0.93, margin: 0.043, rival: "an empty doorstep"),
        crop: 1,
        frame: 99120
    )
}

func sampleEnd(
    of start: EventStart,
    at: Date? = nil,
    reason: EventEndReason = .cleared
) -> EventEnd {
    EventEnd(
        id: start.id,
        trigger: start.trigger,
        camera: start.camera,
        at: at ?? start.at.addingTimeInterval(5),
        reason: reason,
        score: EventScore(similarity: 0.1, probability: 0.2, margin: -0.1),
        frame: 99140
    )
}

/// Waits until something is so; fails the test when it does not come about in a minute.
func eventually(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
