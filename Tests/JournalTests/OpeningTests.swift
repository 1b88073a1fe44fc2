import Foundation
import GRDB
import Journal
import Testing

struct OpeningTests {
    private func failure(_ folder: TemporaryFolder, _ path: String? = nil) throws -> JournalError {
        try #require(throws: JournalError.self) { try Journal(path: path ?? folder.journal, logger: quiet) }
    }

    @Test func aMissingFolderIsNamed() throws {
        let folder = try TemporaryFolder()
        let error = try failure(folder, folder.path + "/no/such/journal.db")
        #expect(error == .missingFolder(path: folder.path + "/no/such/journal.db", folder: folder.path + "/no/such"))
        #expect("\(error)".contains(folder.path + "/no/such;"))
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        guard case .missingFolder = try failure(folder, folder.path + "/file/journal.db") else {
            Issue.record("a file is no folder")
            return
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(try failure(folder, folder.path) == .notAFile(path: folder.path))
        #expect(try failure(folder, "/dev/null") == .notAFile(path: "/dev/null"))
        #expect(try failure(folder, "") == .notAFile(path: ""))
        mkfifo(folder.journal, 0o600)
        #expect(try failure(folder) == .notAFile(path: folder.journal))
    }

    /// A place where even root may create nothing.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/sys/kernel"), "no sysfs, where nobody may make a file"))
    func aPlaceWithoutPermissionIsNamed() throws {
        let error = try failure(TemporaryFolder(), "/sys/journal.db")
        guard case .noPermission = error else {
            Issue.record("\(error)")
            return
        }
        #expect("\(error)".contains("/sys/journal.db"))
    }

    @Test(
        .enabled(if: geteuid() != 0, "root may read everything"),
        arguments: [0o000, 0o400, 0o200]
    )
    func aFileWithoutPermissionIsNamed(mode: Int) throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        chmod(folder.journal, mode_t(mode))
        guard case .noPermission = try failure(folder) else {
            Issue.record("mode \(mode) was opened")
            return
        }
    }

    @Test(arguments: [
        Data("x".utf8), Data("camera: front-door\n".utf8), Data(repeating: 0, count: 4096),
        Data("SQLite format 3\0 but no more than that".utf8),
        Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ])
    func whatIsNoDatabaseIsRefusedAndLeftAsItIs(content: Data) throws {
        let folder = try TemporaryFolder()
        try content.write(to: URL(fileURLWithPath: folder.journal))
        let error = try failure(folder)
        #expect("\(error)".contains(folder.journal))
        #expect(error == .notADatabase(path: folder.journal))
        #expect(FileManager.default.contents(atPath: folder.journal) == content)
        #expect(throws: JournalError.self) { try JournalReader(path: folder.journal) }
        #expect(FileManager.default.contents(atPath: folder.journal) == content)
    }

    @Test func aDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs() throws {
        let folder = try TemporaryFolder()
        try folder.execute("CREATE TABLE bookmarks (url TEXT)")
        let content = FileManager.default.contents(atPath: folder.journal)
        #expect(try failure(folder) == .notAJournal(path: folder.journal))
        #expect(FileManager.default.contents(atPath: folder.journal) == content)
        #expect(throws: JournalError.notAJournal(path: folder.journal)) { try JournalReader(path: folder.journal) }
        #expect(try folder.query("SELECT name FROM sqlite_master") == [["bookmarks"]])
    }

