import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Reloading")
    struct ReloadTests {
        private func trigger(_ name: String, _ scene: Scene, _ more: String = "") -> String {
            "{ name: \(name), prompt: \(scene.prompt), when: similarity >= \(scene.upper), "
                + "clear: similarity < \(scene.lower)\(more) }"
        }

        private func subscribe(_ place: Workplace, since: Int? = nil) async throws -> RawSocket {
            let socket = try RawSocket(place.socket)
            _ = try await socket.next()
            try await socket.send(#"{"do":"subscribe"\#(since.map { #","since":\#($0)"# } ?? "")}"#)
            _ = try await socket.next()
            return socket
        }

        private func reload(_ place: Workplace) async throws -> Program.Outcome {
            try await place.client("reload", "--socket", place.socket)
        }

        @Test(
            "a changed trigger's event ends and another begins, an unchanged one's stays open, a wrong file changes nothing"
        )
        func triggers() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                try place.configure(
                    camera,
                    triggers: "[\(trigger("calm", scene)), \(trigger("other", scene))]"
                )
                let daemon = try await place.startWatching()
                let lines = try await subscribe(place, since: 0)
                let starts = [try await lines.next(), try await lines.next()]
                #expect(starts.map(\.kind) == ["event.started", "event.started"])
                let calm = try #require(starts.first { $0.trigger == "calm" }?.event)
                let other = try #require(starts.first { $0.trigger == "other" }?.event)
                let before = try await place.status()

                try place.configure(
                    camera,
                    triggers: "[\(trigger("calm", scene)), \(trigger("other", scene, ", hold: 300ms"))]"
                )
                let outcome = try await reload(place)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output == "trigger other changed\n")
                let end = try await lines.next()
                #expect(end.kind == "event.ended" && end.reason == "config-changed" && end.event == other)
                let told = try await lines.next()
                #expect(told.kind == "daemon.reloaded" && told.reason == "trigger other changed")
                let start = try await lines.next()
                #expect(start.kind == "event.started" && start.trigger == "other" && start.event != other)

                try await expectRefusal(place, camera, scene)
                let after = try await place.status()
                #expect(after.triggers.first { $0.trigger == "calm" }?.event == calm)
                #expect(after.triggers.first { $0.trigger == "other" }?.event == start.event)
                #expect(try after.camera(Scene.camera).frames > before.camera(Scene.camera).frames)
                #expect(after.seq == start.seq)
                try await expectMessagesOfThePast(place)

                try await place.stop(daemon)
                try expectOneEndOfEach(
                    place,
                    ["calm": [.shutdown], "other": [.configurationChanged, .shutdown]]
                )
            }
        }

        private func expectRefusal(_ place: Workplace, _ camera: String, _ scene: Scene) async throws {
            try place.configure(camera, triggers: "[{ name: calm, promt: x }]")
            let wrong = try await reload(place)
            let checked = try await place.client("check", place.configuration)
            #expect(wrong.status == 78 && wrong.output.isEmpty)
            #expect(wrong.errors == checked.errors)
            #expect(wrong.errors.contains("unknown key `promt`"))

            let yaml = try String(contentsOfFile: place.configuration, encoding: .utf8)
                .replacing("promt: x", with: "prompt: x").replacing("journal.db", with: "other.db")
            try place.write(Data(yaml.utf8), as: "scenewatch.yaml")
            let refused = try await reload(place)
            #expect(refused.status == 78)
            #expect(refused.errors.contains("journal.path cannot change while the daemon runs"))
        }

        /// Whoever asks for the past is told of it too.
        private func expectMessagesOfThePast(_ place: Workplace) async throws {
            let past = try await subscribe(place, since: 0)
            var kinds: [String?] = []
            for _ in 0..<5 { kinds.append(try await past.next().kind) }
            #expect(kinds.dropFirst(2) == ["event.ended", "daemon.reloaded", "event.started"])
        }

        private func expectOneEndOfEach(_ place: Workplace, _ reasons: [String: [EventEndReason?]])
            throws
        {
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            let events = try reader.events(limit: .max).reversed()
            for (trigger, expected) in reasons {
                #expect(events.filter { $0.start.trigger == trigger }.map { $0.end?.reason } == expected)
            }
        }

        @Test("with SIGHUP cameras and prompts come and go, and the others lose nothing")
        func cameras() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                let reel = trigger("calm", scene, ", cameras: [\(Scene.camera)]")
                try place.configure(camera, triggers: "[\(reel)]")
                let daemon = try await place.startWatching()
                let lines = try await subscribe(place, since: 0)
                let calm = try await lines.next()
                #expect(calm.trigger == "calm")

                let more =
                    "\n  - { name: second, file: reel.mjpeg, loop: true, rate: 10, look: 10/s, view: center }"
                let seen =
                    "{ name: seen, prompt: [\(scene.prompt), something new], when: similarity >= -1, clear: similarity < -1 }"
                try place.configure(camera + more, triggers: "[\(reel), \(seen)]")
                daemon.signal(SIGHUP)
                let told = try await lines.next()
                #expect(told.kind == "daemon.reloaded")
                #expect(told.reason == "trigger seen added, camera second added")
                let starts = [try await lines.next(), try await lines.next()]
                #expect(starts.map(\.kind) == ["event.started", "event.started"])
                #expect(Set(starts.map(\.camera)) == [Scene.camera, "second"])
                #expect(try await place.status().camera("second").state == "streaming")
                let picture = try await place.client(
                    "snapshot",
                    "second",
                    "-o",
                    place.path("p.jpg"),
                    "--socket",
                    place.socket
                )
                #expect(picture.status == 0, "\(picture.errors)")

                // The second camera in another way, then not at all.
                try place.configure(
                    camera + more.replacing("look: 10/s", with: "look: 5/s"),
                    triggers: "[\(reel), \(seen)]"
                )
                daemon.signal(SIGHUP)
                let end = try await lines.next()
                #expect(end.camera == "second" && end.reason == "config-changed")
                #expect(try await lines.next().reason == "camera second changed")
                let again = try await lines.next()
                #expect(
                    again.kind == "event.started" && again.camera == "second" && (again.frame ?? .max) < 20
                )
                try place.configure(camera, triggers: "[\(reel)]")
                daemon.signal(SIGHUP)
                let ends = [try await lines.next(), try await lines.next()]
                #expect(ends.map(\.reason) == ["config-changed", "config-changed"])
                #expect(try await lines.next().reason == "trigger seen removed, camera second removed")
                let status = try await place.status()
                #expect(status.cameras.map(\.name) == [Scene.camera])
                #expect(status.triggers.map(\.event) == [calm.event])
                try await place.stop(daemon)
                try expectNothingLost(place)
            }
        }

        /// The camera that was there all the time was never opened again: its frames are counted on. Nor did it wait while
        /// prompts were encoded: a second has five of its frames.
        private func expectNothingLost(_ place: Workplace) throws {
            let reader = try JournalReader(path: place.journal)
            defer { reader.close() }
            let frames = try reader.looks(camera: Scene.camera, limit: .max).map(\.look.sequence)
                .reversed()
            #expect(frames.count > 4)
            #expect(zip(frames, frames.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 <= 5 }, "\(Array(frames))")
            #expect(try !reader.looks(camera: "second", limit: .max).isEmpty)
        }

        @Test(
            "another program is run from then on, for the events that are open too, and last for those that end with it"
        )
        func hooks() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                let program = "#!/bin/sh\necho \"$1 $SCENEWATCH_KIND\" >> \(place.path("told.txt"))\n"
                try place.write(Data(program.utf8), as: "hook.sh")
                try #require(chmod(place.path("hook.sh"), 0o755) == 0)
                let told = { (try? String(contentsOfFile: place.path("told.txt"), encoding: .utf8)) ?? "" }
                try place.configure(camera, triggers: "[\(trigger("a", scene, ", run: [./hook.sh, one]"))]")
                let daemon = try await place.startWatching()
                try await eventually("the hook of the start") { told() == "one event.started\n" }
                try place.configure(camera, triggers: "[\(trigger("a", scene, ", run: [./hook.sh, two]"))]")
                #expect(try await reload(place).output == "trigger a changed\n")
                #expect(try await place.status().triggers.map(\.state) == ["active"])
                try place.configure(camera)
                #expect(try await reload(place).output == "trigger a removed\n")
                try await eventually("the hook of the end") {
                    told() == "one event.started\ntwo event.ended\n"
                }
                try await place.stop(daemon)
                try expectOneEndOfEach(place, ["a": [.configurationChanged]])
            }
        }

        @Test("the service manager is told when it begins and when it is over")
        func serviceManager() async throws {
            try await Workplace.with { place in
                try place.configure(Scene.camera(in: place, count: 5))
                let manager = try DatagramSocket(place.path("notify"))
                let daemon = try await place.startWatching(environment: [
                    "NOTIFY_SOCKET": place.path("notify")
                ])
                #expect(try await manager.message().fields["READY"] == "1")
                daemon.signal(SIGHUP)
                var message = try await manager.message()
                while message.fields["WATCHDOG"] != nil { message = try await manager.message() }
                #expect(message.fields["RELOADING"] == "1")
                #expect(Int(message.fields["MONOTONIC_USEC"] ?? "") ?? 0 > 0)
                message = try await manager.message()
                #expect(message.fields["READY"] == "1")
                #expect(daemon.errors.contains("configuration reloaded: nothing has changed"))
                try place.write(Data("cameras: []".utf8), as: "scenewatch.yaml")
                daemon.signal(SIGHUP)
                try await eventually("a complaint") {
                    daemon.errors.contains("was not reloaded")
                }
                #expect(daemon.errors.contains("scenewatch.yaml:1:1: the key `model` is missing"))
                try await place.stop(daemon)
            }
        }

        @Test("a daemon that is stopped in the midst of a reload stops in good order")
        func stopping() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                try place.configure(camera, triggers: "[\(trigger("calm", scene))]")
                let daemon = try await place.startWatching()
                let lines = try await subscribe(place, since: 0)
                #expect(try await lines.next().kind == "event.started")
                try place.configure(camera, triggers: "[{ name: other, prompt: something new }]")
                daemon.signal(SIGHUP)
                try await Task.sleep(for: .milliseconds(50))
                try await place.stop(daemon)
                let end = try await lines.next()
                #expect(end.kind == "event.ended" && ["config-changed", "shutdown"].contains(end.reason))
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                #expect(try reader.events(limit: .max).map { $0.end?.reason.rawValue } == [end.reason])
            }
        }

        @Test("without a daemon the client says so")
        func unreachable() async throws {
            try await Workplace.with { place in
                #expect(try await reload(place).status == 69)
                #expect(try await place.client("triggers", "--socket", place.socket).status == 69)
                #expect(
                    try await place.client("prompts", "remove", "a", "--socket", place.socket).status == 69
                )
                let adding = try await place.client(
                    "prompts",
                    "add",
                    "a",
                    "--prompt",
                    "x",
                    "--socket",
                    place.socket
                )
                #expect(adding.status == 69)
                #expect(
                    try await place.client("prompts", "add", "a", "--socket", place.socket).status == 64
                )
            }
        }
    }
}
