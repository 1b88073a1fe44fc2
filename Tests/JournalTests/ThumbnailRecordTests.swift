import Foundation
import Journal
import Testing

@Suite("Thumbnails in the journal")
struct ThumbnailRecordTests {
    private func thumbnail(of look: LookRecord, bytes: Int = 100) -> ThumbnailRecord {
        ThumbnailRecord(
            camera: look.camera,
            sequence: look.sequence,
            at: look.at,
            width: 320,
            height: 180,
            jpeg: Data(repeating: 7, count: bytes)
        )
    }

    @Test("each is written beside its look, once; of a look that is not there, nothing is")
    func written() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let looks = (0..<5).map { sampleLook(UInt64($0), at: noon + Double($0)) }
        for look in looks {
            journal.record(look)
            journal.record(thumbnail(of: look))
        }
        // Again, later, of another camera, and of another time.
        journal.record(thumbnail(of: looks[2], bytes: 50))
        journal.flush()
        journal.record(thumbnail(of: looks[3], bytes: 50))
        journal.record(thumbnail(of: sampleLook(1, camera: "elsewhere", at: noon + 1)))
        journal.record(thumbnail(of: sampleLook(1, at: noon + 2)))
        journal.close()
        #expect(journal.statistics.thumbnails == 5)
        let rows = try folder.query("SELECT camera, at_ms - look * 1000, width, height, length(jpeg) FROM thumbnails")
        let first = Int((noon.timeIntervalSince1970 * 1000).rounded()) - 1000
        #expect(rows == Array(repeating: ["front-door", "\(first)", "320", "180", "100"], count: 5))
    }

    @Test("on a full disk they wait with their looks")
    func fullDisk() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(retryAfter: .seconds(3600))
        journal.flush()
        try journal.limit(pages: 1)
        let look = sampleLook(1, dimensions: 512)
        journal.record(look)
        journal.record(thumbnail(of: look, bytes: 20_000))
        journal.flush()
        #expect(!journal.statistics.isWritable)
        try journal.limit(pages: 1_000_000)
        journal.flush()
        #expect(journal.statistics.isWritable && journal.statistics.thumbnails == 1)
        journal.close()
        #expect(try folder.query("SELECT length(jpeg) FROM thumbnails") == [["20000"]])
    }
}
