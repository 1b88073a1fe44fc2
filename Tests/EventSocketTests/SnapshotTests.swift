import EventSocket
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct SnapshotTests {
    private static let snapshot = Snapshot(
        at: Sample.time,
        camera: "front-door",
        frame: 7,
        jpeg: Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 * 7) }),
        width: 1280,
        height: 720
    )

    private func backend(_ snapshots: [String: Snapshot]) -> FakeBackend {
        var values = FakeBackend.Values()
        values.cameras = ["front-door", "dark"]
        values.snapshots = snapshots
        return FakeBackend(values)
    }

    @Test func theLargestPictureFitsInALineAndArrivesWhole() async throws {
        let backend = backend(["front-door": Self.snapshot])
        try await withServer(backend) { _, path in
            let got = try await EventSocketClient.withConnection(to: path) { client in
                try await client.snapshot(SnapshotRequest(camera: "front-door", width: 640))
            }
            #expect(got == Self.snapshot)
        }
        #expect(backend.asked == [SnapshotRequest(camera: "front-door", width: 640)])
    }

    @Test func anUnknownCameraIsRefusedAtOnceAndOneWithoutPicturesAfterFiveSeconds() async throws {
        try await withServer(backend([:])) { _, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                await #expect(throws: RequestError(.unknownCamera, "no camera is called “x”")) {
                    try await client.snapshot(SnapshotRequest(camera: "x"))
                }
                let start = ContinuousClock.now
                await #expect(throws: RequestError(.noPicture, "camera “dark” gave no picture for 5 seconds")) {
                    try await client.snapshot(SnapshotRequest(camera: "dark"))
                }
                #expect(ContinuousClock.now - start > .seconds(4.9))
                #expect(try await client.status().version == "0.1.0")
            }
        }
    }

    @Test func requestsBehindItWaitTheirTurnAndLinesDoNot() async throws {
        try await withServer(backend([:])) { server, path in
            try await Peer.connect(path) { peer async throws in
                try await peer.send(#"{"id":1,"do":"subscribe"}"#)
                _ = try await peer.line()
                try await peer.send(#"{"id":2,"do":"snapshot","camera":"dark"}"#)
                try await peer.send(#"{"id":3,"do":"prompts list"}"#)
                server.publish(Sample.started(5))
                #expect(try await peer.line()?.contains(#""seq":5"#) == true)
                #expect(try await peer.line()?.contains(#""id":2"#) == true)
                #expect(try await peer.line()?.contains(#""id":3"#) == true)
            }
        }
    }

    @Test func aStopDoesNotWaitForAPicture() async throws {
        try await withFolder { folder in
            let backend = backend([:])
            let server = makeServer(folder + "/s", backend)
            try await server.start()
            try await Peer.connect(folder + "/s") { peer async throws in
                try await peer.send(#"{"do":"snapshot","camera":"dark"}"#)
                try await until { !backend.asked.isEmpty }
                async let stopped: Void = server.stop()
                // And not the refusal that would come after five seconds.
                #expect(try await peer.line() == nil)
                await stopped
            }
        }
    }
}
