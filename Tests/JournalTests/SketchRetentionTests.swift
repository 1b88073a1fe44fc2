import Foundation
import Journal
import TestSupport
import Testing

/// The sketch follows what retention deletes: no file of it outlives its looks, and what is left is found.
@Suite("Retention of the sketch")
struct SketchRetentionTests {
    private let day = 86_400.0

    private func look(_ number: Int, at: Date, model: String, _ random: inout SplitMix) -> LookRecord {
        let vector = (0..<64).map { _ in Float(random.next() >> 40) * 0x1p-23 - 1 }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let crop = CropRecord(index: 0, x: 0, y: 0, side: 720, embedding: vector.map { $0 / length })
        return LookRecord(
            camera: number % 2 == 0 ? "door" : "yard",
            sequence: UInt64(number),
            at: at,
            view: "full",
            modelID: model,
            crops: [crop],
            scores: []
        )
    }

    private func files(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.journal + ".sketch").sorted()
    }

    @Test("files whose looks were all deleted go, those that have some left stay, and searches find what is left")
    func follows() async throws {
        let folder = try TemporaryFolder()
        var random = SplitMix(state: 9)
        let now = Date()
        // Another model begins another file: three, of nine, six and three days ago; and what is being written.
        let filling = try folder.open(capacity: 100_000)
        for (age, model) in [(9.0, "m1"), (6.0, "m2"), (3.0, "m1"), (0.1, "m2")] {
            for number in 0..<100 {
                filling.record(look(number, at: now - age * day + Double(number) * 600, model: model, &random))
            }
        }
        filling.flush()
        filling.close()
        #expect(try files(folder).count == 4)

        var settings = JournalSettings()
        settings.gathering = .milliseconds(1)
        // The second file loses about a half.
        settings.retention = RetentionSettings(looks: .seconds(5.6 * day))
        settings.housekeepingPause = .milliseconds(5)
        settings.clockHaste = 1e12
        let journal = try Journal(path: folder.journal, logger: quiet, settings: settings, now: now)
        try await eventually("the old are gone") { journal.statistics.deletedLooks >= 150 }
        try await eventually("it rests") { journal.statistics.deleting == nil }
        journal.close()

        #expect(try files(folder).count == 3)
        let left = try #require(Int(folder.query("SELECT count(*) FROM look")[0][0]))
        #expect((201..<300).contains(left))
        for model in ["m1", "m2"] {
            var question = LookSearch(
                embedding: look(0, at: now, model: model, &random).crops[0].embedding,
                modelID: model
            )
            question.stretch = .zero
            question.limit = 400
            let reader = try JournalReader(path: folder.journal)
            let found = try reader.search(question)
            reader.close()
            #expect(found.damage == nil && found.unsketched == 0)
            let expected = try folder.query(
                "SELECT look.id FROM look JOIN model ON model.id = model_id WHERE model.name = '\(model)'"
            )
            #expect(Set(found.moments.map(\.look)) == Set(expected.compactMap { Int64($0[0]) }))
            let aside = try folder.copy()
            let plainReader = try JournalReader(path: aside.journal)
            let plain = try plainReader.search(question)
            plainReader.close()
            #expect(plain.unsketched > 0 && plain.moments == found.moments)
        }
    }
}
