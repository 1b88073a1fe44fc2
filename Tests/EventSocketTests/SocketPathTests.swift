import EventSocket
import Foundation
import Glibc
import Testing

/// How the server takes over a path, and how it gives it back.
@Suite(.timeLimit(.minutes(2))) struct SocketPathTests {
    private func error(starting path: String) async -> EventSocketError? {
        let server = makeServer(path)
        do {
            try await server.start()
        } catch {
            return error
        }
        await server.stop()
        return nil
    }

    /// Binds a socket that does not listen. Closed, it is what a killed daemon leaves behind.
    private func bindSocket(at path: String, type: __socket_type = SOCK_STREAM) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(type.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        return descriptor
    }

    @Test(arguments: [0o600, 0o660, 0o666, 0o700] as [UInt16])
    func theModeIsExactlyTheOneAskedFor(mode: UInt16) async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            let server = makeServer(path, mode: mode)
            try await server.start()
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & S_IFMT == S_IFSOCK)
            #expect(UInt16(status.st_mode & 0o7777) == mode)
            await server.stop()
            #expect(lstat(path, &status) != 0)
        }
    }

    @Test func aStaleSocketIsReplaced() async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            close(try bindSocket(at: path))
            let server = makeServer(path)
            try await server.start()
            try await Peer.connect(path) { peer async throws in
                #expect(try await peer.ask(#"{"do":"status"}"#).hasPrefix(#"{"ok":"#))
            }
            await server.stop()
        }
    }

    @Test func aLiveDaemonIsLeftAlone() async throws {
        try await withServer { _, path in
            #expect(await error(starting: path) == .alreadyListening(path))
            try await Peer.connect(path) { peer async throws in
                #expect(try await peer.ask(#"{"do":"status"}"#).hasPrefix(#"{"ok":"#))
            }
        }
    }

    @Test func whatIsNoSocketIsLeftAlone() async throws {
        try await withFolder { folder in
            let file = folder + "/file"
            try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
            #expect(await error(starting: file) == .notASocket(file, what: "a file"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")

            let link = folder + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            #expect(await error(starting: link) == .notASocket(link, what: "a symbolic link"))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)

            #expect(await error(starting: folder) == .notASocket(folder, what: "a folder"))

            let datagram = folder + "/datagram"
            let descriptor = try bindSocket(at: datagram, type: SOCK_DGRAM)
            defer { close(descriptor) }
            #expect(await error(starting: datagram) == .notASocket(datagram, what: "a socket of another type"))
        }
    }

    @Test func pathsThatCannotBe() async throws {
        try await withFolder { folder in
            let longest = folder + "/" + String(repeating: "x", count: 107 - folder.utf8.count - 1)
            #expect(await error(starting: longest) == nil)
            guard case .unusablePath(_, let why) = await error(starting: longest + "x") else {
                Issue.record("108 bytes were taken")
                return
            }
            #expect(why.contains("108 bytes") && why.contains("107"))
            guard case .unusablePath = await error(starting: "") else {
                Issue.record("an empty path was taken")
                return
            }
            guard case .unusablePath = await error(starting: folder + "/a\u{0}b") else {
                Issue.record("a NUL was taken")
                return
            }
            #expect(await error(starting: folder + "/none/s") == .missingFolder(folder + "/none"))
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root is permitted everything"))
    func aFolderThatMayNotBeWritten() async throws {
        try await withFolder { folder in
            chmod(folder, 0o500)
            defer { chmod(folder, 0o700) }
            #expect(await error(starting: folder + "/s") == .notPermitted(folder + "/s", doing: "create"))
        }
    }

    @Test func stoppingLeavesTheSocketOfAnotherDaemonAlone() async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            let first = makeServer(path)
            try await first.start()
            unlink(path)
            let second = makeServer(path)
            try await second.start()
            await first.stop()
            try await Peer.connect(path) { peer async throws in
                #expect(try await peer.ask(#"{"do":"status"}"#).hasPrefix(#"{"ok":"#))
            }
            await second.stop()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aServerStartsOnce() async throws {
        try await withFolder { folder in
            let server = makeServer(folder + "/s")
            try await server.start()
            await #expect(throws: EventSocketError.startedTwice) { try await server.start() }
            await server.stop()
            await server.stop()
            await #expect(throws: EventSocketError.startedTwice) { try await server.start() }
        }
    }

    @Test func stoppingBeforeStartingIsNothing() async throws {
        await makeServer("/tmp/never").stop()
    }

    @Test func errorsAreForPeople() {
        let errors: [EventSocketError] = [
            .unusablePath("p", why: "w"), .notASocket("p", what: "a file"), .alreadyListening("p"),
            .missingFolder("p"), .notPermitted("p", doing: "create"), .system("p", doing: "create", why: "w"),
            .notReachable("p", why: "w"),
        ]
        for error in errors { #expect(error.description.contains("p") && error.description.count > 20) }
    }
}
