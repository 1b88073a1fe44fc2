import Foundation
import Journal
import Synchronization
import TestSupport
import Testing

struct RecoveryTests {
    /// Leaves what a daemon leaves that dies right after the last of these.
    private func crash(after looks: [LookRecord] = [], _ messages: [JournalMessage]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for look in looks { journal.record(look) }
        for message in messages { journal.record(message) { _ in } }
        journal.flush()
        let copy = try folder.copy()
        journal.close()
        return copy
    }

    private func eventEnd(_ message: JournaledMessage?) -> EventEnd? {
        if case .eventEnded(let end) = message?.message { end } else { nil }
    }

    @Test func anOpenEventIsEndedOnce() throws {
        let start = sampleStart()
        let last = sampleLook(9, at: noon.addingTimeInterval(30))
        let folder = try crash(after: [sampleLook(8), last], [.eventStarted(start)])
        let journal = try folder.open(now: noon.addingTimeInterval(3600))
        #expect(journal.recovered.map(\.seq) == [2])
        #expect(journal.recovered.map(\.journaled) == [true])
        let end = try #require(eventEnd(journal.recovered.first))
        #expect(
            end == EventEnd(id: start.id, trigger: "parcel-left", camera: "front-door", at: last.at, reason: .recovered)
        )
        #expect(try journal.events(limit: 5) == [JournaledEvent(start: start, seqStarted: 1, end: end, seqEnded: 2)])
        #expect(journal.lastSequence == 2)
        #expect(journal.statistics.messages == 1)
        journal.close()
        let again = try folder.open(now: noon.addingTimeInterval(7200))
        #expect(again.recovered.isEmpty)
        #expect(again.lastSequence == 2)
        again.close()
    }

    @Test func aCleanStopLeavesNothingToRecover() throws {
        let start = sampleStart()
        let folder = try crash([.eventStarted(start), .eventEnded(sampleEnd(of: start, reason: .shutdown))])
        let journal = try folder.open()
        #expect(journal.recovered.isEmpty)
        #expect(try journal.events(limit: 5).map(\.end?.reason) == [.shutdown])
        journal.close()
    }

    @Test(
        arguments: [
            // The camera's last look, now, and the end that follows, all in seconds after the start.
            (nil, 100, 0), (-50, 100, 0), (40, 100, 40), (400, 100, 0),
            // A recording that was played faster than the clock is ahead of it.
            (nil, -100, 0), (-50, -100, 0), (40, -100, 40), (4000, -1, 4000),
        ] as [(Double?, Double, Double)]
    )
    func theEndIsNotBeforeTheStartNorInTheFutureUnlessTheStartIs(look: Double?, now: Double, expected: Double) throws {
        let looks = look.map { [sampleLook(1, at: noon.addingTimeInterval($0))] } ?? []
        let elsewhere = sampleLook(1, camera: "garden", at: noon.addingTimeInterval(77))
        let folder = try crash(after: looks + [elsewhere], [.eventStarted(sampleStart())])
        let journal = try folder.open(now: noon.addingTimeInterval(now))
        let end = try #require(eventEnd(journal.recovered.first))
        #expect(abs(end.at.timeIntervalSince(noon) - expected) < 0.0006)
        journal.close()
    }

    @Test func eventsAreEndedInTheOrderTheyStarted() throws {
        let starts = (0..<20).map { number in
            sampleStart(EventID(at: noon), camera: "camera-\(number % 3)", at: noon.addingTimeInterval(Double(-number)))
        }
        var messages = starts.map(JournalMessage.eventStarted)
        messages.insert(.eventEnded(sampleEnd(of: starts[4])), at: 10)
        let folder = try crash(messages)
        let journal = try folder.open()
        #expect(journal.recovered.compactMap { eventEnd($0)?.id } == starts.map(\.id).filter { $0 != starts[4].id })
        #expect(journal.recovered.map(\.seq) == Array(22...40))
        let published = Published()
        journal.record(.eventStarted(sampleStart())) { published.append($0) }
        journal.flush()
        #expect(published.all.map(\.seq) == [41])
        journal.close()
    }

    /// At every moment at which a subscriber can have seen something, a crash keeps it, once.
    @Test func whatWasPublishedOutlivesACrashAtAnyMoment() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let published = Published()
        let moments = CrashMoments()
        var open: [EventStart] = []
        var randomness = SplitMix(state: 5)
        for number in 0..<40 {
            journal.record(sampleLook(UInt64(number)))
            let message: JournalMessage
            if open.isEmpty || Bool.random(using: &randomness) {
                open.append(sampleStart(EventID(at: noon)))
                message = .eventStarted(open[open.count - 1])
            } else {
                message = .eventEnded(sampleEnd(of: open.removeFirst()))
            }
            journal.record(message) { message in
                published.append(message)
                moments.append(try? folder.copy(), published.all)
            }
        }
        journal.close()
        #expect(moments.all.count == 40)
        for (copy, seen) in moments.all {
            let journal = try #require(copy).open()
            let events = try journal.events(limit: 100)
            #expect(events.allSatisfy { $0.end != nil }, "an event was left open")
            let last = try #require(seen.last?.seq)
            let messages = try journal.messages(after: 0, limit: 200)
            #expect(Array(messages.prefix(seen.count)) == seen)
            #expect(messages.dropFirst(seen.count).allSatisfy { $0.seq > last })
            #expect(messages.count == events.count * 2)
            journal.close()
        }
    }

    @Test func numbersOnlyGrowAcrossRestarts() throws {
        let folder = try TemporaryFolder()
        let published = Published()
        for _ in 0..<5 {
            let journal = try folder.open()
            for _ in 0..<3 {
                journal.record(.cameraFound(CameraChange(camera: "a", at: noon, reason: ""))) { published.append($0) }
            }
            journal.close()
            // As retention will: the highest numbers are gone from the table.
            try folder.execute("DELETE FROM message")
        }
        #expect(published.all.map(\.seq) == Array(1...15))
    }
}

/// Copies of the journal's files, with what had been published when they were made.
private final class CrashMoments: Sendable {
    private let moments = Mutex<[(TemporaryFolder?, [JournaledMessage])]>([])

    var all: [(TemporaryFolder?, [JournaledMessage])] { moments.withLock { $0 } }

    func append(_ copy: TemporaryFolder?, _ seen: [JournaledMessage]) {
        moments.withLock { $0.append((copy, seen)) }
    }
}
