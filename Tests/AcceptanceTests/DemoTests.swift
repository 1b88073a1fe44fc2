import Foundation
import TestSupport
import Testing

extension Acceptance {
    @Suite("Demonstration")
    struct DemoTests {
        /// Writes a clip of two pictures in turn, 25 frames each at 10 a second, and its configuration. The scene is
        /// there from 2.5 to 5 s and from 7.5 to 10 s.
        private func prepare(
            _ place: Workplace,
            scenes: [(start: Double, end: Double)],
            camera: String = "file: clip.mjpeg"
        )
            async throws
        {
            let scene = try await Scene(in: place, hold: 500, release: 500, model: StandInModel.small.get())
            let part = try Pictures.reel([Pictures.pair.1, Pictures.pair.0], count: 25)
            try place.write(part + part, as: "clip.mjpeg")
            let yaml = """
                model: { use: \(try StandInModel.small.get()) }
                cameras: [{ name: \(Scene.camera), \(camera), rate: 10, look: 5/s, view: center }]
                triggers: \(scene.yaml)
                socket: { path: /nonexistent/socket }
                journal: { path: /nonexistent/journal.db }
                """
            try place.write(Data(yaml.utf8), as: "demo.yaml")
            let events = scenes.map {
                #"{"trigger":"\#(Scene.trigger)","start":\#($0.start),"end":\#($0.end),"what":"the first picture"}"#
            }
            let script = #"{"rate":10,"length":10,"events":[\#(events.joined(separator: ","))]}"#
            try FileManager.default.createDirectory(atPath: place.path("demo"), withIntermediateDirectories: false)
            try place.write(Data(script.utf8), as: "demo/script.json")
        }

        private func demo(_ place: Workplace, _ options: String...) async throws -> Program.Outcome {
            try await place.run(Programs.client, ["demo", "--config", place.path("demo.yaml")] + options)
        }

        /// The folders of demonstrations; each is to leave none behind.
        private func folders() throws -> Set<String> {
            let all = try FileManager.default.contentsOfDirectory(atPath: "/tmp")
            return Set(all.filter { $0.hasPrefix("scenewatch-demo-") })
        }

        @Test("the bundled model finds all that happens in the bundled clip, and nothing else")
        func bundled() async throws {
            try await Workplace.with { place in
                let configuration = ReferenceData.configuration("demo.yaml")
                let check = try await place.client("check", configuration)
                #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
                struct Script: Decodable {
                    struct Scene: Decodable {}
                    var events: [Scene]
                }
                let script = try JSONDecoder().decode(
                    Script.self,
                    from: Data(contentsOf: URL(fileURLWithPath: ReferenceData.configuration("demo/script.json")))
                )
                let outcome = try await place.client("demo", "--fast", "--json")
                #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.output)\(outcome.errors)")
                let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
                #expect(report.found == script.events.count)
            }
        }

        private struct Report: Decodable {
            struct Row: Decodable {
                var verdict: String
                var foundAt: Double?
                var delay: Double?
            }
            var found: Int
            var missed: Int
            var rows: [Row]
        }

        @Test("a clip whose scenes are all found is told line by line, then in a table, with status 0")
        func right() async throws {
            try await Workplace.with { place in
                let before = try folders()
                try await prepare(place, scenes: [(2.5, 5), (7.5, 10)])
                for options in [["--fast"], ["--plain"]] {
                    let outcome = try await place.run(
                        Programs.client,
                        ["demo", "--config", place.path("demo.yaml")] + options
                    )
                    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
                    let lines = outcome.lines
                    #expect(lines.count { $0.contains("  started  ") } == 2)
                    #expect(lines.count { $0.contains("  ended ") } == 2)
                    #expect(lines.contains { $0.hasPrefix("TRIGGER") })
                    #expect(lines.count { $0.contains("  found  ") } == 2)
                    #expect(lines.last == "2 found, 0 missed, 0 false")
                    #expect(!outcome.output.contains("\u{1B}"))
                    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
                }
                #expect(try folders().isSubset(of: before))
            }
        }

        @Test("what is missed and what is false is told, with status 1, and as JSON")
        func wrong() async throws {
            try await Workplace.with { place in
                try await prepare(place, scenes: [(0.2, 0.4), (2.5, 5)])
                let outcome = try await demo(place, "--fast")
                #expect(outcome.status == 1)
                #expect(outcome.lines.last == "1 found, 1 missed, 1 false", "\(outcome.output)")
                let json = try await demo(place, "--fast", "--json")
                #expect(json.status == 1)
                let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
                #expect(report.found == 1 && report.missed == 1)
                #expect(report.rows.map(\.verdict) == ["missed", "found", "false"])
                // The look at 2.6 s is the first that sees it; it has held for half a second at 3.2 s.
                #expect(report.rows.map(\.foundAt) == [nil, 3.2, 8.2])
                #expect(report.rows[1].delay == 0.2)
            }
        }

