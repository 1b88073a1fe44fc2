import Configuration
import EventSocket
import Foundation
import Pipeline
import Testing

/// Looks in seconds after a beginning, one a second; `w` that `when` holds, `c` that `clear` does, `-` that neither does and
/// `x` that triggers did not go by it.
@Suite("What happened on the way to an event")
struct ExplanationStepsTests {
    private static let zero = Date(timeIntervalSince1970: 1_790_000_000)

    private func trigger(cooldown: Int = 0, combination: Combination? = nil) -> TriggerSettings {
        TriggerSettings(
            name: "parcel",
            prompt: ["a parcel"],
            cameras: ["door"],
            hold: .seconds(3),
            release: .seconds(3),
            cooldown: .seconds(cooldown),
            combination: combination
        )
    }

    private func report(
        _ looks: String,
        started: Int,
        ended: Int? = nil,
        reason: String = "cleared",
        suppressed: Int = 0,
        members: [String: [ClosedRange<Int>]] = [:]
    ) throws -> ExplanationReport {
        let verdicts: [Character: String] = ["w": "when", "c": "clear", "-": "between", "x": "unbelieved"]
        let score: [String: Double] = ["probability": 0.5, "similarity": 0.2, "margin": 0.1]
        var object: [String: Any] = [
            "event": "01", "trigger": "parcel", "camera": "door", "started": time(started), "suppressed": suppressed,
            "isDryRun": false, "frame": 0, "steps": [String](), "rivals": [String](), "pictures": [String](),
            "notes": [String](),
        ]
        if let ended { object.merge(["ended": time(ended), "reason": reason]) { $1 } }
        object["looks"] = looks.enumerated().map { number, character -> [String: Any] in
            [
                "look": number, "at": time(number), "isNight": false, "crop": 0, "score": score,
                "verdict": verdicts[character] ?? "",
            ]
        }
        object["members"] = members.map { name, spans -> [String: Any] in
            ["trigger": name, "spans": spans.map { ["from": time($0.lowerBound), "to": time($0.upperBound)] }]
        }
        return try JSONDecoder().decode(
            ExplanationReport.self,
            from: try JSONSerialization.data(withJSONObject: object)
        )
    }

    private func time(_ second: Int) -> Double { (Self.zero + Double(second)).timeIntervalSinceReferenceDate }

    private func told(_ steps: ExplanationSteps) -> [String] {
        steps.steps.map { step in
            let what = step.what.replacing(", probability 0.500", with: "")
            return "\(Int(step.at.timeIntervalSince(Self.zero))) \(what)"
        }
    }

    @Test("an event that holds and clears is told with what was in vain before it and in it")
    func plain() throws {
        let steps = try ExplanationSteps(report("-ww-cwwwwwc-cccc-", started: 8, ended: 15), trigger())
        #expect(
            told(steps) == [
                "1 `when` holds for 1.0 s", "5 `when` begins to hold",
                "8 the event starts: `when` has held for 3.0 s",
                "10 `clear` holds for 0.0 s: the event goes on", "12 `clear` begins to hold",
                "15 the event ends: `clear` has held for 3.0 s",
            ]
        )
        #expect(!steps.isByAnotherRule)
    }

    @Test("what a loss, a pause or a start of the daemon broke does not count")
    func breaks() throws {
        let looks = try report("wwwwwwww", started: 7)
        let whole = ExplanationSteps(looks, trigger())
        #expect(told(whole).first == "0 `when` begins to hold")
        let broken = ExplanationSteps(looks, trigger(), breaks: [4])
        #expect(
            told(broken) == [
                "0 `when` holds for 3.0 s", "4 `when` begins to hold", "7 the event starts: `when` has held for 3.0 s",
            ]
        )
        let unbelieved = try ExplanationSteps(report("www" + "x" + "wwww", started: 7), trigger())
        #expect(told(unbelieved).last == "7 the event starts: `when` has held for 3.0 s")
        // Two runs of `clear` with looks between them that are left out are two.
        let cut = try ExplanationSteps(report("wwwwcccccw", started: 3), trigger(), breaks: [7])
        #expect(told(cut).suffix(2).map { $0.prefix(2) } == ["4 ", "7 "])
    }

    @Test("a scene that waited for the cooldown is told so, and not as another rule's")
    func cooldown() throws {
        let previous = Self.zero - 54
        let held = try ExplanationSteps(report("wwwwwww", started: 6), trigger(cooldown: 60), previousStart: previous)
        #expect(told(held).last?.contains("the cooldown of the one before is over") == true)
        // Between the thresholds while it waited: the first look that shows it again starts the event.
        let again = try ExplanationSteps(report("www---w", started: 6), trigger(cooldown: 60), previousStart: previous)
        #expect(told(again).last?.contains("the cooldown of the one before is over") == true && !again.isByAnotherRule)
        let long = ExplanationSteps(
            try report("wwwwwww", started: 6),
            trigger(cooldown: 60),
            previousStart: Self.zero - 3600
        )
        #expect(told(long).last?.contains("has held for 6.0 s") == true)
    }

    @Test("what the rule of now would not have started is told")
    func otherRules() throws {
        #expect(try ExplanationSteps(report("ccccww", started: 5), trigger()).isByAnotherRule)
        #expect(try ExplanationSteps(report("cccccc", started: 5), trigger()).isByAnotherRule)
        #expect(try !ExplanationSteps(report("ccwwww", started: 5), trigger()).isByAnotherRule)
        // Where the looks begin with the scene, it may have been there before.
        #expect(try !ExplanationSteps(report("ww", started: 1), trigger()).isByAnotherRule)
        #expect(try !ExplanationSteps(report("ccccww", started: 5), nil).isByAnotherRule)
    }

    @Test("ends without a look are told by their reasons, and an event goes on without an end")
    func endings() throws {
        for (reason, words) in [
            ("camera-lost", "the camera is lost"), ("shutdown", "the daemon stops"),
            ("schedule", "the schedule is over"),
            ("config-changed", "its trigger was changed"), ("recovered", "the daemon died"),
        ] {
            let steps = try ExplanationSteps(report("wwwwww", started: 3, ended: 9, reason: reason), trigger())
            #expect(told(steps).last?.contains(words) == true, "\(told(steps))")
        }
        let open = try ExplanationSteps(report("wwwwww", started: 3, suppressed: 2), trigger())
        #expect(told(open).contains("3 2 scenes before it came and went within the cooldown"))
        #expect(!told(open).contains { $0.contains("ends") })
        let bare = try ExplanationSteps(report("", started: 3, ended: 5), trigger())
        #expect(told(bare) == ["3 the event starts", "5 the event ends"])
    }

    @Test("a combination is told by what it goes by")
    func combinations() throws {
        let steps = ExplanationSteps(
            try report("------", started: 2, ended: 5, members: ["dog": [1...4]]),
            trigger(combination: .trigger("dog"))
        )
        #expect(
            told(steps) == [
                "1 dog becomes active", "2 the event starts", "4 dog is active no more", "5 the event ends",
            ]
        )
    }
}
