import Foundation
import Journal
import Logging
import Synchronization
import Testing

/// Deleting, by the thread that writes, on a real file.
@Suite("Retention")
struct RetentionTests {
    private let day = 86_400.0

    private func open(
        _ folder: TemporaryFolder,
        _ retention: RetentionSettings,
        logger: Logger = quiet,
        deleted: @escaping @Sendable (Int64) -> Void = { _ in }
    ) throws -> Journal {
        var settings = JournalSettings()
        settings.gathering = .milliseconds(1)
        settings.retention = retention
        settings.housekeepingPause = .milliseconds(5)
        settings.clockHaste = 1e12
        settings.looksDeleted = deleted
        return try Journal(path: folder.journal, logger: logger, settings: settings, now: Date())
    }

    private func made(_ count: Int, from start: Date, apart: Double, thumbnailEvery: Int = 0) throws -> TemporaryFolder
    {
        let folder = try TemporaryFolder()
        try folder.open().close()
        try ManyLooks.add(
            count,
            to: folder.journal,
            from: start,
            apart: apart,
            dimensions: 64,
            thumbnailEvery: thumbnailEvery
        )
        return folder
    }

    private func number(_ folder: TemporaryFolder, _ sql: String) throws -> Int {
        try #require(Int(folder.query(sql)[0][0]))
    }

    private func expectSound(_ folder: TemporaryFolder) throws {
        #expect(try folder.query("PRAGMA integrity_check") == [["ok"]])
        #expect(try folder.query("PRAGMA foreign_key_check").isEmpty)
        for table in ["crop", "score", "thumbnail"] {
            #expect(try number(folder, "SELECT count(*) FROM \(table) WHERE look_id NOT IN (SELECT id FROM look)") == 0)
        }
    }

    @Test("looks that are too old go with their crops, scores and thumbnails; the others stay; the hook is told")
    func age() async throws {
        let start = Date() - 10 * day
        // A look every 864 s: a thousand in ten days.
        let folder = try made(1000, from: start, apart: 864, thumbnailEvery: 10)
        let told = Mutex<[Int64]>([])
        let journal = try open(folder, RetentionSettings(looks: .seconds(4 * day))) { id in
            told.withLock { $0.append(id) }
        }
        try await eventually("six days are gone") { journal.statistics.deletedLooks >= 600 }
        try await eventually("it rests") { journal.statistics.deleting == nil }
        #expect((600...601).contains(journal.statistics.deletedLooks))
        let oldest = try #require(journal.statistics.oldestLook)
        #expect(abs(oldest.timeIntervalSince(Date() - 4 * day)) < 1000)
        journal.close()
        let first = try number(folder, "SELECT min(id) FROM look")
        #expect((601...602).contains(first))
        #expect(try number(folder, "SELECT count(*) FROM look") == 1001 - first)
        #expect(try number(folder, "SELECT count(*) FROM crop") == 2 * (1001 - first))
        #expect(try number(folder, "SELECT count(*) FROM score") == 6 * (1001 - first))
        #expect((39...41).contains(try number(folder, "SELECT count(*) FROM thumbnails")))
        let upTo = told.withLock { $0 }
        #expect(upTo == upTo.sorted() && upTo.last == Int64(first - 1))
        try expectSound(folder)
    }

    @Test("thumbnails go before their looks when they are to")
    func thumbnails() async throws {
        let folder = try made(400, from: Date() - 4 * day, apart: 864, thumbnailEvery: 1)
        let journal = try open(folder, RetentionSettings(looks: .seconds(9 * day), thumbnails: .seconds(1 * day)))
        try await eventually("three days are gone") { journal.statistics.deletedThumbnails >= 300 }
        journal.close()
        #expect(try number(folder, "SELECT count(*) FROM look") == 400)
        #expect((98...100).contains(try number(folder, "SELECT count(*) FROM thumbnail")))
        #expect(journal.statistics.deletedLooks == 0)
        try expectSound(folder)
    }

