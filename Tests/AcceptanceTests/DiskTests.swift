import Foundation
import Journal
import Testing

extension Acceptance {
    /// Real file systems that are full, or turn read-only. Mounting them needs root.
    @Suite("Disks", .enabled(if: Disk.canMount, "mounting needs root"))
    struct DiskTests {
        @Test("a full disk: events go out marked, writing goes on by itself when there is room, nothing is lost")
        func full() async throws {
            try await Workplace.with { place in
                let disk = try await Disk(in: place)
                try await disk.mount("-t", "tmpfs", "-o", "size=4m", "tmpfs")
                try await disk.with {
                    let scene = try await Scene(in: place, hold: 150, release: 150)
                    try disk.configure(scene)
                    let daemon = try await place.startWatching()
                    let socket = try await subscribed(place)
                    var told = try await lines(2, from: socket) { $0.journaled == nil }
                    try disk.fill()
                    told += try await lines(4, from: socket) { $0.journaled == false }
                    try await expectLoud(place, daemon)
                    try FileManager.default.removeItem(atPath: disk.ballast)
                    told += try await lines(3, from: socket) { $0.journaled == nil }
                    let status = try await place.status()
                    #expect(status.journal.writable)
                    #expect(daemon.errors.contains("can be written again"))
                    try await place.stop(daemon)
                    try expectAll(told, disk)

                    // The same disk, read-only from the start, is refused in words, and left as it is.
                    let before = FileManager.default.contents(atPath: disk.journal)
                    try await disk.run("mount", "-o", "remount,ro", disk.path)
                    let refused = try await place.refusedDaemon()
                    #expect(
                        refused.status == 1 && refused.errors.contains("Read-only file system"),
                        "\(refused.errors)"
                    )
                    #expect(FileManager.default.contents(atPath: disk.journal) == before)
                    // It can be read all the same.
                    let log = try await place.run(
                        Programs.client,
                        ["log", "--since", "1h", "--config", place.configuration]
                    )
                    #expect(log.status == 0 && log.output.contains("event "), "\(log.errors)")
                    try await disk.run("mount", "-o", "remount,rw", disk.path)
                    try await place.stop(place.startWatching())
                    try expectAll(told, disk)
                }
            }
        }

        @Test("a disk that turns read-only: events go out marked, and what was journalled before is whole")
        func readOnly() async throws {
            try await Workplace.with { place in
                let disk = try await Disk(in: place)
                guard try await disk.makeImage() else { return }
                try await disk.mount("-o", "loop,errors=remount-ro", disk.image)
                try await disk.with {
                    let scene = try await Scene(in: place, hold: 150, release: 150)
                    try disk.configure(scene)
                    let daemon = try await place.startWatching()
                    let socket = try await subscribed(place)
                    var told = try await lines(2, from: socket) { $0.journaled == nil }

                    // Nothing may be written to the files, and then again.
                    try await disk.run("chattr", "+i", disk.journal, disk.journal + "-wal")
                    told += try await lines(2, from: socket) { $0.journaled == false }
                    try await expectLoud(place, daemon)
                    try await disk.run("chattr", "-i", disk.journal, disk.journal + "-wal")
                    told += try await lines(3, from: socket) { $0.journaled == nil }
                    #expect(try await place.status().journal.writable)

                    // What the kernel does when it finds an error on the disk: for good.
                    try disk.breakFileSystem()
                    _ = try await lines(2, from: socket) { $0.journaled == false }
                    try await expectLoud(place, daemon)
                    try await place.stop(daemon)
                    try await disk.run("umount", disk.path)
                    _ = try await place.run("/usr/bin/env", ["e2fsck", "-y", disk.image])
                    try await disk.mount("-o", "loop", disk.image)
                    // The ends that the stop made came too late for the disk; the next start makes them.
                    try expectAll(told, disk, isStopped: false)
                    try await place.stop(place.startWatching())
                    try expectAll(told, disk)
                }
            }
        }

        // MARK: -

        private func subscribed(_ place: Workplace) async throws -> RawSocket {
            let socket = try RawSocket(place.socket)
            _ = try await socket.next()
            try await socket.send(#"{"do":"subscribe"}"#)
            _ = try await socket.next()
            return socket
        }

        /// Lines until there were so many of one kind.
        private func lines(
            _ count: Int,
            from socket: RawSocket,
            _ isMeant: (SocketLine) -> Bool
        ) async throws -> [SocketLine] {
            var lines: [SocketLine] = []
            while lines.count(where: isMeant) < count {
                let line = try await socket.next()
                lines.append(line)
                guard lines.count < 200 else { throw Timeout(description: "not the lines that were to come") }
            }
            return lines
        }

        private func expectLoud(_ place: Workplace, _ daemon: Program) async throws {
            #expect(try await !place.status().journal.writable)
            let text = try await place.client("status", "--socket", place.socket)
            #expect(text.status == 0 && text.output.contains("CANNOT BE WRITTEN"), "\(text)")
            #expect(daemon.errors.contains("The journal cannot be written"))
        }

        /// Every line that was told, marked or not, is in the journal, and the file is sound.
        private func expectAll(_ told: [SocketLine], _ disk: Disk, isStopped: Bool = true) throws {
            let reader = try JournalReader(path: disk.journal)
            defer { reader.close() }
            let messages = Dictionary(grouping: try reader.messages(after: 0, limit: .max)) { Int($0.seq) }
            for line in told {
                let found = try #require(messages[line.seq ?? 0], "\(line) is not in the journal")
                #expect(found.count == 1)
                switch found[0].message {
                case .eventStarted(let start): #expect(start.id.description == line.event)
                case .eventEnded(let end): #expect(end.id.description == line.event)
                default: #expect(line.event == nil)
                }
            }
            #expect(told.compactMap(\.seq) == told.compactMap(\.seq).sorted())
            if isStopped { #expect(try reader.events(limit: .max).allSatisfy { $0.end != nil }) }
            #expect(try disk.integrity() == "ok\n")
        }
    }
}
