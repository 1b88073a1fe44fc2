import Foundation
import Journal
import Testing

/// A disk that refuses, as SQLite sees one: the database may not grow beyond some pages.
struct DiskTests {
    private func change(_ reason: String) -> JournalMessage {
        // Too long for what is left of the last page, so that it always needs a new one.
        .cameraLost(CameraChange(camera: "a", at: noon, reason: reason + String(repeating: "·", count: 10_000)))
    }

    @Test func messagesGoOutMarkedAndAreWrittenWhenThereIsRoom() throws {
        let folder = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let journal = try folder.open(
            retryAfter: .seconds(3600),
            logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) })
        )
        let published = Published()
        journal.record(change("before")) { published.append($0) }
        journal.flush()
        try journal.limit(pages: 1)
        journal.record(sampleLook(1))
        for number in 0..<5 {
            journal.record(change("\(number)")) { published.append($0) }
            journal.flush()
        }
        #expect(published.all.map(\.journaled) == [true, false, false, false, false, false])
        #expect(published.all.map(\.seq) == Array(1...6))
        #expect(journal.lastSequence == 6)
        #expect(journal.statistics.unwritten == 5)
        #expect(journal.statistics.lastError?.contains("the disk is full") == true)
        #expect(!journal.statistics.isWritable)
        #expect(lines.count(.error) == 1, "five refusals have one cause")
        #expect(try journal.messages(after: 0, limit: 10).map(\.seq) == [1])

        try journal.limit(pages: 1_000_000)
        journal.record(change("after")) { published.append($0) }
        journal.flush()
        #expect(published.all.last?.journaled == true)
        #expect(try journal.messages(after: 0, limit: 10).map(\.message) == published.all.map(\.message))
        #expect(try journal.messages(after: 0, limit: 10).map(\.seq) == Array(1...7))
        #expect(try journal.looks(limit: 5).map(\.look.sequence) == [1], "the look was kept and tried again")
        #expect(journal.statistics.unwritten == 0)
        #expect(journal.statistics.messages == 7)
        #expect(journal.statistics.isWritable)
        #expect(lines.count(.notice) == 1)
        let failures = journal.statistics.failures
        journal.record(change("later")) { published.append($0) }
        journal.flush()
        #expect(journal.statistics.failures == failures, "what has been written late is not written again")
        journal.close()
    }

    @Test func itTriesAgainByItself() async throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(retryAfter: .milliseconds(5))
        try journal.limit(pages: 1)
        for number in 0..<50 { journal.record(sampleLook(UInt64(number), dimensions: 512)) }
        journal.record(change("")) { _ in }
        try await eventually("the disk refuses again and again") { journal.statistics.failures > 3 }
        try journal.limit(pages: 1_000_000)
        try await eventually("it is written when there is room") { journal.statistics.isWritable }
        #expect(journal.statistics.looks == 50)
        #expect(journal.statistics.messages == 1)
        #expect(journal.statistics.dropped == 0)
        journal.close()
    }

    /// An event whose start the disk refused ends like any other, and both are there in the end.
    @Test func anEventThatBeganOnAFullDiskIsWholeAfterwards() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(retryAfter: .seconds(3600))
        try journal.limit(pages: 1)
        let published = Published()
        var start = sampleStart()
        start.score?.rival = String(repeating: "x", count: 20_000)
        journal.record(.eventStarted(start)) { published.append($0) }
        journal.flush()
        try journal.limit(pages: 1_000_000)
        journal.record(.eventEnded(sampleEnd(of: start))) { published.append($0) }
        journal.flush()
        #expect(published.all.map(\.journaled) == [false, true])
        #expect(
            try journal.events(limit: 5)
                == [JournaledEvent(start: start, seqStarted: 1, end: sampleEnd(of: start), seqEnded: 2)]
        )
        journal.close()
    }

    @Test func tooManyLooksOnAFullDiskAreDroppedAndCounted() throws {
        let folder = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let journal = try folder.open(
            capacity: 20,
            retryAfter: .seconds(3600),
            logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) })
        )
        try journal.limit(pages: 1)
        for number in 0..<20 { journal.record(sampleLook(UInt64(number), dimensions: 512)) }
        journal.flush()
        #expect(!journal.statistics.isWritable)
        #expect(journal.statistics.dropped == 0)
        for number in 20..<50 { journal.record(sampleLook(UInt64(number), dimensions: 512)) }
        #expect(journal.statistics.dropped == 30)
        try journal.limit(pages: 1_000_000)
        journal.flush()
        #expect(try journal.looks(limit: 100).reversed().map(\.look.sequence) == Array(30..<50))
        #expect(journal.statistics.looks == 20)
        journal.close()
        // Logged after the flush was answered.
        #expect(lines.count(.warning) == 1)
    }

    /// Numbers that subscribers have seen are not given again, even if the database never had them.
    @Test func numbersGrowAcrossACrashOnAFullDisk() throws {
        let folder = try TemporaryFolder()
        let published = Published()
        let journal = try folder.open(retryAfter: .seconds(3600))
        journal.record(change("written")) { published.append($0) }
        journal.flush()
        try journal.limit(pages: 1)
        for _ in 0..<3 { journal.record(change("refused")) { published.append($0) } }
        journal.flush()
        let copy = try folder.copy()
        journal.close()
        for folder in [folder, copy] {
            let next = try folder.open()
            #expect(next.lastSequence == 4)
            let later = Published()
            next.record(change("later")) { later.append($0) }
            next.flush()
            #expect(later.all.map(\.seq) == [5])
            next.close()
        }
        #expect(published.all.map(\.seq) == [1, 2, 3, 4])
    }

    @Test func closingOnAFullDiskEnds() throws {
        let folder = try TemporaryFolder()
        let lines = CountingHandler.Lines()
        let journal = try folder.open(
            retryAfter: .seconds(3600),
            logger: .init(label: "", factory: { _ in CountingHandler(lines: lines) })
        )
        try journal.limit(pages: 1)
        for number in 0..<20 { journal.record(sampleLook(UInt64(number), dimensions: 512)) }
        journal.record(change("lost")) { _ in }
        journal.close()
        #expect(journal.statistics.dropped == 20)
        #expect(journal.statistics.unwritten == 1)
        #expect(lines.count(.error) == 2)
        let next = try folder.open()
        #expect(try next.messages(after: 0, limit: 5).isEmpty)
        #expect(next.lastSequence == 1)
        next.close()
    }

    @Test func closingTriesOnceMore() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open(retryAfter: .seconds(3600))
        try journal.limit(pages: 1)
        journal.record(change("late")) { _ in }
        journal.flush()
        #expect(journal.statistics.unwritten == 1)
        try journal.limit(pages: 1_000_000)
        journal.close()
        #expect(journal.statistics.unwritten == 0)
        #expect(try JournalReader(path: folder.journal).messages(after: 0, limit: 5).map(\.seq) == [1])
    }

    /// Another program's write transaction is waited for, then worked around.
    @Test func aLockOfAnotherProgramPasses() async throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", folder.journal]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
        #expect(output.fileHandleForReading.availableData.starts(with: Data("locked".utf8)))
        let published = Published()
        journal.record(.cameraFound(CameraChange(camera: "a", at: noon, reason: ""))) { published.append($0) }
        try await eventually("it goes out all the same") { published.all.count == 1 }
        #expect(published.all.map(\.journaled) == [false])
        #expect(journal.statistics.lastError?.contains("another program holds it locked") == true)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try await eventually("it is written afterwards") { journal.statistics.messages == 1 }
        #expect(try journal.messages(after: 0, limit: 5).map(\.seq) == [1])
        journal.close()
    }
}
