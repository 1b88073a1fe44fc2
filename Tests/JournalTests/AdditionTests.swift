import Foundation
import Journal
import Testing

struct AdditionTests {
    private func addition(_ name: String, _ definition: String = "{}", after seconds: Double = 0) -> Addition {
        Addition(name: name, definition: definition, added: noon + seconds)
    }

    @Test func areKeptInTheirOrderUntilTheyAreForgotten() throws {
        let folder = try TemporaryFolder()
        var journal = try folder.open()
        #expect(try journal.additions().isEmpty)
        let all = [addition("b"), addition("a", after: 1), addition("c", #"{"name":"c","prompt":"é"}"#, after: 2)]
        for addition in all { try journal.keep(addition) }
        #expect(try journal.additions() == all)
        journal.close()
        journal = try folder.open()
        #expect(try journal.additions() == all)
        let newer = addition("b", "{ }", after: 3)
        try journal.keep(newer)
        #expect(try journal.additions() == [all[1], all[2], newer])
        try journal.forget(addition: "a")
        try journal.forget(addition: "of no such name")
        #expect(try journal.additions() == [all[2], newer])
        journal.close()
    }

    @Test func aDiskThatRefusesIsAnError() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        try journal.keep(addition("a"))
        try journal.limit(pages: 1)
        let error = #expect(throws: JournalError.self) {
            try journal.keep(addition("b", String(repeating: "x", count: 1 << 16)))
        }
        #expect(error?.description.contains("full") == true)
        #expect(try journal.additions().map(\.name) == ["a"])
        try journal.limit(pages: 1_000_000)
        try journal.keep(addition("b"))
        #expect(try journal.additions().map(\.name) == ["a", "b"])
        journal.close()
    }

    @Test func messagesOfNoCameraAreNumberedAndReadAgain() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        let published = Published()
        let start = sampleStart()
        let messages: [JournalMessage] = [
            .promptChanged(PromptChange(trigger: "a", at: noon, reason: "added")), .eventStarted(start),
            .daemonReloaded(DaemonReload(at: noon + 1, reason: "batch changed")), .eventEnded(sampleEnd(of: start)),
        ]
        for message in messages { journal.record(message) { published.append($0) } }
        journal.flush()
        #expect(published.all.map(\.journaled) == [true, true, true, true])
        #expect(try journal.messages(after: 0, limit: 9) == published.all)
        #expect(published.all.map(\.message) == messages)
        #expect(published.all.map(\.message.camera) == [nil, start.camera, nil, start.camera])
        #expect(try journal.sequence(before: noon + 1) == 2)
        journal.close()
    }
}
