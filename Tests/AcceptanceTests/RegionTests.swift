import Foundation
import Imaging
import Journal
import Testing

extension Acceptance {
    @Suite("Regions")
    struct RegionTests {
        /// A recording of 512×256 pixels that shows the scene in its left half for 12 frames, then nowhere for as many.
        private static func recording() throws -> Data {
            func half(_ name: String) throws -> Picture {
                let picture = try PictureFile.read(path: Pictures.path(name))
                var crops: [[UInt8]] = []
                try Preprocessor(side: 256).crops(of: picture, view: .center, into: &crops)
                return try Picture(width: 256, height: 256, pixels: crops[0])
            }
            let (scene, other) = (try half(Pictures.pair.0), try half(Pictures.pair.1))
            let frames = try [scene, other].map { left in
                let pixels = (0..<256).flatMap { row in
                    [left, other].flatMap { $0.pixels[row * 768..<(row + 1) * 768] }
                }
                let picture = try Picture(width: 512, height: 256, pixels: pixels)
                return Data(try JPEGEncoder().encode(picture, quality: 98))
            }
            return frames.reduce(into: Data()) { reel, frame in
                for _ in 0..<12 { reel.append(frame) }
            }
        }

        @Test("what shows in one half fires the trigger of that half alone, in the past too")
        func halves() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                try place.write(Self.recording(), as: "reel.mjpeg")
                let conditions = "when: similarity >= \(scene.upper), clear: similarity < \(scene.lower)"
                let told = place.path("told")
                let run = "run: [/bin/sh, -c, 'echo \"$SCENEWATCH_KIND $SCENEWATCH_REGION\" >> \(told)']"
                try place.configure(
                    """
                      - name: reel
                        file: reel.mjpeg
                        rate: 10
                        look: 10/s
                        pace: fastest
                        view:
                          regions:
                            - { name: left, left: 0%, top: 0%, width: 50%, height: 100% }
                            - { name: right, left: 50%, top: 0%, width: 50%, height: 100% }
                    """,
                    triggers: """
                        [{ name: on-the-left, prompt: \(scene.prompt), \(conditions), regions: [left], \(run) },
                          { name: on-the-right, prompt: \(scene.prompt), \(conditions), regions: [right] },
                          { name: anywhere, prompt: \(scene.prompt), \(conditions) }]
                        """
                )
                let daemon = try place.start(Programs.daemon, ["--config", place.configuration, "--fastest"])
                try await eventually("the recording's end; the daemon said \(daemon.errors)") {
                    if let ending = daemon.ending {
                        throw Timeout(description: "the daemon \(ending): \(daemon.errors)")
                    }
                    return daemon.errors.contains("camera reel has ended")
                        && FileManager.default.fileExists(atPath: place.socket)
                }
                try await place.stop(daemon)

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max).reversed()
                #expect(events.map(\.start.trigger).sorted() == ["anywhere", "on-the-left"])
                #expect(events.allSatisfy { $0.start.crop == 0 && $0.start.frame == 0 && $0.start.region == "left" })
                let looks = try reader.looks(camera: "reel", limit: .max).map(\.look)
                #expect(looks.count == 24 && looks.allSatisfy { $0.view == "regions: left right" })
                #expect(looks.allSatisfy { $0.crops.map(\.x) == [0, 256] && $0.crops.allSatisfy { $0.side == 256 } })
                // Each is scored on its own crops only.
                #expect(try reader.scores(trigger: "on-the-left").count == 24)
                #expect(try reader.scores(trigger: "anywhere").count == 48)
                let words = try String(contentsOfFile: told, encoding: .utf8)
                #expect(words == "event.started left\nevent.ended \n")
                let why = try await place.client("explain", "last", "--config", place.configuration)
                #expect(why.output.contains(", in the region left"), "\(why)")
                let past = try await place.expectThePastAgain()
                #expect(past.events == 2)
            }
        }
    }
}