        @Test("what is wrong with configuration, script, model or daemon is said, with the usual status")
        func refusals() async throws {
            try await Workplace.with { place in
                let before = try folders()
                #expect(try await demo(place).status == 78)
                try await prepare(place, scenes: [(2.5, 5)])
                let missing = try await demo(place, "--script", place.path("none.json"))
                #expect(missing.status == 78 && missing.errors.contains("none.json"))
                try place.write(Data("[]".utf8), as: "bad.json")
                let bad = try await demo(place, "--script", place.path("bad.json"))
                #expect(bad.status == 78 && bad.errors.contains("no script"))
                let script = #"{"rate":12,"length":10,"events":[]}"#
                try place.write(Data(script.utf8), as: "other.json")
                let rate = try await demo(place, "--script", place.path("other.json"))
                #expect(rate.status == 78 && rate.errors.contains("12"))

                let yaml = try String(contentsOfFile: place.path("demo.yaml"), encoding: .utf8)
                func with(_ old: String, _ new: String) throws {
                    try place.write(Data(yaml.replacingOccurrences(of: old, with: new).utf8), as: "demo.yaml")
                }
                try with("file: clip.mjpeg", "file: clip.mjpeg, loop: true")
                #expect(try await demo(place).status == 78)
                try with("file: clip.mjpeg", "file: none.mjpeg")
                let lost = try await demo(place)
                #expect(lost.status == 1 && lost.errors.contains("none.mjpeg: No such file"), "\(lost.errors)")
                try with("use: ", "use: /nonexistent")
                let model = try await demo(place)
                #expect(model.status == 78 && model.errors.contains("no such file"), "\(model.errors)")
                try with("", "")
                let taken = try await demo(place, "--fast", "--socket", place.path("demo.yaml"))
                #expect(taken.status == 1 && taken.errors.contains("exists"))
                let socket = try await demo(place, "--fast", "--socket", "/nonexistent/s")
                #expect(socket.status == 1 && socket.errors.contains("/nonexistent does not exist"), "\(socket.errors)")
                #expect(try folders().isSubset(of: before))
            }
        }

