import Foundation
import Sketch
import Testing

/// A sketch is a cache: what cannot be relied on is not read, and is made anew.
@Suite("Sketch folder")
struct FolderTests {
    /// Three sealed segments of 10 looks each, and one that is open with 5.
    private func filled() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var noise = Noise(1)
        var writer = try folder.writer()
        for look in 1...35 as ClosedRange<Int64> {
            try writer.add([crop(look, noise.unit(32))], model: "m")
            if look % 10 == 0 { try writer.seal() }
        }
        try writer.commit()
        return folder
    }

    private func looks(_ folder: TemporaryFolder, of identity: String = "one") -> [ClosedRange<Int64>] {
        folder.sketch.segments(of: identity).map(\.looks)
    }

    @Test("segments follow each other, and are of one journal")
    func order() throws {
        let folder = try filled()
        #expect(looks(folder) == [1...10, 11...20, 21...30, 31...35])
        #expect(looks(folder, of: "two").isEmpty)
        #expect(folder.files == ["00000001", "00000002", "00000003", "00000004"])
    }

    @Test("the next writer keeps what is complete, and says from where on to sketch again")
    func reopening() throws {
        let folder = try filled()
        var writer = try folder.writer(newest: 35)
        #expect(writer.lastLook == 30)
        #expect(looks(folder) == [1...10, 11...20, 21...30])
        var noise = Noise(2)
        for look in 31...40 as ClosedRange<Int64> { try writer.add([crop(look, noise.unit(32))], model: "m") }
        try writer.commit()
        #expect(looks(folder) == [1...10, 11...20, 21...30, 31...40])
    }

    @Test("of a journal that has lost its last looks, or is another one, nothing stays that it lacks")
    func behind() throws {
        let folder = try filled()
        #expect(try folder.writer(newest: 29).lastLook == 20)
        #expect(looks(folder) == [1...10, 11...20])
        #expect(try folder.writer(identity: "two", newest: 29).lastLook == 0)
        #expect(folder.files.isEmpty)
    }

    @Test("what the journal finds untrue goes with all that follows")
    func untrue() throws {
        let folder = try filled()
        let writer = try SketchWriter(folder.sketch, identity: "one", oldest: 1, newest: 35) {
            $0.looks.lowerBound != 11
        }
        #expect(writer.lastLook == 10)
        #expect(folder.files == ["00000001"])
    }

    @Test("segments whose looks are gone go, the others stay; a first one that begins too late is none")
    func forgetting() throws {
        let folder = try filled()
        let writer = try folder.writer(oldest: 15, newest: 35)
        #expect(looks(folder) == [11...20, 21...30])
        try writer.forget(before: 25)
        #expect(looks(folder) == [21...30])
        #expect(try folder.writer(oldest: 15, newest: 35).lastLook == 14)
        #expect(folder.files.isEmpty)
    }

    @Test("a segment that is not sealed counts in the boot in which it was written")
    func boot() throws {
        let folder = try filled()
        try folder.damage("00000004", at: 2048, with: Array("another boot id.".utf8))
        #expect(looks(folder) == [1...10, 11...20, 21...30])
        try folder.damage("00000002", at: 2048, with: Array("another boot id.".utf8))
        #expect(looks(folder) == [1...10, 11...20, 21...30])
    }

    @Test("a gap, garbage and truncated heads end what is read", arguments: 0..<5)
    func damage(kind: Int) throws {
        let folder = try filled()
        let (name, path) = ("00000002", folder.sketch.path + "/00000002")
        switch kind {
        case 0: try FileManager.default.removeItem(atPath: path)
        case 1: try Data("garbage".utf8).write(to: URL(fileURLWithPath: path))
        case 2: try folder.truncate(name, to: 4100)
        case 3: try folder.damage(name, at: 50, with: [7])
        default: try folder.damage(name, at: 2096, with: [UInt8](repeating: 0xff, count: 8))
        }
        #expect(looks(folder) == [1...10])
        #expect(try folder.writer(newest: 35).lastLook == 10)
        #expect(folder.files == ["00000001"])
    }

    @Test("what is shorter, or refers to what is not there, is found when it is searched", arguments: 0..<3)
    func inside(kind: Int) throws {
        let folder = try filled()
        let columns = UInt64(4096 + 65_536 * 48)
        switch kind {
        case 0: try folder.truncate("00000001", to: columns + 100)
        // A keyframe beyond all, and a scale that is not a number.
        case 1: try folder.damage("00000001", at: columns + 12, with: [0xff, 0xff])
        default: try folder.damage("00000001", at: columns, with: [0xff, 0xff, 0xff, 0xff])
        }
        var noise = Noise(5)
        let reader = SketchReader(folder.sketch.segments(of: "one"))
        let query = try #require(SketchQuery(noise.unit(32)))
        #expect(throws: SketchError.self) {
            try reader.candidates(of: query, model: "m", everything, groups: 100)
        }
    }

    @Test("a sample is what was sketched, and nothing else")
    func samples() throws {
        let folder = try filled()
        var noise = Noise(1)
        let vectors = (1...35).map { _ in noise.unit(32) }
        for segment in folder.sketch.segments(of: "one") {
            for share in [0, 0.5, 1] {
                let sample = try #require(try segment.sample(at: share))
                #expect(sample.matches(halves(vectors[Int(sample.record.look) - 1])))
                #expect(!sample.matches(halves(vectors[Int(sample.record.look) % 35])))
                #expect(!sample.matches([]))
            }
        }
    }

    @Test("where the folder cannot be made, that is said")
    func refusal() throws {
        let folder = SketchFolder(ofJournal: "/proc/none/journal.db")
        #expect(throws: SketchError.self) {
            try SketchWriter(folder, identity: "one", oldest: 1, newest: 0) { _ in true }
        }
        #expect(folder.segments(of: "one").isEmpty)
    }
}
