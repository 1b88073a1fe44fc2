import Foundation
import GRDB
import Journal
import Testing

/// What a later pass over the past needs, and what a journal of the first version has of it.
struct RunTests {
    @Test func aLookKeepsWhatTriggersWentBy() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        var look = sampleLook(7)
        look.elapsed = .milliseconds(123_456)
        look.brightness = 87
        look.isEvidence = false
        look.isAfterLoss = true
        journal.record(look)
        journal.flush()
        let kept = try #require(try journal.looks(limit: 1).first).look
        #expect(kept.elapsed == .milliseconds(123_456))
        #expect(kept.brightness == 87 && !kept.isEvidence && kept.isAfterLoss)
        #expect(try folder.query("SELECT brightness, evidence FROM looks") == [["87", "0"]])
        journal.close()
    }

    @Test func everyLookIsOfTheRunThatTookIt() throws {
        let folder = try TemporaryFolder()
        for run in 1...2 {
            let journal = try folder.open()
            journal.record(sampleLook(UInt64(run)))
            journal.close()
        }
        let killed = try folder.open()
        killed.record(sampleLook(3))
        killed.flush()
        let copy = try folder.copy()
        killed.close()
        #expect(try copy.query("SELECT frame, run_id FROM look") == [["1", "1"], ["2", "2"], ["3", "3"]])
        #expect(try copy.query("SELECT id, ended IS NULL FROM run") == [["1", "0"], ["2", "0"], ["3", "1"]])
    }

    @Test func anEventKeepsWhatCameBeforeItItsRegionAndThatItIsOnTrial() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        var start = sampleStart()
        start.suppressed = 3
        start.region = "doorstep"
        start.isDryRun = true
        var end = sampleEnd(of: start)
        end.isDryRun = true
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(end)) { _ in }
        journal.flush()
        #expect(try journal.events(limit: 1) == [JournaledEvent(start: start, seqStarted: 1, end: end, seqEnded: 2)])
        #expect(try journal.messages(after: 0, limit: 5).map(\.message.isDryRun) == [true, true])
        #expect(try folder.query("SELECT suppressed, dry_run, region FROM events") == [["3", "1", "doorstep"]])
        journal.close()
    }

    @Test func theLastStartOfEachTriggerOnEachCamera() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        #expect(try journal.lastStarts().isEmpty)
        for (camera, offset) in [("a", 0.0), ("a", 9.5), ("b", 4)] {
            let at = noon.addingTimeInterval(offset)
            let start = sampleStart(EventID(at: at), camera: camera, at: at)
            journal.record(.eventStarted(start)) { _ in }
            journal.record(.eventEnded(sampleEnd(of: start))) { _ in }
        }
        journal.flush()
        let starts = try journal.lastStarts().sorted { $0.camera < $1.camera }
        #expect(starts.map(\.camera) == ["a", "b"])
        #expect(starts.map { $0.at.timeIntervalSince(noon) } == [9.5, 4])
        #expect(starts.allSatisfy { $0.trigger == "parcel-left" })
        journal.close()
    }

    @Test func theLastStartsAreOfThePastAndSayWhetherTheyWereOnTrial() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for (offset, isDryRun) in [(0.0, false), (5, true), (60, false)] {
            let at = noon.addingTimeInterval(offset)
            var start = sampleStart(EventID(at: at), at: at)
            start.isDryRun = isDryRun
            journal.record(.eventStarted(start)) { _ in }
        }
        journal.flush()
        // That of a recording which was played fast lies in the future, and hides none of the others.
        let starts = try journal.lastStarts(until: noon.addingTimeInterval(30)).sorted { $0.at < $1.at }
        #expect(starts.map { $0.at.timeIntervalSince(noon) } == [0, 5])
        #expect(starts.map(\.isDryRun) == [false, true])
        journal.close()
    }

    @Test func aLossKeepsItsRunAndTheLookBeforeIt() throws {
        let folder = try TemporaryFolder()
        let loss = CameraChange(camera: "yard", at: noon, reason: "unplugged", told: noon + 5)
        for run in 1...2 {
            let journal = try folder.open()
            if run == 2 { journal.record(.cameraLost(loss)) { _ in } }
            journal.record(sampleLook(1))
            journal.record(sampleLook(2))
            journal.record(.cameraLost(loss)) { _ in }
            journal.record(sampleLook(3))
            let start = sampleStart(EventID(at: noon + Double(run)))
            journal.record(.eventStarted(start)) { _ in }
            journal.close()
        }
        // The event that the first run left open ends when the second begins.
        let none = ["NULL", "NULL"]
        let rows = try folder.query("SELECT run_id, look_id FROM message ORDER BY seq")
        #expect(
            rows == [["1", "2"], none, none, ["2", "3"], ["2", "5"], none]
        )
        let reader = try JournalReader(path: folder.journal)
        defer { reader.close() }
        let course = try reader.course()
        #expect(
            course.losses
                == [(1, 2), (2, 3), (2, 5)].map {
                    PastCourse.Loss(camera: "yard", told: noon + 5, run: $0.0, look: $0.1)
                }
        )
        #expect(course.runs.map(\.number) == [1, 2])
        #expect(course.runs.allSatisfy { $0.ended != nil })
    }

    @Test func whoReadsForOthersGetsNothingOfWhatIsOnTrial() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for number in 1...3 {
            var start = sampleStart(EventID(at: noon + Double(number)))
            start.isDryRun = number != 2
            journal.record(.eventStarted(start)) { _ in }
            var end = sampleEnd(of: start)
            end.isDryRun = number != 2
            journal.record(.eventEnded(end)) { _ in }
        }
        journal.record(.cameraLost(CameraChange(camera: "yard", at: noon, reason: "unplugged"))) { _ in }
        journal.flush()
        #expect(try journal.messages(after: 0, limit: 2, includingDryRuns: false).map(\.seq) == [3, 4])
        #expect(try journal.messages(after: 4, limit: 9, includingDryRuns: false).map(\.seq) == [7])
        #expect(try journal.messages(after: 0, limit: 9).map(\.seq) == Array(1...7))
        journal.close()
    }
}
