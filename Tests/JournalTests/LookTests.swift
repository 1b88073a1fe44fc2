import Foundation
import Journal
import Testing

struct LookTests {
    @Test func aLookIsReadAsItWasWritten() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let look = sampleLook(7)
        journal.record(look)
        journal.flush()
        #expect(try journal.looks(limit: 10).map(\.look) == [look])
        #expect(try journal.scores(trigger: "parcel-left").map(\.score) == look.scores)
        #expect(try journal.scores(trigger: "parcel-left", camera: "garden").isEmpty)
        #expect(try journal.scores(trigger: "no-such").isEmpty)
        let statistics = journal.statistics
        #expect(statistics.looks == 1)
        #expect(statistics.crops == 2)
        #expect(statistics.isWritable)
        #expect(statistics.fileBytes > 4096)
        journal.close()
        #expect(try JournalReader(path: folder.journal).looks(limit: 10).map(\.look) == [look])
    }

    @Test func namesOfEveryKindSurvive() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let names = ["", "Haustür", "'; DROP TABLE look; --", "🚪\n\"x\"", String(repeating: "n", count: 5000)]
        for (number, name) in names.enumerated() {
            var look = sampleLook(UInt64(number), camera: name)
            look.modelID = name
            look.scores[0].trigger = name
            look.scores[0].rival = name
            journal.record(look)
        }
        journal.flush()
        let looks = try journal.looks(limit: 10).reversed()
        #expect(looks.map(\.look.camera) == names)
        #expect(looks.map(\.look.modelID) == names)
        #expect(looks.map(\.look.scores[0].trigger) == names)
        #expect(looks.map(\.look.scores[0].rival) == names)
        #expect(try journal.looks(camera: "Haustür", limit: 10).count == 1)
        journal.close()
    }

    @Test func extremesAreKeptOrBroughtIntoRange() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        var look = sampleLook(.max, at: .distantFuture)
        look.crops[0].embedding = []
        look.crops[1].x = .min
        look.scores = []
        journal.record(look)
        journal.record(sampleLook(0, at: Date(timeIntervalSince1970: .infinity)))
        journal.record(sampleLook(0, at: Date(timeIntervalSince1970: .nan)))
        journal.flush()
        let looks = try journal.looks(limit: 3).map(\.look)
        #expect(looks.count == 3)
        #expect(looks[2].sequence == UInt64(Int64.max))
        #expect(looks[2].at == .distantFuture)
        #expect(looks[2].crops == look.crops)
        #expect(looks[0].at == Date(timeIntervalSince1970: 0))
        journal.close()
    }

    /// A number that is none, or a crop twice, costs that look and no other.
    @Test func aLookThatMakesNoSenseIsRefusedAlone() throws {
        let folder = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let journal = try folder.open(
            gathering: .seconds(60),
            logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) })
        )
        var notANumber = sampleLook(2, camera: "only-here")
        notANumber.scores[0].probability = .nan
        var twice = sampleLook(3)
        twice.crops[1].index = 0
        journal.record(sampleLook(1))
        journal.record(notANumber)
        journal.record(twice)
        journal.record(twice)
        journal.record(sampleLook(4, camera: "only-here"))
        journal.flush()
        #expect(try journal.looks(limit: 10).map(\.look.sequence) == [4, 1])
        #expect(journal.statistics.looks == 2)
        #expect(journal.statistics.dropped == 3)
        #expect(journal.statistics.failures == 3)
        #expect(journal.statistics.isWritable)
        #expect(lines.count(.error) == 2, "one line for each cause")
        #expect(try folder.query("SELECT count(*) FROM crop") == [["4"]])
        journal.close()
    }

    @Test func looksAloneAreWrittenWithoutBeingAskedFor() async throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(gathering: .milliseconds(50))
        journal.record(sampleLook(1))
        try await eventually("the look is written") { journal.statistics.looks == 1 }
        journal.close()
    }

    @Test func manyRecordersLoseNothing() async throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 10_000)
        let published = Published()
        await withTaskGroup(of: Void.self) { group in
            for recorder in 0..<8 {
                group.addTask {
                    for number in 0..<50 {
                        journal.record(sampleLook(UInt64(number), camera: "camera-\(recorder)"))
                        if number.isMultiple(of: 10) {
                            let change = CameraChange(camera: "camera-\(recorder)", at: noon, reason: "\(number)")
                            journal.record(.cameraFound(change)) { published.append($0) }
                        }
                    }
                }
            }
        }
        journal.flush()
        #expect(journal.statistics.looks == 400)
        #expect(published.all.map(\.seq) == Array(1...40))
        for recorder in 0..<8 {
            let looks = try journal.looks(camera: "camera-\(recorder)", limit: 100)
            #expect(looks.reversed().map(\.look.sequence) == Array(0..<50))
            let reasons = published.all.filter { $0.message.camera == "camera-\(recorder)" }.map {
                if case .cameraFound(let change) = $0.message { change.reason } else { "" }
            }
            #expect(reasons == ["0", "10", "20", "30", "40"])
        }
        #expect(try journal.messages(after: 0, limit: 100) == published.all)
        journal.close()
    }

    /// The writer is held up in a publish while far too much comes.
    @Test func tooManyLooksCostTheOldestAndNoMessage() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(capacity: 10)
        let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let published = Published()
        journal.record(.cameraFound(CameraChange(camera: "a", at: noon, reason: "blocks"))) { message in
            published.append(message)
            entered.signal()
            release.wait()
        }
        entered.wait()
        for number in 0..<100 {
            journal.record(sampleLook(UInt64(number)))
            journal.record(.cameraLost(CameraChange(camera: "a", at: noon, reason: "\(number)"))) {
                published.append($0)
            }
        }
        #expect(journal.statistics.dropped == 90)
        release.signal()
        journal.flush()
        #expect(try journal.looks(limit: 100).reversed().map(\.look.sequence) == Array(90..<100))
        #expect(published.all.map(\.seq) == Array(1...101))
        #expect(published.all.allSatisfy { $0.journaled })
        #expect(try journal.messages(after: 0, limit: 200) == published.all)
        journal.close()
    }
}
