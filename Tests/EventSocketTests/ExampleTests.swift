import EventSocket
import Foundation
import Testing

/// The examples, and the one-liner of the document, as users run them.
@Suite(.timeLimit(.minutes(2))) struct ExampleTests {
    private func printsEvents(_ program: (String) throws -> Program) async throws {
        try await withServer { server, path in
            let program = try program(path)
            defer { program.terminate() }
            try await until { server.subscribers == 1 }
            server.publish(.cameraFound(seq: 1, camera: "front-door", at: Sample.time))
            server.publish(Sample.started(2))
            server.publish(
                .ended(
                    seq: 3,
                    event: "01J",
                    trigger: "parcel-left",
                    camera: "front-door",
                    at: Sample.time + 61,
                    reason: .cleared
                )
            )
            var lines = program.lines.makeAsyncIterator()
            #expect(await lines.next() == "08:14:03 front-door parcel-left started p=0.93")
            #expect(await lines.next() == "08:15:04 front-door parcel-left ended (cleared)")
            await server.stop()
        }
    }

    @Test(.enabled(if: isInstalled("socat", "jq")))
    func theShellExample() async throws {
        let example = packageRoot.appending(path: "Examples/subscribe.sh").path
        try await printsEvents { try Program(example, [$0]) }
    }

    @Test(.enabled(if: isInstalled("python3")))
    func thePythonExample() async throws {
        let example = packageRoot.appending(path: "Examples/subscribe.py").path
        try await printsEvents { try Program(example, [$0]) }
    }

    @Test(.enabled(if: isInstalled("socat", "jq")))
    func theShellExampleEndsWithTheDaemon() async throws {
        let example = packageRoot.appending(path: "Examples/subscribe.sh").path
        try await withFolder { folder in
            let server = makeServer(folder + "/s")
            try await server.start()
            let program = try Program(example, [folder + "/s"])
            try await until { server.subscribers == 1 }
            await server.stop()
            var lines = program.lines.makeAsyncIterator()
            #expect(await lines.next() == nil)
        }
    }

    @Test(.enabled(if: isInstalled("python3")))
    func thePythonExampleConnectsAgain() async throws {
        let example = packageRoot.appending(path: "Examples/subscribe.py").path
        try await withFolder { folder in
            let program = try Program(example, [folder + "/s"])
            defer { program.terminate() }
            var lines = program.lines.makeAsyncIterator()
            let backend = FakeBackend()
            for run in 0..<3 {
                let server = makeServer(folder + "/s", backend)
                try await server.start()
                try await until { server.subscribers == 1 }
                // What it missed was told, what it had read was not told again.
                if run > 0 {
                    #expect(await lines.next() == "08:14:03 camera-\(run)-missed parcel-left started p=0.93")
                }
                server.publish(Sample.started(2 * run + 1, camera: "camera-\(run)"), journaledBy: backend)
                #expect(await lines.next() == "08:14:03 camera-\(run) parcel-left started p=0.93")
                await server.stop()
                backend.update { values in
                    values.journal.append(Sample.started(2 * run + 2, camera: "camera-\(run + 1)-missed"))
                    values.hello.seq = 2 * run + 2
                }
            }
        }
    }

    @Test(.enabled(if: isInstalled("socat")))
    func socatGetsTheHelloAndTheAnswer() async throws {
        try await withServer { _, path in
            let program = try Program(
                "/bin/sh",
                ["-c", #"echo '{"do":"status"}' | socat -t 60 - "UNIX-CONNECT:$1""#, "sh", path]
            )
            var lines: [String] = []
            for await line in program.lines { lines.append(line) }
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix(#"{"hello":"#) == true)
            #expect(lines.last?.hasPrefix(#"{"ok":"#) == true)
        }
    }

    @Test(.enabled(if: isInstalled("socat")))
    func socatFollowsAfterTheEndOfItsInput() async throws {
        try await withServer { server, path in
            let program = try Program(
                "/bin/sh",
                ["-c", #"echo '{"do":"subscribe"}' | socat -t 3600 - "UNIX-CONNECT:$1""#, "sh", path]
            )
            var lines = program.lines.makeAsyncIterator()
            #expect(await lines.next()?.hasPrefix(#"{"hello":"#) == true)
            #expect(await lines.next()?.hasPrefix(#"{"ok":"#) == true)
            for seq in 1...3 {
                server.publish(Sample.started(seq))
                #expect(await lines.next()?.contains(#""seq":\#(seq),"#) == true)
            }
            await server.stop()
            #expect(await lines.next() == nil)
        }
    }
}