    @Test func aNewerSchemaIsRefusedAndBothAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        try folder.execute("INSERT INTO grdb_migrations VALUES ('v7'), ('v8')")
        let error = try failure(folder)
        #expect(error == .newerSchema(path: folder.journal, unknown: ["v7", "v8"], newestKnown: "v3"))
        #expect("\(error)".contains("'v7', 'v8'") && "\(error)".contains("'v3'"))
        #expect(throws: error) { try JournalReader(path: folder.journal) }
        #expect(try folder.query("SELECT count(*) FROM grdb_migrations") == [["5"]])
    }

    @Test func aDamagedDatabaseIsRefusedInWords() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for number in 0..<50 { journal.record(sampleLook(UInt64(number), dimensions: 512)) }
        journal.close()
        var content = try #require(FileManager.default.contents(atPath: folder.journal))
        for page in 0..<content.count / 4096 {
            let start = page * 4096 + (page == 0 ? 100 : 0)
            content.replaceSubrange(start..<start + 200, with: Data(repeating: 0xAA, count: 200))
        }
        try content.write(to: URL(fileURLWithPath: folder.journal))
        let error = try failure(folder)
        guard case .damaged = error else {
            Issue.record("\(error)")
            return
        }
        #expect(FileManager.default.contents(atPath: folder.journal) == content)
    }

    @Test func anEmptyFileIsAFreshJournal() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.journal))
        let journal = try folder.open()
        #expect(journal.lastSequence == 0)
        #expect(journal.recovered.isEmpty)
        #expect(try journal.looks(limit: 5).isEmpty)
        journal.close()
    }

    @Test func aFreshJournalIsForOwnerAndGroupAndCanShrink() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        for suffix in ["", "-wal", ".lock"] {
            var status = stat()
            #expect(stat(folder.journal + suffix, &status) == 0)
            #expect(status.st_mode & 0o7 == 0, "others may use the journal's \(suffix)")
        }
        #expect(try folder.query("PRAGMA auto_vacuum") == [["2"]])
        #expect(try folder.query("PRAGMA journal_mode") == [["wal"]])
        journal.close()
    }

    @Test func aReaderNeedsAJournal() throws {
        let folder = try TemporaryFolder()
        #expect(throws: JournalError.missing(path: folder.journal)) { try JournalReader(path: folder.journal) }
        #expect(!FileManager.default.fileExists(atPath: folder.journal))
    }

    // MARK: - One writer

    @Test func aSecondWriterIsRefusedByWhateverPath() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        #expect(try failure(folder) == .inUse(path: journal.path, process: getpid()))
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: folder.path)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/file", withDestinationPath: folder.journal)
        #expect(try failure(folder, folder.path + "/link/journal.db") == .inUse(path: journal.path, process: getpid()))
        #expect(try failure(folder, folder.path + "/file") == .inUse(path: journal.path, process: getpid()))
        journal.record(sampleLook(1))
        journal.close()
        let second = try folder.open()
        #expect(try second.looks(limit: 5).count == 1)
        second.close()
    }

    /// Another process holds the lock, and is killed as kill -9 does it.
    @Test func theLockOfAKilledProcessIsFree() throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["flock", "-F", folder.journal + ".lock", "sh", "-c", "echo locked; exec sleep 600"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        #expect(try failure(folder) == .inUse(path: folder.journal, process: nil))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try folder.open().close()
    }

    @Test(arguments: [
        "", "garbage", "1 x", "0000000001 99999999999999999999", "1 -5", "1 2 3", "1 9223372036854775807",
    ])
    func aLockFileThatMakesNoSenseIsIgnored(content: String) throws {
        let folder = try TemporaryFolder()
        try Data(content.utf8).write(to: URL(fileURLWithPath: folder.journal + ".lock"))
        let journal = try folder.open()
        #expect(journal.lastSequence == 0)
        journal.close()
    }

    /// Without a daemon there are no files beside the database, and who may only read can make none.
    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"), arguments: ["journal.db", "a%41 ?b#c.db"])
    func whoMayOnlyReadReadsWhatIsAtRest(name: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/" + name
        let journal = try Journal(path: path, logger: quiet)
        journal.record(sampleLook(7))
        journal.close()
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        #expect(try JournalReader(path: path).looks(limit: 5).map(\.look.sequence) == [7])
    }

    /// What is in the log alone cannot be left out.
    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func whoMayOnlyReadIsToldWhatIsNotAtRest() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        journal.record(sampleLook(7))
        journal.flush()
        let copy = try folder.copy()
        journal.close()
        try? FileManager.default.removeItem(atPath: copy.journal + "-shm")
        chmod(copy.path, 0o555)
        defer { chmod(copy.path, 0o755) }
        let error = try #require(throws: JournalError.self) { try JournalReader(path: copy.journal) }
        guard case .noPermission = error else {
            Issue.record("\(error)")
            return
        }
    }
}
