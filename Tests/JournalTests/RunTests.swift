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

    @Test func anEventKeepsWhatCameBeforeItAndThatItIsOnTrial() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        var start = sampleStart()
        start.suppressed = 3
        start.isDryRun = true
        var end = sampleEnd(of: start)
        end.isDryRun = true
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(end)) { _ in }
        journal.flush()
        #expect(try journal.events(limit: 1) == [JournaledEvent(start: start, seqStarted: 1, end: end, seqEnded: 2)])
        #expect(try journal.messages(after: 0, limit: 5).map(\.message.isDryRun) == [true, true])
        #expect(try folder.query("SELECT suppressed, dry_run FROM events") == [["3", "1"]])
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

    @Test func aJournalOfTheFirstVersionIsBroughtUpToDateWithAllThatItHolds() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        // As the first version made it: without what the second has added.
        try folder.execute(
            """
            DROP VIEW looks; DROP VIEW events; DROP VIEW thumbnails;
            ALTER TABLE look DROP COLUMN wording_id; DROP TABLE wording; DROP TABLE thumbnail; DROP TABLE addition;
            DROP TABLE identity; DROP TABLE retention;
            DROP INDEX message_by_kind; DROP INDEX message_by_time; DROP INDEX event_by_end;
            ALTER TABLE look DROP COLUMN run_id; ALTER TABLE look DROP COLUMN elapsed;
            ALTER TABLE look DROP COLUMN brightness; ALTER TABLE look DROP COLUMN flags;
            ALTER TABLE event DROP COLUMN suppressed; ALTER TABLE event DROP COLUMN dry_run;
            ALTER TABLE message DROP COLUMN told; ALTER TABLE message DROP COLUMN run_id;
            DROP TABLE run;
            CREATE VIEW looks AS SELECT 1; CREATE VIEW events AS SELECT 1;
            DELETE FROM grdb_migrations WHERE identifier = 'v2';
            INSERT INTO camera (name) VALUES ('front-door');
            INSERT INTO model (name) VALUES ('m'); INSERT INTO framing (name) VALUES ('full');
            INSERT INTO look (camera_id, at, frame, framing_id, model_id) VALUES (1, 5, 9, 1, 1);
            """
        )
        let journal = try folder.open()
        let look = try #require(try journal.looks(limit: 5).first).look
        #expect(look.sequence == 9 && look.isEvidence && !look.isAfterLoss)
        #expect(look.elapsed == nil && look.brightness == nil)
        journal.record(sampleLook(10))
        journal.flush()
        #expect(try journal.looks(limit: 5).map(\.look.sequence) == [10, 9])
        journal.close()
    }
}