    @Test("a look of another year than its neighbours keeps none of them from going, nor goes with them")
    func mixedUp() async throws {
        let folder = try made(200, from: Date() - 10 * day, apart: 1)
        // A clock that was wrong for a while, in both directions, and the look at the very beginning.
        try folder.execute("UPDATE look SET at = at + 400 * 86400000 WHERE id IN (1, 50, 51, 52, 53)")
        try folder.execute("UPDATE look SET at = 1000 WHERE id BETWEEN 100 AND 120")
        let journal = try open(folder, RetentionSettings(looks: .seconds(5 * day)))
        try await eventually("the others are gone") { journal.statistics.deletedLooks >= 194 }
        journal.close()
        #expect(
            try folder.query("SELECT id FROM look ORDER BY id") == [["1"], ["50"], ["51"], ["52"], ["53"], ["200"]]
        )
        try expectSound(folder)
    }

    @Test("an open event's evidence stays, whatever its age, and goes when it has ended")
    func evidence() async throws {
        let folder = try TemporaryFolder()
        let old = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 - 10 * day).rounded())
        let journal = try open(folder, RetentionSettings(looks: .seconds(5 * day), bytes: 1))
        let start = sampleStart(at: old + 100)
        // First the event, so that nothing is deleted before it is known.
        journal.record(.eventStarted(start)) { _ in }
        for second in 0..<200 {
            journal.record(sampleLook(UInt64(second), at: old + Double(second)))
            journal.record(sampleLook(UInt64(second), camera: "garden", at: old + Double(second)))
        }
        journal.record(sampleLook(1000, at: old + 300))
        journal.flush()
        try await eventually("what is none is gone") { journal.statistics.deletedLooks == 240 }
        try await eventually("it rests") { journal.statistics.deleting == nil }
        let left = try folder.query("SELECT camera, min(frame), max(frame), count(*) FROM looks GROUP BY camera")
        #expect(left == [["front-door", "40", "1000", "161"]])
        #expect(try journal.events(limit: 5).count == 1, "nor do open events go for the limit")
        journal.record(.eventEnded(sampleEnd(of: start, at: old + 400))) { _ in }
        journal.flush()
        try await eventually("all but the newest are gone") { journal.statistics.deletedLooks == 400 }
        try await eventually("the event is gone for the limit") { journal.statistics.deletedEvents == 1 }
        journal.close()
        #expect(try folder.query("SELECT frame FROM looks") == [["1000"]])
        #expect(try number(folder, "SELECT count(*) FROM message") == 0)
        try expectSound(folder)
        // Numbers go on, though no message is left.
        let next = try folder.open()
        #expect(next.lastSequence == 2)
        let published = Published()
        next.record(.cameraFound(CameraChange(camera: "a", at: Date(), reason: ""))) { published.append($0) }
        next.flush()
        #expect(published.all.map(\.seq) == [3])
        next.close()
    }

    @Test("events and messages go at their own age; an event that is open stays")
    func events() async throws {
        let folder = try TemporaryFolder()
        var journal = try folder.open()
        let now = Date()
        for number in 0..<300 {
            let at = now - Double(300 - number) * day
            let start = sampleStart(EventID(at: at), at: at)
            journal.record(.eventStarted(start)) { _ in }
            if number != 7 { journal.record(.eventEnded(sampleEnd(of: start))) { _ in } }
            journal.record(.cameraLost(CameraChange(camera: "garden", at: at, reason: "gone"))) { _ in }
        }
        journal.close()
        journal = try open(folder, RetentionSettings(looks: .seconds(30 * day), events: .seconds(100 * day)))
        // A start ends what was open, at its own beginning: of long ago, like the rest.
        try await eventually("two hundred days are gone") { journal.statistics.deletedEvents >= 199 }
        try await eventually("it rests") { journal.statistics.deleting == nil }
        journal.close()
        #expect((99...101).contains(try number(folder, "SELECT count(*) FROM event")))
        #expect((99...101).contains(try number(folder, "SELECT count(*) FROM message WHERE kind = 3")))
        #expect(try number(folder, "SELECT seq FROM sqlite_sequence WHERE name = 'message'") == 900)
        try expectSound(folder)
    }

    @Test("beyond the limit the first looks go, the file gets smaller, and the log says so once")
    func limit() async throws {
        let folder = try made(20_000, from: Date() - 3600, apart: 0.1)
        let before = try FileManager.default.attributesOfItem(atPath: folder.journal)[.size] as? Int ?? 0
        let lines = CountingHandler.Lines()
        let limit = Int64(before) * 7 / 10
        let journal = try open(
            folder,
            RetentionSettings(looks: .seconds(30 * day), bytes: limit),
            logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) })
        )
        try await eventually("a third is gone") {
            journal.statistics.deletedLooks > 5000 && journal.statistics.deleting == nil
        }
        journal.close()
        let after = try FileManager.default.attributesOfItem(atPath: folder.journal)[.size] as? Int ?? 0
        #expect(Int64(after) <= limit)
        #expect(Int64(after) > limit * 9 / 10, "no more went than had to")
        #expect(lines.count(.notice) == 1)
        #expect(try number(folder, "SELECT min(id) FROM look") == journal.statistics.deletedLooks + 1)
        try expectSound(folder)
    }

    @Test("a clock that jumps ahead by two hundred days costs nothing at once")
    func jump() async throws {
        let folder = try made(100, from: Date() - 1000, apart: 1)
        try folder.open().close()
        // The time that was kept is two hundred days ago; the wall clock says two hundred days later.
        var settings = JournalSettings()
        settings.retention = RetentionSettings(looks: .seconds(30 * day))
        settings.housekeepingPause = .milliseconds(1)
        try folder.execute("UPDATE look SET at = at - 200 * 86400000")
        try folder.execute("UPDATE retention SET clock = clock - 200 * 86400000")
        let journal = try Journal(path: folder.journal, logger: quiet, settings: settings, now: Date())
        try await Task.sleep(for: .milliseconds(300))
        #expect(journal.statistics.deletedLooks == 0)
        journal.close()
    }

    @Test("another program's lock holds nobody up, and deleting goes on afterwards")
    func locked() async throws {
        let folder = try made(300, from: Date() - 10 * day, apart: 1)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", folder.journal]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN; SELECT count(*) FROM look;\n".utf8))
        #expect(output.fileHandleForReading.availableData.starts(with: Data("300".utf8)))
        let journal = try open(folder, RetentionSettings(looks: .seconds(5 * day)))
        try await eventually("a reader does not keep it from deleting") { journal.statistics.deletedLooks == 299 }
        try input.fileHandleForWriting.write(contentsOf: Data("COMMIT; BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
        #expect(output.fileHandleForReading.availableData.starts(with: Data("locked".utf8)))
        try await Task.sleep(for: .milliseconds(200))
        #expect(journal.statistics.longestStep < .seconds(1), "a step does not wait for a lock")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        journal.close()
        try expectSound(folder)
    }
}