        @Test("what the daemon warned of is said, and a recording that is not the script's is not judged")
        func misfits() async throws {
            try await Workplace.with { place in
                try await prepare(place, scenes: [(2.5, 5), (7.5, 10)])
                try place.write(Data(#"{"rate":10,"length":12,"events":[]}"#.utf8), as: "long.json")
                let short = try await demo(place, "--fast", "--script", place.path("long.json"))
                #expect(short.status == 1)
                #expect(short.errors.contains("gave 100 pictures; the script is of 120"), "\(short.errors)")

                let bundled = ReferenceData.configuration("demo.yaml")
                let yaml = try String(contentsOfFile: bundled, encoding: .utf8)
                    .replacingOccurrences(of: "use: models", with: "use: \(ReferenceData.configuration("models"))")
                    .replacingOccurrences(of: "file: demo", with: "file: \(ReferenceData.configuration("demo"))")
                    .replacingOccurrences(of: "a person in a red coat,", with: "a zebra in a red coat,")
                try place.write(Data(yaml.utf8), as: "zebra.yaml")
                let script = ReferenceData.configuration("demo/script.json")
                // A terminal's shell has the variable where a service has started it; the log goes elsewhere.
                let zebra = try await place.run(
                    "/usr/bin/env",
                    ["JOURNAL_STREAM=1:2", Programs.client, "demo", "--fast"]
                        + ["--config", place.path("zebra.yaml"), "--script", script]
                )
                #expect(zebra.errors.contains("never learned the word “zebra”"), "\(zebra.errors)")
                #expect(zebra.lines.last?.hasSuffix("false") == true)
            }
        }

        @Test("who reads no further is not told that all was well")
        func unread() async throws {
            try await Workplace.with { place in
                try await prepare(place, scenes: [(2.5, 5), (7.5, 10)])
                let pipe =
                    "\(Programs.client) demo --fast --config \(place.path("demo.yaml")) | head -1; exit ${PIPESTATUS[0]}"
                let outcome = try await place.run("/bin/bash", ["-c", pipe])
                #expect(outcome.status == 141, "\(outcome.errors)")
            }
        }

        @Test(
            "what would make the comparison wrong ends it in words: lost lines, and a recording that has begun before",
            arguments: [
                ("lag", "the lines 1 to 5 were lost"), ("begun", "the recording began before this program listened"),
                ("lost", "camera reel is lost: the cable was pulled"),
            ]
        )
        func untrustworthy(trouble: String, words: String) async throws {
            try await Workplace.with { place in
                let before = try folders()
                try await prepare(place, scenes: [(2.5, 5)])
                // The demonstration takes the daemon that lies beside it.
                try FileManager.default.copyItem(atPath: Programs.client, toPath: place.path("scenewatch"))
                let daemon = """
                    #!/usr/bin/env python3
                    import json, os, signal, socket, sys, time
                    signal.signal(signal.SIGTERM, signal.SIG_DFL)
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
                    server = socket.socket(socket.AF_UNIX)
                    server.bind(sys.argv[sys.argv.index("--socket") + 1])
                    time.sleep(0.3)  # what connects now is refused
                    server.listen()
                    trouble = os.environ["TROUBLE"]
                    lag = {"lagged": {"from": 1, "to": 5}}
                    lost = {"seq": 1, "kind": "camera.lost", "at": "2026-11-23T09:00:00.120Z", "camera": "reel",
                        "reason": "the cable was pulled"}
                    camera = {"name": "reel", "source": "x", "state": "streaming", "frames": 1, "looks": 1,
                        "replaced": 0, "corrupt": 0, "lookRate": 1.0}
                    status = {"version": "0", "boot": "b", "uptime": 1.0, "cameras": [camera], "triggers": [],
                        "model": {"name": "m", "precision": "f32", "id": "i", "width": 1, "side": 1},
                        "encoder": {"batches": 1, "crops": 1},
                        "journal": {"path": "p", "looks": 1, "messages": 1, "dropped": 0, "bytes": 1, "writable": True},
                        "seq": 1, "subscribers": 1}
                    answers = {"prompts list": {"prompts": []}, "status": status,
                        "subscribe": {"seq": 3 if trouble == "begun" else 0, "states": []}}
                    while True:
                        connection = server.accept()[0].makefile("rw")
                        def say(value):
                            connection.write(json.dumps(value) + "\\n")
                            connection.flush()
                        say({"hello": {"boot": "b", "protocol": 1, "seq": 0, "version": "0"}})
                        for line in connection:
                            request = json.loads(line)
                            say({"id": request["id"], "ok": answers[request["do"]]})
                            if request["do"] == "subscribe" and trouble != "begun":
                                say(lag if trouble == "lag" else lost)
                    """
                try place.write(Data(daemon.utf8), as: "scenewatchd")
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: place.path("scenewatchd")
                )
                let program = try place.start(
                    place.path("scenewatch"),
                    ["demo", "--config", place.path("demo.yaml")],
                    environment: ["TROUBLE": trouble]
                )
                #expect(try await program.end() == .exited(1))
                #expect(program.errors.contains(words), "\(program.errors)")
                #expect(program.output.isEmpty)
                #expect(try folders().isSubset(of: before))
            }
        }

        @Test(
            "on a terminal it draws, leaves the screen as it was, and says the same at the end; so it does when stopped"
        )
        func terminal() async throws {
            try await Workplace.with { place in
                let before = try folders()
                try await prepare(place, scenes: [(2.5, 5), (7.5, 10)])
                let program = "\(Programs.client) demo --config \(place.path("demo.yaml"))"
                let outcome = try await place.runOnTerminal(program + " --fast")
                #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
                try expectRestored(outcome.output)
                #expect(outcome.output.contains("▀"))
                #expect(outcome.output.contains("┃"))
                #expect(outcome.output.contains("of 10.0 s"))
                let after = try #require(outcome.output.components(separatedBy: "\u{1B}[?1049l").last)
                #expect(after.contains("2 found, 0 missed, 0 false"))

                for (key, status) in [("\u{3}", 130), ("\u{1C}", 131)] as [(String, Int32)] {
                    let interrupted = try await place.runOnTerminal(program, typing: [("┃", key)])
                    #expect(interrupted.status == status)
                    try expectRestored(interrupted.output)
                }
                // Ctrl-Z, and on again; `runOnTerminal` looks at how the terminal takes input meanwhile.
                let suspended = try await place.runOnTerminal(program, typing: [("┃", "\u{1A}"), ("┃", "\u{3}")])
                #expect(suspended.status == 130)
                #expect(suspended.errors == "shown: silent, stopped: as before\n")
                try expectRestored(suspended.output, times: 2)
                #expect(try folders().isSubset(of: before))
            }
        }

        private func expectRestored(_ output: String, times: Int = 1) throws {
            for (on, off) in [("\u{1B}[?1049h", "\u{1B}[?1049l"), ("\u{1B}[?25l", "\u{1B}[?25h")] {
                #expect(output.components(separatedBy: on).count == times + 1)
                #expect(output.components(separatedBy: off).count == times + 1)
            }
            let opening = try #require(output.range(of: "\u{1B}[?1049h"))
            let closing = try #require(output.range(of: "\u{1B}[?1049l"))
            #expect(opening.lowerBound < closing.lowerBound)
        }

        @Test("a daemon for a subscriber waits for one, and ends with it, however it goes")
        func forSubscriber() async throws {
            try await Workplace.with { place in
                try await prepare(place, scenes: [])
                let daemon = try place.start(
                    Programs.daemon,
                    [
                        "--config", place.path("demo.yaml"), "--socket", place.socket, "--journal", place.journal,
                        "--for-subscriber",
                    ]
                )
                try await eventually("a daemon that waits") { daemon.errors.contains("waiting for a subscriber") }
                #expect(try await place.status().camera(Scene.camera).frames == 0)
                let watch = try place.start(Programs.client, ["watch", "--socket", place.socket])
                try await eventually("frames") { try await place.status().camera(Scene.camera).frames > 0 }
                watch.signal(SIGKILL)
                #expect(try await daemon.end() == .exited(0))
                let early = try place.start(
                    Programs.daemon,
                    [
                        "--config", place.path("demo.yaml"), "--socket", place.socket, "--journal", place.journal,
                        "--for-subscriber",
                    ]
                )
                try await eventually("a daemon that waits") { early.errors.contains("waiting for a subscriber") }
                early.signal(SIGTERM)
                #expect(try await early.end() == .exited(0))
                #expect(!FileManager.default.fileExists(atPath: place.socket))
            }
        }

        @Test("watch --live shows a running daemon, and needs a terminal")
        func live() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place, model: StandInModel.small.get())
                try place.configure(
                    Scene.camera(in: place, count: 12),
                    triggers: scene.yaml,
                    model: StandInModel.small.get()
                )
                let daemon = try await place.startWatching()
                let watch = "\(Programs.client) watch --live --socket \(place.socket)"
                let outcome = try await place.runOnTerminal(watch, typing: [("  started  |▀", "\u{3}")])
                #expect(outcome.status == 130)
                try expectRestored(outcome.output)
                #expect(outcome.output.contains("▀") && outcome.output.contains(Scene.trigger))
                #expect(try await place.client("watch", "--live", "--socket", place.socket).status == 64)
                try await place.stop(daemon)
            }
        }

        @Test("a snapshot is a JPEG of the camera, as wide as asked for")
        func snapshot() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0], count: 5), as: "reel.mjpeg")
                try place.configure(
                    "  - { name: \(Scene.camera), file: reel.mjpeg, loop: true, rate: 10, look: 10/s }",
                    model: StandInModel.small.get()
                )
                let daemon = try await place.startWatching()
                for (width, name) in [("64", "small.jpg"), ("1280", "large.jpg")] {
                    let outcome = try await place.client(
                        "snapshot",
                        Scene.camera,
                        "--socket",
                        place.socket,
                        "--width",
                        width,
                        "-o",
                        place.path(name)
                    )
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                    #expect(outcome.errors.contains(width == "64" ? "160 × 107," : "640 × 427,"), "\(outcome.errors)")
                    let jpeg = try Data(contentsOf: URL(fileURLWithPath: place.path(name)))
                    #expect(jpeg.starts(with: [0xFF, 0xD8]))
                }
                let model = try StandInModel.small.get()
                let embedded = try await place.client(
                    "embed",
                    "image",
                    "--model",
                    model,
                    place.path("small.jpg"),
                    place.path("large.jpg")
                )
                #expect(embedded.status == 0 && embedded.lines.count == 2, "\(embedded.errors)")
                let piped = "\(Programs.client) snapshot \(Scene.camera) --socket \(place.socket)"
                let counted = try await place.run("/bin/sh", ["-c", piped + " | head -c 2 | od -An -tx1"])
                #expect(counted.output.contains("ff d8"))
                let unknown = try await place.client("snapshot", "nowhere", "--socket", place.socket)
                #expect(unknown.status == 1 && unknown.errors.contains("no camera is called “nowhere”"))
                let terminal = try await place.runOnTerminal(piped)
                #expect(terminal.status == 64)
                #expect(!terminal.output.contains("\u{FFFD}"))
                try await place.stop(daemon)
            }
        }
    }
}
