import Foundation
import Journal
import Testing

extension Acceptance {
    @Suite("Triggers")
    struct TriggerTests {
        @Test("a cooldown holds over a restart, a trial is told to nobody, and a closed schedule sees nothing")
        func cooldown() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let conditions = "when: similarity >= \(scene.upper), clear: similarity < \(scene.lower)"
                // The scene comes and goes every 2.4 s.
                try place.configure(
                    Scene.camera(in: place, count: 12),
                    triggers: """
                        [{ name: rare, prompt: \(scene.prompt), \(conditions), cooldown: 5s },
                          { name: trial, prompt: \(scene.prompt), \(conditions), dry-run: true },
                          { name: closed, prompt: \(scene.prompt), \(conditions),
                            schedule: { days: \(Self.notToday), zone: UTC } }]
                        """
                )
                for run in 1...2 {
                    let daemon = try await place.startWatching()
                    let raw = try RawSocket(place.socket)
                    _ = try await raw.next()
                    try await raw.send(#"{"do":"subscribe","since":0,"kinds":["event.started"]}"#)
                    let states = try await raw.line() ?? ""
                    #expect(states.contains(#""trigger":"rare""#) && !states.contains(#""trigger":"trial""#))
                    for _ in 1...(2 * run) {
                        let line = try await raw.line()
                        #expect(line?.contains(#""trigger":"rare""#) == true, "\(line ?? "nothing")")
                    }
                    let table = try await place.client("status", "--socket", place.socket).output
                    #expect(table.contains(", on trial"), "\(table)")
                    try await place.stop(daemon)
                    #expect(daemon.errors.contains("dry run: trial started on"))
                }

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max).reversed().map(\.start)
                let rare = events.filter { $0.trigger == "rare" }
                #expect(rare.count >= 4)
                for (earlier, later) in zip(rare, rare.dropFirst()) {
                    let pause = later.at.timeIntervalSince(earlier.at)
                    // Across the restart two clocks meet.
                    #expect(pause >= 4.9, "\(pause) s")
                }
                #expect(rare[1].suppressed >= 1)
                let trial = events.filter { $0.trigger == "trial" }
                #expect(trial.count > rare.count)
                #expect(trial.allSatisfy { $0.isDryRun && $0.suppressed == 0 } && rare.allSatisfy { !$0.isDryRun })
                #expect(events.allSatisfy { $0.trigger != "closed" })
                #expect(try reader.scores(trigger: "closed").count > 50, "what is not told is scored all the same")
                try await place.expectThePastAgain()
            }
        }

        @Test("a hook is run with every start and end of its trigger, in order, and with none of a trial")
        func hooks() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                let conditions = "when: similarity >= \(scene.upper), clear: similarity < \(scene.lower)"
                let program = """
                    #!/bin/sh
                    cat >> \(place.path("told.jsonl"))
                    echo "$1 $SCENEWATCH_KIND $SCENEWATCH_EVENT $SCENEWATCH_CAMERA" >> \(place.path("told.txt"))
                    """
                try place.write(Data(program.utf8), as: "hook.sh")
                #expect(chmod(place.path("hook.sh"), 0o755) == 0)
                try place.configure(
                    Scene.camera(in: place, count: 12),
                    triggers: """
                        [{ name: told, prompt: \(scene.prompt), \(conditions), run: [./hook.sh, "$HOME; x"] },
                          { name: trial, prompt: \(scene.prompt), \(conditions), dry-run: true, run: [./hook.sh, trial] },
                          { name: absent, prompt: \(scene.prompt), \(conditions), run: [./no-such-hook] }]
                        """
                )
                let daemon = try await place.startWatching()
                let told = place.path("told.txt")
                try await eventually("three hooks") {
                    (try? String(contentsOfFile: told, encoding: .utf8).split(separator: "\n").count) ?? 0 >= 3
                }
                try await place.stop(daemon)
                #expect(daemon.errors.contains("no-such-hook"))

                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max).filter { $0.start.trigger == "told" }.reversed()
                let expected = events.flatMap { event in
                    ["event.started", "event.ended"].map { "$HOME; x \($0) \(event.start.id) \(Scene.camera)" }
                }
                let lines = try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n").map(String.init)
                #expect(lines == expected, "the last end, at the daemon's, is told too")
                let payloads = try String(contentsOfFile: place.path("told.jsonl"), encoding: .utf8)
                    .split(separator: "\n").map { try SocketLine(String($0)) }
                #expect(payloads.map(\.seq) == events.flatMap { [Int($0.seqStarted), $0.seqEnded.map(Int.init)] })
            }
        }

        /// Three days from now in UTC.
        private static var notToday: String {
            let number = Int(Date().timeIntervalSince1970) / 86_400
            return ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][number % 7]
        }

        @Test("negation is warned of, with what to write instead")
        func negation() async throws {
            try await Workplace.with { place in
                try place.configure(
                    "  - { name: door, file: none.mjpeg }",
                    triggers: "[{ name: calm, prompt: a street without cars }]"
                )
                let outcomes = [
                    try await place.client("check", place.configuration),
                    try await place.run(Programs.daemon, ["--check", "--config", place.configuration]),
                ]
                for outcome in outcomes {
                    #expect(outcome.status == 0 && outcome.output.contains("valid"))
                    #expect(outcome.errors.contains("warning: trigger calm: `a street without cars`"))
                    #expect(outcome.errors.contains("add `a street with cars` to `against`"))
                }
            }
        }
    }
}
