import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Cameras that show nothing")
    struct PresenceTests {
        /// A command that prints the pictures in a folder in turn, ten a second, while they are there.
        private static let player = "while :; do for f in $0/*.jpg; do cat $f 2>/dev/null; sleep 0.1; done; done"

        /// Sets up a camera and a trigger that is active whatever is seen; returns the socket, subscribed.
        private func watch(
            _ place: Workplace,
            _ pictures: [Data],
            _ keys: String
        ) async throws -> (daemon: Program, socket: RawSocket) {
            try FileManager.default.createDirectory(atPath: place.path("show"), withIntermediateDirectories: true)
            try place.configure(
                "  - { name: eye, command: [sh, -c, \"\(Self.player)\", \(place.path("show"))], look: 7/s, \(keys) }",
                triggers: "[{ name: anything, prompt: anything, when: similarity >= -1 }]",
                model: StandInModel.small.get()
            )
            let daemon = try await place.startWatching()
            let socket = try RawSocket(place.socket)
            _ = try await socket.next()
            try await socket.send(#"{"do":"subscribe"}"#)
            _ = try await socket.next()
            for (index, picture) in pictures.enumerated() { try show(picture, as: index, place) }
            return (daemon, socket)
        }

        /// Puts a picture among those that the camera prints, whole at once.
        private func show(_ picture: Data, as index: Int, _ place: Workplace) throws {
            try place.write(picture, as: "next")
            #expect(rename(place.path("next"), place.path("show/\(index).jpg")) == 0)
        }

        private func expectLoss(_ socket: RawSocket, _ place: Workplace, reason: String) async throws {
            let lost = try await socket.next()
            #expect(lost.kind == "camera.lost")
            #expect(lost.reason?.contains(reason) == true, "\(lost)")
            let end = try await socket.next()
            #expect(end.kind == "event.ended")
            #expect(end.reason == "camera-lost")
            let status = try await place.status()
            #expect(try #require(status.triggers.first).state == "unknown")
            #expect(try status.camera("eye").state.contains(reason))
        }

        @Test("identical pictures are told as frozen, and different ones as found")
        func frozen() async throws {
            try await Workplace.with { place in
                let picture = try Pictures.data(Pictures.pair.0)
                let (daemon, socket) = try await watch(place, [picture], "frozen-after: 3s")
                #expect(try await socket.next().kind == "event.started")
                try await expectLoss(socket, place, reason: "frozen")
                try show(Pictures.data(Pictures.pair.1), as: 1, place)
                #expect(try await socket.next().kind == "camera.found")
                #expect(try await socket.next().kind == "event.started")
                // Looks go on meanwhile: they are the evidence.
                #expect(try await place.status().camera("eye").looks > 5)
                try await place.stop(daemon)
                #expect(try await place.expectThePastAgain().events == 2)
            }
        }

        @Test("dark pictures are told as dark, and end what was active as camera-lost")
        func dark() async throws {
            try await Workplace.with { place in
                let pictures = [try Pictures.data(Pictures.pair.0), try Pictures.data(Pictures.pair.1)]
                let (daemon, socket) = try await watch(place, pictures, "blind-after: 2s, frozen-after: never")
                #expect(try await socket.next().kind == "event.started")
                for index in pictures.indices { try show(dark(brightness: 8 + index), as: index, place) }
                try await expectLoss(socket, place, reason: "the picture is dark")
                try show(pictures[0], as: 2, place)
                #expect(try await socket.next().kind == "camera.found")
                try await place.stop(daemon)
                try await place.expectThePastAgain()
            }
        }

        @Test("a camera that shows only darkness starts nothing")
        func darkFromTheBeginning() async throws {
            try await Workplace.with { place in
                let pictures = [try dark(brightness: 8), try dark(brightness: 9)]
                let (daemon, socket) = try await watch(place, pictures, "blind-after: 1s, frozen-after: never")
                #expect(try await socket.next().kind == "camera.lost")
                try await place.stop(daemon)
            }
        }

        @Test("a camera that falls silent is told as lost after its grace, and the silence restarts it")
        func silent() async throws {
            try await Workplace.with { place in
                let (daemon, socket) = try await watch(
                    place,
                    [try Pictures.data(Pictures.pair.0), try Pictures.data(Pictures.pair.1)],
                    "lost-after: 300ms"
                )
                #expect(try await socket.next().kind == "event.started")
                // Only a command that has shown its pace can be missed.
                try await eventually("some pictures") { try await place.status().camera("eye").frames > 5 }
                try FileManager.default.moveItem(atPath: place.path("show"), toPath: place.path("away"))
                try await eventually("a degraded camera", within: .seconds(30)) {
                    try await place.status().camera("eye").state.hasPrefix("degraded: \"sh\" has printed no picture")
                }
                let lost = try await socket.next()
                #expect(lost.kind == "camera.lost")
                #expect(lost.reason?.contains("has printed no picture for") == true)
                #expect(try await socket.next().reason == "camera-lost")
                try FileManager.default.moveItem(atPath: place.path("away"), toPath: place.path("show"))
                #expect(try await socket.next().kind == "camera.found")
                #expect(try await socket.next().kind == "event.started")
                try await place.stop(daemon)
            }
        }

        /// A picture that is all of one brightness, made by ffmpeg.
        private func dark(brightness: Int) throws -> Data {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/ffmpeg")
            let color = String(format: "color=c=0x%02x%02x%02x:s=640x480", brightness, brightness, brightness)
            process.arguments = [
                "-loglevel", "error", "-f", "lavfi", "-i", color, "-frames:v", "1", "-f", "mjpeg", "-",
            ]
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            try #require(!data.isEmpty)
            return data
        }
    }
}
