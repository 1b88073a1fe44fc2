import Foundation
import Journal
import Testing

struct MessageTests {
    @Test func anEventHasOneStartAndOneEnd() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let published = Published()
        let start = sampleStart()
        journal.record(.eventStarted(start)) { published.append($0) }
        journal.flush()
        #expect(try journal.events(limit: 5) == [JournaledEvent(start: start, seqStarted: 1)])
        let end = sampleEnd(of: start)
        journal.record(.eventEnded(end)) { published.append($0) }
        journal.flush()
        #expect(
            try journal.events(limit: 5)
                == [JournaledEvent(start: start, seqStarted: 1, end: end, seqEnded: 2)]
        )
        #expect(published.all.map(\.journaled) == [true, true])
        #expect(try journal.messages(after: 0, limit: 5) == published.all)
        #expect(try journal.messages(after: 1, limit: 5).map(\.message) == [.eventEnded(end)])
        #expect(try journal.messages(after: 0, limit: 1).map(\.message) == [.eventStarted(start)])
        #expect(journal.lastSequence == 2)
        journal.close()
    }

    @Test(arguments: EventEndReason.allCases)
    func everyReasonSurvives(reason: EventEndReason) throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let start = sampleStart()
        let end = EventEnd(id: start.id, trigger: start.trigger, camera: start.camera, at: noon, reason: reason)
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(end)) { _ in }
        journal.flush()
        #expect(try journal.events(limit: 5).map(\.end) == [end])
        #expect(try folder.query("SELECT reason FROM events") == [[reason.rawValue]])
        journal.close()
    }

    @Test func whatDoesNotFitAnEventIsRefusedAndSaysSo() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let published = Published()
        let start = sampleStart()
        let unknown = sampleStart(EventID(at: noon))
        var notANumber = sampleStart(EventID(at: noon))
        notANumber.score?.margin = .nan
        let messages: [JournalMessage] = [
            .eventStarted(start), .eventStarted(start), .eventEnded(sampleEnd(of: start)),
            .eventEnded(sampleEnd(of: start, reason: .shutdown)), .eventEnded(sampleEnd(of: unknown)),
            .eventStarted(notANumber), .cameraLost(CameraChange(camera: "a", at: noon, reason: "unplugged")),
        ]
        for message in messages { journal.record(message) { published.append($0) } }
        journal.flush()
        // By their text, since a score that is no number does not equal itself.
        #expect(published.all.map { "\($0.message)" } == messages.map { "\($0)" })
        #expect(published.all.map(\.seq) == Array(1...7))
        #expect(published.all.map(\.journaled) == [true, false, true, false, false, false, true])
        #expect(try journal.events(limit: 5).map(\.end?.reason) == [.cleared])
        #expect(try journal.messages(after: 0, limit: 10).map(\.seq) == [1, 3, 7])
        #expect(journal.statistics.messages == 3)
        #expect(journal.statistics.failures == 4)
        #expect(journal.statistics.unwritten == 0, "what makes no sense is not tried again")
        journal.close()
    }

    /// The schema holds it, whoever writes.
    @Test(arguments: [
        "UPDATE event SET ended = 1, seq_ended = 3, reason = 'cleared'", "UPDATE event SET reason = 'x'",
        "UPDATE event SET ended = NULL, seq_ended = NULL, reason = NULL",
        "INSERT INTO event SELECT * FROM event",
        "INSERT INTO event (id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin)"
            + " SELECT '01ARZ3NDEKTSV4RRFFQ69G5FAV', rule_id, camera_id, 1, 1, 1, 99, 1, 1, 1 FROM event",
        "INSERT INTO event (id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin,"
            + " ended) SELECT '01ARZ3NDEKTSV4RRFFQ69G5FAV', rule_id, camera_id, 1, 1, 1, 3, 1, 1, 1, 5 FROM event",
        "INSERT INTO event (id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin)"
            + " SELECT '01ARZ3NDEKTSV4RRFFQ69G5FAV', rule_id, camera_id, 1, 1, 1, 1, 1, 1, 1 FROM event",
        "DELETE FROM message WHERE seq = 1", "INSERT INTO message (seq, kind, camera_id, at) VALUES (2, 3, 1, 0)",
    ])
    func theSchemaKeepsEventsWhole(statement: String) throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let start = sampleStart()
        journal.record(.eventStarted(start)) { _ in }
        journal.record(.eventEnded(sampleEnd(of: start))) { _ in }
        journal.record(.cameraLost(CameraChange(camera: "front-door", at: noon, reason: "unplugged"))) { _ in }
        journal.close()
        #expect(throws: (any Error).self) { try folder.execute(statement) }
        #expect(try folder.query("SELECT seq_started, seq_ended, reason FROM events") == [["1", "2", "cleared"]])
    }

    @Test func aMessageIsCommittedBeforeItIsPublishedAndSoIsWhatCameBefore() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let wrong = Published()
        for number in 0..<50 {
            journal.record(sampleLook(UInt64(number)))
            let change = CameraChange(camera: "front-door", at: noon, reason: "\(number)")
            journal.record(.cameraFound(change)) { message in
                let sql =
                    "SELECT (SELECT count(*) FROM message WHERE seq = \(message.seq)), "
                    + "(SELECT count(*) FROM look WHERE frame <= \(number))"
                if (try? folder.query(sql)) != [["1", "\(number + 1)"]] { wrong.append(message) }
            }
        }
        journal.flush()
        #expect(wrong.all.isEmpty)
        #expect(journal.lastSequence == 50)
        journal.close()
    }

    @Test func publishMayRecordFlushAndClose() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let published = Published()
        let change = CameraChange(camera: "a", at: noon, reason: "")
        let recorded = DispatchSemaphore(value: 0)
        journal.record(.cameraFound(change)) { first in
            published.append(first)
            journal.record(.cameraLost(change)) { published.append($0) }
            journal.flush()
            journal.close()
            recorded.signal()
        }
        recorded.wait()
        journal.close()
        #expect(published.all.map(\.seq) == [1, 2])
        #expect(published.all.map(\.journaled) == [true, true])
    }

    @Test func afterClosingNothingIsTakenAndNothingHangs() throws {
        let folder = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let journal = try folder.open(logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) }))
        journal.record(sampleLook(1))
        journal.close()
        journal.close()
        journal.flush()
        journal.record(sampleLook(2))
        let published = Published()
        journal.record(.cameraFound(CameraChange(camera: "a", at: noon, reason: ""))) { published.append($0) }
        #expect(published.all.isEmpty)
        #expect(lines.count(.error) == 1)
        #expect(journal.statistics.dropped == 1)
        #expect(throws: JournalError.refused(path: journal.path, detail: "it is closed")) {
            try journal.looks(limit: 1)
        }
        #expect(try folder.query("SELECT frame FROM looks") == [["1"]])
        #expect(!FileManager.default.fileExists(atPath: folder.journal + "-wal"), "a clean stop leaves one file")
    }

    @Test func aJournalThatIsLetGoIsClosed() throws {
        let folder = try TemporaryFolder()
        do {
            let journal = try folder.open(gathering: .seconds(60))
            journal.record(sampleLook(1))
        }
        let journal = try folder.open()
        #expect(try journal.looks(limit: 5).count == 1)
        journal.close()
    }
}
