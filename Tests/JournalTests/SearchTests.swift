import Foundation
import GRDB
import Journal
import Sketch
import TestSupport
import Testing

/// What a search of the journal finds, with a sketch, without one, and with one that is not to be relied on.
@Suite("Search")
struct SearchTests {
    private static let model = "0123456789ab/f32/1"
    private static let width = 64

    private struct Noise {
        var random: SplitMix

        mutating func unit() -> [Float] {
            let vector = (0..<SearchTests.width).map { _ in Float(random.next() >> 40) * 0x1p-23 - 1 }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / length }
        }
    }

    /// Looks of two cameras with two crops, a second apart, in scenes that last a while; some are the same to the bit.
    private static func looks(_ numbers: Range<Int>, seed: UInt64 = 1, model: String = model) -> [LookRecord] {
        var noise = Noise(random: SplitMix(state: seed))
        var scenes = (0..<4).map { _ in noise.unit() }
        return numbers.map { number in
            let camera = number % 2
            if number % 23 == 0 { scenes[number % 4] = noise.unit() }
            let crops = (0..<2).map { index in
                var vector = scenes[2 * camera + index]
                if number % 5 < 3 { vector = zip(vector, noise.unit()).map { 0.95 * $0 + 0.2 * $1 } }
                return CropRecord(index: index, x: 0, y: 0, side: 720, embedding: vector)
            }
            return LookRecord(
                camera: camera == 0 ? "door" : "yard",
                sequence: UInt64(number),
                at: noon + Double(number),
                view: "full",
                modelID: model,
                crops: crops,
                scores: []
            )
        }
    }

    private static func question(_ seed: UInt64 = 5) -> LookSearch {
        var noise = Noise(random: SplitMix(state: seed))
        return LookSearch(embedding: noise.unit(), modelID: model)
    }

    /// The journal with these looks, sketched, and closed.
    private func filled(_ looks: [LookRecord]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try add(looks, to: folder)
        return folder
    }

    private func add(_ looks: [LookRecord], to folder: TemporaryFolder) throws {
        let journal = try folder.open(capacity: 100_000)
        for look in looks { journal.record(look) }
        journal.flush()
        journal.close()
    }

    private func search(_ folder: TemporaryFolder, _ question: LookSearch) throws -> SearchResult {
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        return try reader.search(question)
    }

    private func withoutSketch(_ folder: TemporaryFolder) throws {
        try FileManager.default.removeItem(atPath: folder.journal + ".sketch")
    }

    private func product(_ one: [Float], _ other: [Float]) -> Double {
        zip(one, other).reduce(0) { $0 + Double(Float(Float16($1.0))) * Double($1.1) }
    }

    @Test("with a sketch it finds what it finds without, and what comparing every look finds")
    func exact() throws {
        let looks = Self.looks(0..<3000)
        let folder = try filled(looks)
        var questions: [LookSearch] = []
        for seed in 1...6 as ClosedRange<UInt64> {
            var question = Self.question(seed)
            if seed > 4 { question.embedding = looks[Int(seed) * 100].crops[0].embedding }
            questions.append(question)
            question.cameras = ["yard"]
            question.since = noon + 500
            question.until = noon + 2000
            question.limit = 7
            questions.append(question)
            question.stretch = .zero
            questions.append(question)
        }
        let found = try questions.map { try search(folder, $0) }
        #expect(found.allSatisfy { $0.unsketched == 0 && $0.damage == nil && $0.otherModels.isEmpty })
        for (question, result) in zip(questions, found) {
            #expect(result.moments.count == question.limit || question.stretch > .zero)
            let best = looks.enumerated().filter { _, look in
                question.cameras?.contains(look.camera) ?? true && look.at >= question.since && look.at < question.until
            }.map {
                (look: Int64($0 + 1), score: $1.crops.map { product($0.embedding, question.embedding) }.max() ?? 0)
            }
            let sorted = best.sorted { ($1.score, $0.look) < ($0.score, $1.look) }
            #expect(result.moments.first?.look == sorted.first?.look)
            if question.stretch == .zero {
                #expect(result.moments.map(\.look) == sorted.prefix(question.limit).map(\.look))
                for (moment, expected) in zip(result.moments, sorted) {
                    #expect(abs(moment.similarity - expected.score) < 1e-12)
                }
            }
        }
        try withoutSketch(folder)
        for (question, expected) in zip(questions, found) {
            let result = try search(folder, question)
            #expect(result.moments == expected.moments)
            #expect(result.unsketched == 3000)
        }
    }

    @Test("looks of one camera that follow each other are one moment, with the best of them")
    func folding() throws {
        var looks = Self.looks(0..<400)
        let target = Self.question().embedding
        // At the door from 100 s to 160 s, and once in the yard.
        for number in stride(from: 100, to: 160, by: 2) { looks[number].crops[1].embedding = target }
        looks[131].crops[0].embedding = target.map { $0 * 0.99 }
        let result = try search(try filled(looks), Self.question())
        let (first, second) = (try #require(result.moments.first), try #require(result.moments.dropFirst().first))
        #expect(first.camera == "door" && first.look == 101 && first.crop == 1)
        #expect(first.until.timeIntervalSince(first.from) >= 30)
        #expect(first.similarity > 0.99 && second.similarity > 0.98)
        #expect(second.camera == "yard" && second.look == 132 && second.crop == 0)
        for (one, other) in zip(result.moments, result.moments.dropFirst()) {
            #expect(one.similarity >= other.similarity)
        }
    }

    @Test("stretches are folded while they are nearly as good, and their edges are no moments")
    func foldingOfStretches() {
        func crop(_ slot: Int64, _ score: Double, camera: Int32 = 1) -> SketchCandidate {
            SketchCandidate(
                group: SketchGroup(camera: camera, slot: slot),
                least: score,
                most: score,
                look: slot,
                crop: 0,
                camera: camera,
                at: slot
            )
        }
        func folded(_ crops: [SketchCandidate], isByLook: Bool = false) -> [[Int64]] {
            MomentFolding.fold(crops.sorted { $0.most > $1.most }, isByLook: isByLook).map { $0.map(\.look) }
        }
        #expect(folded([]).isEmpty)
        #expect(folded([crop(5, 0.3), crop(6, 0.29), crop(7, 0.28), crop(9, 0.295)]) == [[5, 6, 7], [9]])
        // 4 closes the gap; 8 is an edge, 9 is beyond it.
        #expect(folded([crop(3, 0.3), crop(5, 0.29), crop(4, 0.28)]) == [[3, 4, 5]])
        #expect(folded([crop(7, 0.3), crop(8, 0.2), crop(9, 0.15)]) == [[7], [9]])
        #expect(folded([crop(3, 0.3), crop(5, 0.29), crop(4, 0.2)]) == [[3], [5]])
        #expect(folded([crop(3, 0.3), crop(4, 0.29, camera: 2)]) == [[3], [4]])
        #expect(folded([crop(3, -0.2), crop(4, -0.21), crop(5, -0.3)]) == [[3, 4]])
        #expect(folded([crop(3, 0.3), crop(4, 0.29)], isByLook: true) == [[3], [4]])
    }

    @Test("a look's own moment is left out where it is not wanted")
    func besides() throws {
        let looks = Self.looks(0..<400)
        let folder = try filled(looks)
        let reader = try JournalReader(path: folder.journal)
        let (model, embeddings) = try #require(try reader.embeddings(ofLook: 200))
        #expect(model == Self.model && embeddings.count == 2)
        #expect(try reader.embeddings(ofLook: 1000) == nil)
        reader.close()
        var question = LookSearch(embedding: embeddings[0], modelID: model)
        let own = try #require(try search(folder, question).moments.first)
        #expect(own.similarity > 0.99 && own.camera == looks[199].camera)
        question.besides = 200
        let others = try search(folder, question).moments
        #expect(!others.isEmpty && !others.contains(own))
        #expect(others.allSatisfy { $0.camera != looks[199].camera || abs($0.at.timeIntervalSince(looks[199].at)) > 1 })
    }

    @Test("looks that are gone are not found, whether they are the oldest, or some in between")
    func deleted() throws {
        let folder = try filled(Self.looks(0..<2000))
        var question = Self.question()
        question.stretch = .zero
        let all = try search(folder, question).moments
        for deletion in [
            "id <= 300", "id BETWEEN 700 AND 900", "id % 7 = 3",
            "id IN (\(all.map { "\($0.look)" }.joined(separator: ",")))",
        ] {
            try folder.execute("PRAGMA foreign_keys = ON; DELETE FROM look WHERE \(deletion)")
            let found = try search(folder, question)
            #expect(found.damage == nil && found.unsketched == 0 && found.moments.count == 20)
            let aside = try folder.copy()
            #expect(try search(aside, question).moments == found.moments)
        }
        // The next daemon sketches no look that is gone, and finds the same.
        let before = try search(folder, question).moments
        try add([], to: folder)
        #expect(try search(folder, question).moments == before)
    }

    @Test("a journal that is emptied counts from 1 again, and is sketched again")
    func emptied() throws {
        let folder = try filled(Self.looks(0..<300))
        try folder.execute("PRAGMA foreign_keys = ON; DELETE FROM look")
        #expect(try search(folder, Self.question()).moments.isEmpty)
        try add(Self.looks(0..<50, seed: 3), to: folder)
        let found = try search(folder, Self.question())
        #expect(found.unsketched == 0 && !found.moments.isEmpty)
        let aside = try folder.copy()
        #expect(try search(aside, Self.question()).moments == found.moments)
    }

    @Test("looks of other models are left out, and named")
    func models() throws {
        let folder = try filled(Self.looks(0..<100) + Self.looks(100..<200, model: "other") + Self.looks(200..<300))
        var question = Self.question()
        question.stretch = .zero
        question.limit = 1000
        var found = try search(folder, question)
        #expect(found.moments.count == 200 && found.otherModels == ["other"] && found.unsketched == 0)
        #expect(found.moments.allSatisfy { !(101...200).contains($0.look) })
        question.modelID = "a third"
        #expect(try search(folder, question).otherModels == [Self.model, "other"].sorted())
        try withoutSketch(folder)
        found = try search(folder, question)
        #expect(found.moments.isEmpty && found.otherModels == [Self.model, "other"].sorted())
        question.embedding = [1]
        question.modelID = Self.model
        #expect(try search(folder, question).moments.isEmpty)
        question.embedding = []
        #expect(try search(folder, question).moments.isEmpty)
    }

    @Test("it works beside the writer, whose newest looks are found")
    func beside() async throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 100_000)
        let looks = Self.looks(0..<1000)
        for look in looks.prefix(600) { journal.record(look) }
        journal.flush()
        let target = Self.question().embedding
        var last = looks[999]
        last.crops[0].embedding = target
        journal.record(last)
        journal.flush()
        let found = try search(folder, Self.question())
        #expect(
            found.moments.first?.at
                == Date(timeIntervalSince1970: (last.at.timeIntervalSince1970 * 1000).rounded() / 1000)
        )
        #expect(found.damage == nil)
        try await eventually("the looks are sketched") { try search(folder, Self.question()).unsketched == 0 }
        journal.close()
        #expect(try search(folder, Self.question()).moments == found.moments)
    }

    @Test("a sketch of another journal, or of another state of this one, is not taken for its own")
    func stale() throws {
        let folder = try filled(Self.looks(0..<300))
        let other = try filled(Self.looks(0..<300, seed: 9))
        let expected = try search(folder, Self.question()).moments
        let sketch = folder.journal + ".sketch"
        try FileManager.default.removeItem(atPath: sketch)
        try FileManager.default.copyItem(atPath: other.journal + ".sketch", toPath: sketch)
        var found = try search(folder, Self.question())
        #expect(found.moments == expected && found.unsketched == 300)

        // The same name, other looks: the last one of a segment tells.
        let name = try #require(try folder.query("SELECT name FROM identity").first?.first)
        try other.execute("UPDATE identity SET name = '\(name)'")
        try add([], to: other)
        try FileManager.default.removeItem(atPath: sketch)
        try FileManager.default.copyItem(atPath: other.journal + ".sketch", toPath: sketch)
        found = try search(folder, Self.question())
        #expect(found.moments == expected && found.unsketched == 300)
        // The next writer throws it away.
        try add([], to: folder)
        found = try search(folder, Self.question())
        #expect(found.moments == expected && found.unsketched == 0)
    }

    @Test("damage costs time, and no result", arguments: 0..<4)
    func damage(kind: Int) throws {
        let folder = try filled(Self.looks(0..<300))
        let expected = try search(folder, Self.question()).moments
        let path = folder.journal + ".sketch/00000001"
        let columns: UInt64 = 4096 + 65_536 * 48
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        switch kind {
        case 0: try file.truncate(atOffset: 100)
        case 1: try file.truncate(atOffset: columns + 1000)
        case 2:
            // Scales that are too small, so that embeddings are not where they seem to be.
            for vector in 0..<300 as Range<UInt64> {
                try file.seek(toOffset: columns + 20 * vector)
                try file.write(contentsOf: Data([0, 0, 0x80, 0x3f, 0, 0, 0, 0]))
            }
        default: try FileManager.default.removeItem(atPath: path)
        }
        try file.close()
        let found = try search(folder, Self.question())
        #expect(found.moments == expected)
        #expect(found.damage != nil || found.unsketched == 300)
    }

    @Test("names of cameras and pictures of moments are there to be had")
    func names() throws {
        let folder = try filled(Self.looks(0..<100))
        let moment = try #require(try search(folder, Self.question()).moments.first)
        let reader = try JournalReader(path: folder.journal)
        #expect(try reader.cameraNames() == ["door", "yard"])
        #expect(try reader.thumbnail(of: moment) == nil)
        reader.close()
        try folder.execute(
            "INSERT INTO thumbnail (look_id, width, height, jpeg) SELECT id, 1, 1, CAST(id AS BLOB) FROM look"
        )
        let another = try JournalReader(path: folder.journal)
        #expect(try another.thumbnail(of: moment) == Data("\(moment.look)".utf8))
        try folder.execute("PRAGMA foreign_keys = ON; DELETE FROM thumbnail WHERE look_id = \(moment.look)")
        #expect(try another.thumbnail(of: moment) != nil)
        another.close()
    }
}
