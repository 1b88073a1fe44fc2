import Foundation
import Journal
import TestSupport
import Testing

/// Looks of the past out of the sketch are those out of the database, and as near as they say.
@Suite("Approximate looks")
struct ApproximateLookTests {
    private static let model = "0123456789ab/f32/1"

    private static func unit(_ random: inout SplitMix) -> [Float] {
        let vector = (0..<48).map { _ in Float(random.next() >> 40) * 0x1p-23 - 1 }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    private static func looks(_ count: Int) -> [LookRecord] {
        var random = SplitMix(state: 4)
        var vector = unit(&random)
        return (0..<count).map { number in
            if number % 10 < 4 { vector = unit(&random) }
            return LookRecord(
                camera: number % 3 == 0 ? "door" : "yard",
                sequence: UInt64(number),
                at: noon + Double(number),
                view: "full",
                modelID: number / 100 == 3 ? "other" : model,
                elapsed: number < 50 ? nil : .seconds(number),
                brightness: number < 50 ? nil : number % 256,
                isEvidence: number % 7 != 0,
                isAfterLoss: number % 11 == 0,
                crops: (0...(number % 2)).map { CropRecord(index: $0, x: 0, y: 0, side: 720, embedding: vector) },
                scores: []
            )
        }
    }

    @Test(
        "with the sketch, without it, and with looks that are gone they are the looks of the journal",
        arguments: [true, false]
    )
    func same(isSketched: Bool) throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 100_000)
        for look in Self.looks(1000) { journal.record(look) }
        journal.close()
        try folder.execute("PRAGMA foreign_keys = ON; DELETE FROM look WHERE id < 20 OR id % 13 = 5 OR id > 990")
        var random = SplitMix(state: 8)
        let queries = (0..<3).map { _ in Self.unit(&random) }
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        let (since, until) = (noon + 30, noon + 900)
        var expected: [PastLook] = []
        try reader.eachLook(since: since, until: until) { expected.append($0) }
        var count = 0
        try reader.eachApproximateLook(
            like: queries,
            modelID: Self.model,
            since: since,
            until: until,
            isSketched: isSketched
        ) { look, exact in
            let past = try #require(count < expected.count ? expected[count] : nil)
            count += 1
            #expect(look.id == past.id && look.camera == past.camera && look.run == past.run && look.at == past.at)
            #expect(look.elapsed == past.elapsed && look.frame == past.frame && look.brightness == past.brightness)
            #expect(look.isEvidence == past.isEvidence && look.isAfterLoss == past.isAfterLoss)
            #expect(look.modelID == past.modelID && look.crops == past.embeddings.count)
            #expect(try exact.embeddings(of: look.id) == past.embeddings)
            #expect(look.isComparable == (past.modelID == Self.model))
            guard look.isComparable else { return }
            for (crop, embedding) in past.embeddings.enumerated() {
                #expect(look.error(crop: crop) < (isSketched ? 0.02 : 1e-6))
                for (number, query) in queries.enumerated() {
                    let product = zip(embedding, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                    #expect(abs(look.similarity(crop: crop, query: number) - product) <= look.error(crop: crop))
                }
            }
        }
        #expect(count == expected.count && count > 700)
    }

    @Test("what body throws ends it, and damage is said")
    func ends() throws {
        struct Enough: Error {}
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 100_000)
        for look in Self.looks(300) { journal.record(look) }
        journal.close()
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        var random = SplitMix(state: 8)
        let query = Self.unit(&random)
        var count = 0
        #expect(throws: JournalError.self) {
            try reader.eachApproximateLook(like: [query], modelID: Self.model) { _, _ in
                count += 1
                if count == 5 { throw Enough() }
            }
        }
        #expect(count == 5)
        // A keyframe that there is not, of an embedding in the middle.
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.journal + ".sketch/00000001"))
        try file.seek(toOffset: 4096 + 65_536 * 48 + 20 * 30 + 12)
        try file.write(contentsOf: Data([0xff, 0xff]))
        try file.close()
        #expect(throws: JournalError.self) {
            try reader.eachApproximateLook(like: [query], modelID: Self.model) { _, _ in }
        }
    }
}
