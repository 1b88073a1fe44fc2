import Foundation
import GRDB
import Journal
import Logging
import Testing

/// A journal of the first version is brought up to date with all that it holds.
struct MigrationTests {
    /// What there is to keep, by the columns of the first version.
    private static let contents = [
        "SELECT * FROM camera ORDER BY id", "SELECT * FROM model", "SELECT * FROM framing", "SELECT * FROM rule",
        "SELECT * FROM description", "SELECT id, camera_id, at, frame, framing_id, model_id FROM look ORDER BY id",
        "SELECT look_id, number, x, y, side, hex(embedding) FROM crop ORDER BY look_id, number",
        "SELECT * FROM score ORDER BY look_id, crop",
        "SELECT seq, kind, camera_id, at, reason FROM message WHERE seq <= 5 ORDER BY seq",
        "SELECT id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin, rival_id "
            + "FROM event ORDER BY seq_started",
        "SELECT ended, seq_ended, reason, end_frame, end_similarity, end_probability, end_margin, end_rival_id "
            + "FROM event WHERE seq_started = 2",
        "SELECT * FROM scores ORDER BY look, crop", "SELECT * FROM cameras ORDER BY name",
        "SELECT id, trigger, camera, started, started_ms, probability, rival, frame, crop, seq_started FROM events",
        "SELECT id, camera, at, at_ms, frame, view, model, crops FROM looks ORDER BY id",
    ]

    private func firstVersion() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.execute(FirstVersion.schema + "\n" + FirstVersion.content)
        return folder
    }

    @Test func everythingIsKept() throws {
        let folder = try firstVersion()
        let before = try Self.contents.map(folder.query)
        let lines = CountingHandler.Lines()
        let journal = try folder.open(logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) }))
        #expect(lines.all.withLock { $0.contains { $0.0 == .notice && $0.1.contains("brought up to date") } })

        // Numbers that were given are not given again, and what a crash had left open has ended.
        #expect(journal.recovered.map(\.seq) == [10])
        #expect(try Self.contents.map(folder.query) == before)
        let looks = try journal.looks(limit: 5)
        #expect(looks.map(\.look.sequence) == [19, 5, 9])
        #expect(looks.allSatisfy { $0.look.isEvidence && !$0.look.isAfterLoss && $0.look.elapsed == nil })
        let events = try journal.events(limit: 5)
        #expect(events.map(\.end?.reason) == [.recovered, .cleared])
        #expect(events.map(\.end?.at) == [2, 1.5].map { Date(timeIntervalSince1970: $0) })
        #expect(events.allSatisfy { $0.start.suppressed == 0 && !$0.start.isDryRun })
        #expect(try journal.messages(after: 0, limit: 9).map(\.seq) == [1, 2, 3, 4, 5, 10])

        journal.record(sampleLook(20))
        journal.flush()
        #expect(try journal.looks(limit: 5).map(\.look.sequence) == [20, 19, 5, 9])
        journal.close()
        #expect(try folder.query("PRAGMA foreign_key_check").isEmpty)
        #expect(try folder.query("PRAGMA integrity_check") == [["ok"]])
    }

    @Test func itHasTheSchemaOfAFreshOneAndIsMigratedOnce() throws {
        let schema =
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        let fresh = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let logger = Logger(label: "", factory: { _ in CountingHandler(lines: lines) })
        try fresh.open(logger: logger).close()
        let folder = try firstVersion()
        try folder.open().close()
        #expect(try folder.query(schema) == fresh.query(schema))
        try folder.open(logger: logger).close()
        #expect(lines.count(.notice) == 0, "neither a new journal nor one that is up to date is news")
    }

    @Test func aReaderSaysWhatToDo() throws {
        let folder = try firstVersion()
        let error = try #require(throws: JournalError.self) { try JournalReader(path: folder.journal) }
        #expect(error == .olderSchema(path: folder.journal))
        #expect("\(error)".contains("written by an older scenewatchd; start this version's daemon once"))
        #expect(try folder.query("SELECT identifier FROM grdb_migrations") == [["v1"]], "a reader changes nothing")
        try folder.open().close()
        let reader = try JournalReader(path: folder.journal)
        #expect(try reader.looks(limit: 5).count == 3)
        reader.close()
    }

    @Test func aLossOfTheFirstVersionHasOnlyItsTime() throws {
        let folder = try firstVersion()
        try folder.open().close()
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        let told = Date(timeIntervalSince1970: 3.1)
        #expect(try reader.course().losses == [.init(camera: "front-door", told: told, run: nil, look: nil)])
    }
}
