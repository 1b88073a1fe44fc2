import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Added prompts")
    struct AddedPromptTests {
        private func subscribe(_ place: Workplace, since: Int) async throws -> RawSocket {
            let socket = try RawSocket(place.socket)
            _ = try await socket.next()
            try await socket.send(#"{"do":"subscribe","since":\#(since)}"#)
            _ = try await socket.next()
            return socket
        }

        private func prompts(_ place: Workplace, _ arguments: String...) async throws -> Program.Outcome {
            try await place.run(Programs.client, ["prompts"] + arguments + ["--socket", place.socket])
        }

        @Test("a prompt is added, tells of its events, is there after a restart, and is removed")
        func life() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                try place.configure(
                    camera,
                    triggers: "[{ name: fixed, prompt: a rocket, when: similarity > 1, clear: similarity <= 1 }]"
                )
                var daemon = try await place.startWatching()
                var lines = try await subscribe(place, since: 0)
                let adding = [
                    "bicycle", "--prompt", scene.prompt, "--prompt", scene.prompt + " indeed", "--against",
                    "an empty room",
                    "--camera", Scene.camera, "--when", "similarity >= -1", "--clear", "similarity < -1", "--hold",
                    "200ms",
                ]
                let added = try await place.run(
                    Programs.client,
                    ["prompts", "add"] + adding + ["--socket", place.socket]
                )
                #expect(added.status == 0 && added.output == "trigger bicycle added\n", "\(added.errors)")
                let told = try await lines.next()
                #expect(told.kind == "prompt.changed" && told.trigger == "bicycle" && told.reason == "added")
                let first = try await lines.next()
                #expect(first.kind == "event.started" && first.trigger == "bicycle")
                try await expectRefusals(place)
                try await expectList(place)
                try await place.stop(daemon)
                try await expectJudgement(place)

                daemon = try await place.startWatching()
                lines = try await subscribe(place, since: 2)
                #expect(try await lines.next().reason == "shutdown")
                let second = try await lines.next()
                #expect(second.kind == "event.started" && second.trigger == "bicycle")
                let removed = try await prompts(place, "remove", "bicycle", "--json")
                #expect(removed.status == 0 && removed.output.contains(#""message" : "trigger bicycle removed""#))
                let end = try await lines.next()
                #expect(end.reason == "config-changed" && end.event == second.event)
                let gone = try await lines.next()
                #expect(gone.kind == "prompt.changed" && gone.reason == "removed")
                #expect(try await place.status().triggers.map(\.trigger) == ["fixed"])

                let past = try await subscribe(place, since: 0)
                var kinds: [String?] = []
                for _ in 0..<6 { kinds.append(try await past.next().kind) }
                #expect(
                    kinds == [
                        "prompt.changed", "event.started", "event.ended", "event.started", "event.ended",
                        "prompt.changed",
                    ]
                )
                try await place.stop(daemon)
                daemon = try await place.startWatching()
                #expect(try await place.status().triggers.map(\.trigger) == ["fixed"])
                try await expectWarning(place)
                try await place.stop(daemon)
            }
        }

        /// Whoever adds a prompt is told what the log would say of it.
        private func expectWarning(_ place: Workplace) async throws {
            let added = try await prompts(place, "add", "nobody", "--prompt", "a room without people", "--dry-run")
            #expect(added.status == 0 && added.output == "trigger nobody added\n", "\(added.errors)")
            #expect(added.errors.contains("the model does not understand `without`"), "\(added.errors)")
            #expect(added.errors.contains("add `a room with people` to `against`"), "\(added.errors)")
            let removed = try await prompts(place, "remove", "nobody")
            #expect(removed.errors.isEmpty)
        }

        private func expectRefusals(_ place: Workplace) async throws {
            let wrong = try await prompts(place, "add", "a b", "--prompt", "x", "--when", "probability", "--hold", "2")
            #expect(wrong.status == 78)
            #expect(wrong.errors.contains("the name `a b` is not allowed"))
            #expect(wrong.errors.contains("`hold`: `2` needs a unit"))
            let taken = try await prompts(place, "add", "fixed", "--prompt", "x")
            #expect(taken.status == 1 && taken.errors.contains("the configuration has a trigger fixed"))
            let kept = try await prompts(place, "remove", "fixed")
            #expect(kept.status == 1 && kept.errors.contains("the trigger fixed is in the configuration"))
            let unknown = try await prompts(place, "remove", "nothing")
            #expect(unknown.status == 1 && unknown.errors.contains("no trigger is called “nothing”"))
            let raw = try RawSocket(place.socket)
            _ = try await raw.next()
            try await raw.send(#"{"do":"prompts add","trigger":{"name":"x","prompt":"x","run":["/bin/true"]}}"#)
            #expect(try await raw.next().error?.code == "invalid-configuration")
            try await raw.send(#"{"do":"prompts remove","trigger":"nothing"}"#)
            #expect(try await raw.next().error?.code == "not-found")
        }

        /// The past is judged by what was added, too.
        private func expectJudgement(_ place: Workplace) async throws {
            for (arguments, names) in [([], ["fixed", "bicycle"]), (["--trigger", "bicycle"], ["bicycle"])] {
                let arguments = ["backtest", "--json", "--config", place.configuration] + arguments
                let outcome = try await place.run(Programs.client, arguments)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let report = try JSONDecoder().decode(PastReport.self, from: Data(outcome.output.utf8))
                #expect(report.triggers.map(\.name) == names)
                #expect(report.triggers.last?.events.count == 1)
            }
        }

        private func expectList(_ place: Workplace) async throws {
            let list = try await prompts(place, "list")
            #expect(list.output.contains("bicycle on \(Scene.camera)  (added)"))
            #expect(list.output.contains("fixed on \(Scene.camera)  (file)"))
            let states = try await place.client("triggers", "--socket", place.socket)
            #expect(states.lines.count == 3 && states.output.contains("bicycle"))
            let json = try await place.client("triggers", "--trigger", "bicycle", "--json", "--socket", place.socket)
            #expect(json.output.contains(#""trigger" : "bicycle""#) && !json.output.contains("fixed"))
        }

        @Test("the configuration wins when it takes the name of an added trigger, and says so")
        func takenName() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let camera = try Scene.lastingCamera(in: place)
                try place.configure(camera)
                let daemon = try await place.startWatching()
                for when in ["similarity >= 0.9", "similarity >= 0.8"] {
                    let added = try await prompts(place, "add", "cat", "--prompt", scene.prompt, "--when", when)
                    #expect(added.output == "trigger cat \(when.hasSuffix("9") ? "added" : "changed")\n")
                }
                let same = try await prompts(
                    place,
                    "add",
                    "cat",
                    "--prompt",
                    scene.prompt,
                    "--when",
                    "similarity >= 0.8"
                )
                #expect(same.output == "nothing has changed\n")
                try place.configure(camera, triggers: "[{ name: cat, prompt: a rocket }]")
                let reloaded = try await place.client("reload", "--socket", place.socket)
                #expect(reloaded.output == "trigger cat changed\n", "\(reloaded.errors)")
                #expect(daemon.errors.contains("the configuration has one of that name"))
                #expect(try await prompts(place, "list").output.contains("(file)"))
                let removed = try await prompts(place, "remove", "cat")
                #expect(removed.output == "trigger cat was not in force, and is forgotten\n")
                #expect(try await prompts(place, "list").output.contains("(file)"))
                try await place.stop(daemon)
            }
        }

        @Test("what the journal cannot keep is not added", .enabled(if: access("/usr/bin/python3", X_OK) == 0))
        func journalThatCannotBeWritten() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                try place.configure(Scene.lastingCamera(in: place))
                let daemon = try await place.startWatching()
                let script = """
                    import sqlite3, sys, time
                    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
                    connection.execute("BEGIN IMMEDIATE")
                    print("locked", flush=True)
                    time.sleep(60)
                    """
                let other = try place.start("/usr/bin/python3", ["-c", script, place.journal])
                try await eventually("a lock; \(other.errors)") { other.output == "locked\n" }
                let refused = try await prompts(place, "add", "cat", "--prompt", scene.prompt)
                #expect(refused.status == 1 && refused.output.isEmpty)
                #expect(refused.errors.contains("nothing has changed, since the journal cannot keep it"))
                #expect(try await prompts(place, "list").output.isEmpty)
                other.destroy()
                let added = try await prompts(place, "add", "cat", "--prompt", scene.prompt)
                #expect(added.output == "trigger cat added\n", "\(added.errors)")
                try await place.stop(daemon)
            }
        }

        private static let group: gid_t = 54_321
        private static let user: uid_t = 54_322

        /// What the daemon answers to a line of that user, a member of the socket's group.
        private func answer(to line: String, _ place: Workplace) async throws -> SocketLine {
            let outcome = try await place.run(
                "/usr/bin/setpriv",
                ["--reuid=\(Self.user)", "--regid=\(Self.group)", "--clear-groups", "sh", "-c"]
                    + [#"echo "$1" | exec socat -t 60 - "UNIX-CONNECT:$2""#, "sh", line, place.socket]
            )
            return try SocketLine(outcome.lines.last ?? "{}")
        }

        @Test(
            "who may only read changes nothing, until a reload makes an operator of them",
            .enabled(if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0 && access("/usr/bin/socat", X_OK) == 0)
        )
        func operators() async throws {
            try await Workplace.with { place in
                try place.configure(Scene.camera(in: place, count: 5))
                let daemon = try await place.startWatching()
                try #require(chmod(place.folder, 0o755) == 0 && chown(place.socket, 0, Self.group) == 0)
                let adding = #"{"do":"prompts add","trigger":{"name":"cat","prompt":"a cat"}}"#
                for line in [adding, #"{"do":"prompts remove","trigger":"cat"}"#, #"{"do":"reload"}"#] {
                    #expect(try await answer(to: line, place).error?.code == "not-allowed")
                }
                #expect(try await place.status().triggers.isEmpty)
                let yaml = try String(contentsOfFile: place.configuration, encoding: .utf8)
                    .replacing("s.sock }", with: "s.sock, operators: [\(Self.user)] }")
                try place.write(Data(yaml.utf8), as: "scenewatch.yaml")
                let reloaded = try await place.client("reload", "--socket", place.socket)
                #expect(reloaded.output == "socket.operators changed\n")
                #expect(try await answer(to: adding, place).error == nil)
                #expect(try await place.status().triggers.map(\.trigger) == ["cat"])
                try await place.stop(daemon)
            }
        }
    }
}
