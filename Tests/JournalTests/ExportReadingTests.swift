import Foundation
import Journal
import Testing

@Suite("Reading for an export")
struct ExportReadingTests {
    private func filled() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for second in 0..<100 {
            journal.record(sampleLook(UInt64(second), at: noon + Double(second)))
            journal.record(sampleLook(UInt64(second), camera: "garden", at: noon + Double(second)))
        }
        let start = sampleStart(at: noon + 50)
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(sampleEnd(of: start, at: noon + 60))) { _ in }
        let open = sampleStart(EventID(at: noon + 95), camera: "garden", at: noon + 95)
        journal.record(.eventStarted(open)) { _ in }
        journal.flush()
        let copy = try folder.copy()
        journal.close()
        return copy
    }

    private func all(_ folder: TemporaryFolder, _ selection: PastSelection) throws -> [WholeLook] {
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        var (looks, last, seen): ([WholeLook], Int64, Int) = ([], 0, 0)
        while true {
            let page = try reader.lookPage(after: last, selection, limit: 7)
            guard let end = page.last else { break }
            #expect(page.count <= 7 && end > last)
            (last, seen) = (end, seen + page.count)
            looks += page.looks
        }
        #expect(try reader.countLooks(selection) == seen)
        return looks
    }

    @Test("pages have every look once, with what was active then")
    func pages() throws {
        let folder = try filled()
        let looks = try all(folder, PastSelection())
        #expect(looks.count == 200)
        #expect(looks.map(\.look.id) == Array(1...200))
        for whole in looks {
            let second = whole.look.look.at.timeIntervalSince(noon).rounded()
            let isActive = whole.look.look.camera == "garden" ? second >= 95 : (50...60).contains(second)
            #expect(whole.triggers == (isActive ? ["parcel-left"] : []), "\(second)")
            #expect(whole.look.look.crops.count == 2 && whole.thumbnail == nil)
        }
    }

    @Test("times, cameras and events choose")
    func selections() throws {
        let folder = try filled()
        let part = try all(folder, PastSelection(since: noon + 10, until: noon + 20, cameras: ["garden"]))
        #expect(part.map(\.look.look.sequence) == Array(10..<20))
        #expect(part.allSatisfy { $0.look.look.camera == "garden" })
        let events = try all(folder, PastSelection(onlyOfEvents: true))
        #expect(
            events.filter { $0.look.look.camera == "front-door" }.map(\.look.look.sequence) == Array(40...60)
        )
        #expect(events.filter { $0.look.look.camera == "garden" }.map(\.look.look.sequence) == Array(85..<100))
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        #expect(try reader.events(after: 0, PastSelection(), limit: 9).map(\.seqStarted) == [1, 3])
        #expect(try reader.events(after: 1, PastSelection(), limit: 9).map(\.seqStarted) == [3])
        #expect(try reader.events(after: 0, PastSelection(since: noon + 61), limit: 9).map(\.seqStarted) == [3])
        #expect(try reader.events(after: 0, PastSelection(until: noon + 95), limit: 9).map(\.seqStarted) == [1])
        #expect(try reader.events(after: 0, PastSelection(cameras: ["nowhere"]), limit: 9).isEmpty)
        #expect(try reader.cameraNames() == ["front-door", "garden"])
    }
}
