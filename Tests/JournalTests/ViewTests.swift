import Foundation
import Journal
import TestSupport
import Testing

/// What Docs/Journal.md promises.
struct ViewTests {
    private func document() throws -> String {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let url = tests.appendingPathComponent("../../Docs/Journal.md").standardizedFileURL
        return try String(contentsOf: url, encoding: .utf8)
    }

    /// A journal with something for every query of the document.
    private func populated() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let now = Date()
        for number in 0..<20 {
            let at = now.addingTimeInterval(Double(number) * 10 - 3600)
            var look = sampleLook(UInt64(number), at: at, probability: Double(number) / 20)
            look.scores[0].margin = Double(number - 10) / 100
            journal.record(look)
        }
        let start = sampleStart(at: now.addingTimeInterval(-3600))
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(sampleEnd(of: start))) { _ in }
        journal.record(.eventStarted(sampleStart(EventID(at: now), at: now))) { _ in }
        journal.record(.cameraFound(CameraChange(camera: "never-looked-at", at: now, reason: "opened"))) { _ in }
        journal.close()
        return folder
    }

    @Test func theDocumentsQueriesRunAndAnswer() throws {
        let blocks = try document().components(separatedBy: "```sql\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
        #expect(blocks.count >= 5)
        let folder = try populated()
        for query in blocks {
            #expect(try folder.query(query).count > 0, "\(query)")
        }
    }

    @Test(arguments: ["events", "looks", "scores", "cameras", "thumbnails"])
    func everyColumnIsDocumentedAndThereIsNoOther(view: String) throws {
        let section = try #require(document().components(separatedBy: "\n## \(view)\n").dropFirst().first)
            .components(separatedBy: "\n## ")[0]
        let documented = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
            line.split(separator: "|")[0].split(separator: "`").map(String.init).filter { $0.first?.isLetter == true }
        }
        let folder = try populated()
        let columns = try folder.query("SELECT name FROM pragma_table_info('\(view)')").map { $0[0] }
        #expect(Set(columns) == Set(documented))
        #expect(columns.count == documented.count)
    }

    @Test func theColumnsSayWhatWasRecorded() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        journal.record(sampleLook(7))
        let start = sampleStart()
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(sampleEnd(of: start))) { _ in }
        journal.record(.cameraFound(CameraChange(camera: "garden", at: noon, reason: "opened"))) { _ in }
        journal.close()
        let time = ["2026-11-23T12:00:00.218Z", "1795435200218"]
        #expect(
            try folder.query("SELECT * FROM looks")
                == [["1", "front-door"] + time + ["7", "full", "0123456789ab/f32/1", "2", "NULL", "1", "NULL"]]
        )
        #expect(
            try folder.query("SELECT * FROM scores")
                == [["1", "front-door"] + time + ["parcel-left", "1", "0.27", "0.5", "0.04", "an empty doorstep"]]
        )
        #expect(
            try folder.query("SELECT * FROM events")
                == [
                    [start.id.description, "parcel-left", "front-door"] + time
                        + ["2026-11-23T12:00:05.218Z", "1795435205218", "cleared", "0.271", "0.93", "0.043"]
                        + ["an empty doorstep", "99120", "1", "1", "2", "0", "0", "NULL"]
                ]
        )
        #expect(
            try folder.query("SELECT * FROM cameras ORDER BY name")
                == [["front-door"] + time + time + ["1"], ["garden", "NULL", "NULL", "NULL", "NULL", "0"]]
        )
    }

    @Test func anActiveEventHasNoEnd() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        journal.record(.eventStarted(sampleStart())) { _ in }
        journal.flush()
        #expect(
            try folder.query("SELECT ended, ended_ms, reason, seq_ended FROM events")
                == [["NULL", "NULL", "NULL", "NULL"]]
        )
        journal.close()
    }

    /// The text and the number of a time are the same millisecond, whatever it is.
    @Test func timesAreExact() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 2000)
        var randomness = SplitMix(state: 6)
        let times = (0..<1000).map { _ in Int64.random(in: 0...4_102_444_800_000, using: &randomness) }
        for time in times {
            var look = sampleLook(0, at: Date(timeIntervalSince1970: Double(time) / 1000))
            look.scores = []
            journal.record(look)
        }
        journal.close()
        for (time, row) in zip(times, try folder.query("SELECT at_ms, at FROM looks ORDER BY id")) {
            let seconds = Date(timeIntervalSince1970: Double(time / 1000)).formatted(.iso8601)
            let expected = seconds.dropLast() + ".\(String(1000 + time % 1000).dropFirst())Z"
            #expect(row == ["\(time)", String(expected)])
        }
    }

    /// A question about some time must not read the rest of the journal.
    @Test(arguments: [
        "SELECT * FROM scores WHERE trigger = 'parcel-left' AND at_ms >= 5",
        "SELECT * FROM scores WHERE trigger = 'parcel-left' AND camera = 'front-door' AND at_ms >= 5",
        "SELECT * FROM looks WHERE camera = 'front-door' AND at_ms >= 5",
        "SELECT * FROM events WHERE trigger = 'parcel-left' AND started_ms >= 5",
        "SELECT * FROM events WHERE camera = 'front-door' AND started_ms >= 5",
        "SELECT * FROM cameras WHERE name = 'front-door'",
    ])
    func questionsUseTheIndexes(query: String) throws {
        let folder = try populated()
        let plan = try folder.query("EXPLAIN QUERY PLAN " + query).map { $0[3] }
        #expect(!plan.isEmpty)
        for line in plan {
            let scans = ["look", "score", "crop", "event"].contains { line.hasPrefix("SCAN \($0)") }
            #expect(!scans, "\(plan)")
        }
    }
}
