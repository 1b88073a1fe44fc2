import Foundation
import Journal
import Testing

/// Going through looks of the past.
struct WindowTests {
    private func taken(_ reader: JournalReader, _ window: PastWindow) throws -> [PastLook] {
        var looks: [PastLook] = []
        try reader.eachLook(in: window) { looks.append($0) }
        return looks
    }

    private func journal() throws -> (TemporaryFolder, JournalReader) {
        let folder = try TemporaryFolder()
        for run in 0..<2 {
            let journal = try folder.open()
            for number in 0..<6 {
                let at = noon + Double(run * 100 + number)
                journal.record(sampleLook(UInt64(number), camera: number % 2 == 0 ? "door" : "yard", at: at))
            }
            journal.close()
        }
        return (folder, try JournalReader(path: folder.journal))
    }

    @Test func aWindowHasItsTimesAndItsCameras() throws {
        let (folder, reader) = try journal()
        defer { withExtendedLifetime(folder) { reader.close() } }
        let all = try reader.window()
        #expect(all.numbers == 1...12)
        #expect(try taken(reader, all).map(\.id) == Array(1...12))
        #expect(try taken(reader, all).allSatisfy { $0.embeddings.count == 2 && $0.embeddings[0].count == 16 })
        let yard = try reader.window(since: noon + 2, until: noon + 103, cameras: ["yard"])
        #expect(yard.numbers == 4...8)
        let looks = try taken(reader, yard)
        #expect(looks.map(\.id) == [4, 6, 8] && looks.allSatisfy { $0.camera == "yard" })
        #expect(looks.map(\.run) == [1, 1, 2])
        #expect(looks.map(\.frame) == [3, 5, 1])
        for empty in [
            try reader.window(since: noon + 1000), try reader.window(cameras: ["attic"]),
            try reader.window(cameras: []),
        ] {
            #expect(empty.numbers == nil)
            #expect(try taken(reader, empty).isEmpty)
        }
        #expect(all.share(before: 1) == 0 && all.share(before: 12) == 1)
    }

    @Test func aWindowStaysAsItWas() throws {
        let (folder, reader) = try journal()
        defer { reader.close() }
        let window = try reader.window()
        let journal = try folder.open()
        journal.record(sampleLook(99, camera: "door"))
        journal.close()
        #expect(try taken(reader, window).count == 12)
        #expect(try taken(reader, try reader.window()).count == 13)
    }

    @Test func manyLooksAreReadPageByPage() throws {
        let (folder, reader) = try journal()
        defer { reader.close() }
        // With a hole, as retention leaves one.
        try folder.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 13 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO look (id, camera_id, at, frame, framing_id, model_id, run_id)
            SELECT i, 1, 1795435300000 + i, i, 1, 1, 2 FROM n WHERE i < 300 OR i > 9000;
            INSERT INTO crop SELECT id, number, 0, 0, 9, x'003c0000' FROM look, (SELECT 0 AS number UNION SELECT 1)
            WHERE id > 12;
            """
        )
        let looks = try taken(reader, try reader.window())
        #expect(looks.map(\.id) == Array(1..<300) + Array(9001...20_000))
        #expect(looks.allSatisfy { $0.embeddings.count == 2 })
    }

    @Test func theCourseSaysWhichRunsEndedAndGoOn() throws {
        let (folder, reader) = try journal()
        defer { reader.close() }
        try folder.execute("UPDATE run SET ended = NULL WHERE id = 1")
        let course = try reader.course(until: noon + 5)
        #expect(course.runs.map(\.number) == [1, 2])
        #expect(course.runs.map { $0.ended == nil } == [true, false])
        #expect(course.until == noon + 5)
        #expect(course.continued == [.init(camera: "yard", run: 1), .init(camera: "door", run: 2)])
        #expect(try reader.course().continued.isEmpty)
    }
}
