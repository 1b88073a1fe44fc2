import Foundation
import Journal
import Testing

@Suite("Reading what looks show")
struct DiaryReadingTests {
    private func look(_ camera: String, _ at: Int64, _ labels: [String]?, isEvidence: Bool = true) -> LookRecord {
        LookRecord(
            camera: camera,
            sequence: 1,
            at: Date(timeIntervalSince1970: Double(at) / 1000),
            view: "full",
            modelID: "m",
            isEvidence: isEvidence,
            labels: labels,
            crops: [CropRecord(index: 0, x: 0, y: 0, side: 8, embedding: [1, 0])],
            scores: []
        )
    }

    private func read(
        _ reader: JournalReader,
        _ camera: String,
        since: Double = 0,
        until: Double = 1e9
    ) throws -> [DescribedLook] {
        var looks: [DescribedLook] = []
        try reader.eachDescribedLook(
            camera: camera,
            since: Date(timeIntervalSince1970: since),
            until: Date(timeIntervalSince1970: until)
        ) { looks.append($0) }
        return looks
    }

    @Test("labels are words in the views and in what is read back, and NULL where there are none")
    func words() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        journal.record(look("door", 1000, ["a street", "a dog"]))
        journal.record(look("door", 2000, []))
        journal.record(look("door", 3000, nil))
        journal.close()
        let labels = try folder.query("SELECT labels FROM looks ORDER BY id")
        #expect(labels == [["a street, a dog"], ["NULL"], ["NULL"]])
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        #expect(try reader.looks(limit: 5).map(\.look.labels) == [nil, nil, ["a street", "a dog"]])
        let page = try reader.lookPage(after: 0, PastSelection(), limit: 5)
        #expect(page.looks.map(\.labels) == ["a street, a dog", nil, nil])
    }

    @Test("a camera's looks come in the order of time, page by page, each once")
    func pages() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 20_000)
        // More than two pages; five looks have one time.
        let times = (0..<9000).map { Int64($0 / 5 * 5) }
        for (index, time) in times.enumerated() { journal.record(look("door", time, ["look \(index % 7)"])) }
        journal.record(look("yard", 100, ["a cat"]))
        journal.record(look("door", 4321, nil, isEvidence: false))
        journal.flush()
        let reader = try JournalReader(path: folder.journal)
        defer {
            reader.close()
            journal.close()
        }
        let looks = try read(reader, "door")
        #expect(looks.count == 9001 && looks.map(\.at) == looks.map(\.at).sorted())
        #expect(looks.filter { $0.labels == ["look 3"] }.count == times.indices.count { $0 % 7 == 3 })
        #expect(looks.filter { !$0.isEvidence } == [DescribedLook(at: 4321, labels: nil, isEvidence: false)])
        #expect(try read(reader, "yard").map(\.at) == [100])
        #expect(try read(reader, "none").isEmpty)
        let part = try read(reader, "door", since: 1, until: 1.02)
        #expect(part.count == 20 && part.first?.at == 1000 && part.last?.at == 1015)
    }

    @Test("losses reach from when a camera was lost to when it was found")
    func losses() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }
        journal.record(look("door", 0, nil))
        for (seconds, reason) in [(10.0, "unplugged"), (30, "dark")] {
            journal.record(.cameraLost(CameraChange(camera: "door", at: at(seconds), reason: reason))) { _ in }
            guard seconds < 30 else { continue }
            let found = CameraChange(camera: "door", at: at(seconds + 5), reason: "it is back")
            journal.record(.cameraFound(found)) { _ in }
        }
        journal.record(.cameraLost(CameraChange(camera: "yard", at: at(12), reason: "other"))) { _ in }
        journal.close()
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        let all = try reader.losses(camera: "door", since: at(0), until: at(100))
        #expect(all.map(\.reason) == ["unplugged", "dark"])
        #expect(all.map(\.from) == [at(10), at(30)] && all.map(\.until) == [at(15), nil])
        #expect(try reader.losses(camera: "door", since: at(16), until: at(100)).map(\.reason) == ["dark"])
        #expect(try reader.losses(camera: "door", since: at(0), until: at(20)).map(\.reason) == ["unplugged"])
    }
}
