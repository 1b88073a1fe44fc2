import Foundation
import Showing
import Testing

@Suite("Script against events")
struct ScriptComparisonTests {
    private typealias Scene = DemoScript.Scene
    private typealias Start = ScriptComparison.Start

    private func compare(_ script: [Scene], _ events: [Start], hold: Double = 1) -> ScriptComparison {
        ScriptComparison(script: script, events: events, holds: ["a": hold, "b": 0])
    }

    private static let scene = Scene(trigger: "a", start: 10, end: 20, what: "something")

    @Test(
        "where an event starts decides what it is",
        arguments: [
            // Hold 1: expected at 11, found up to 13, the scene's own from 9 to 23.
            (8.9, nil, 1), (9.0, "found", 0), (10.0, "found", 0), (11.0, "found", 0), (13.0, "found", 0),
            (13.1, "missed", 0), (20.0, "missed", 0), (23.0, "missed", 0), (23.1, nil, 1),
        ] as [(Double, String?, Int)]
    )
    func windows(at: Double, verdict: String?, falseCount: Int) throws {
        let comparison = compare([Self.scene], [Start(trigger: "a", at: at)])
        #expect(comparison.count(.false) == falseCount)
        #expect(comparison.rows.count == 1 + falseCount)
        let row = try #require(comparison.rows.first { $0.start == 10 })
        #expect(row.verdict.rawValue == verdict ?? "missed")
        #expect(row.foundAt == (verdict == nil ? nil : at))
        #expect(row.delay.map { abs($0 - (at - 11)) < 1e-6 } ?? (verdict == nil))
        #expect(comparison.isRight == (verdict == "found"))
    }

    @Test("nothing in the script and nothing told is right; nothing told of a scene is not")
    func empty() {
        #expect(compare([], []).isRight)
        #expect(compare([Self.scene], []).rows.map(\.verdict) == [.missed])
        #expect(compare([], [Start(trigger: "a", at: 1)]).rows.map(\.verdict) == [.false])
    }

    @Test("only a scene's own trigger finds it")
    func triggers() {
        let comparison = compare([Self.scene], [Start(trigger: "b", at: 11)])
        #expect(comparison.rows.map(\.verdict) == [.missed, .false])
        #expect(comparison.rows.map(\.trigger) == ["a", "b"])
    }

    @Test("of a scene's events the first counts, and further ones are false")
    func repeated() throws {
        let comparison = compare([Self.scene], [15, 12, 18].map { Start(trigger: "a", at: $0) })
        #expect(comparison.rows.map(\.foundAt) == [12, 15, 18])
        #expect(comparison.rows.map(\.verdict) == [.found, .false, .false])
        #expect(comparison.rows[0].delay == 1)
        #expect(comparison.rows[1].what == "something, once more")
        #expect(!comparison.isRight)
    }

    @Test("an event within reach of two scenes belongs to the one that it is nearest to")
    func neighbours() {
        let script = [
            Scene(trigger: "a", start: 10, end: 12, what: "first"),
            Scene(trigger: "a", start: 15, end: 18, what: "second"),
        ]
        // Until 15 the first may reach; from 14 the second.
        let both = compare(script, [Start(trigger: "a", at: 11), Start(trigger: "a", at: 14.5)])
        #expect(both.rows.map(\.foundAt) == [11, 14.5])
        #expect(both.isRight)
        let late = compare(script, [Start(trigger: "a", at: 13.2)])
        #expect(late.rows.map(\.verdict) == [.missed, .missed])
        #expect(late.rows.map(\.foundAt) == [13.2, nil])
    }

    @Test("in any history every scene has one row, every event is counted once, and verdicts follow the rule")
    func anyHistory() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let script = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                let start = Double(Int.random(in: 0...300, using: &random)) / 10
                let length = Double(Int.random(in: 1...50, using: &random)) / 10
                return Scene(trigger: Bool.random() ? "a" : "b", start: start, end: start + length, what: "")
            }
            let events = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                Start(trigger: Bool.random() ? "a" : "b", at: Double(Int.random(in: 0...400, using: &random)) / 10)
            }
            let comparison = compare(script, events)
            let scenes = comparison.rows.filter { $0.start != nil }
            #expect(scenes.count == script.count)
            let told = comparison.rows.compactMap { row in row.foundAt.map { "\(row.trigger) \($0)" } }
            #expect(told.sorted() == events.map { "\($0.trigger) \($0.at)" }.sorted())
            for row in comparison.rows {
                let hold = row.trigger == "a" ? 1.0 : 0
                guard let start = row.start, let end = row.end else {
                    let at = row.foundAt ?? -1
                    // Out of reach of all scenes, or a further event of one.
                    let isInReach = script.contains {
                        $0.trigger == row.trigger && at >= $0.start - 1.0001 && at <= $0.end + hold + 2.0001
                    }
                    #expect(isInReach == (row.what != nil))
                    #expect(row.verdict == .false)
                    continue
                }
                #expect((row.verdict == .found) == (row.foundAt.map { $0 - start - hold <= 2.0001 } ?? false))
                if let found = row.foundAt { #expect(found >= start - 1.0001 && found <= end + hold + 2.0001) }
            }
            let times = comparison.rows.map { $0.start ?? $0.foundAt ?? -1 }
            #expect(times == times.sorted())
        }
    }

    @Test(
        "a script says what is wrong with it",
        arguments: [
            ("{", "no script of a recording"), ("[]", "no script of a recording"),
            (#"{"rate":1}"#, "`length` is missing"),
            (#"{"rate":0,"length":9,"events":[]}"#, "must be above 0"),
            (#"{"rate":1,"length":9,"events":[{"trigger":"a","start":1,"end":2}]}"#, "`what` is missing at events[0]"),
            (
                #"{"rate":1,"length":9,"events":[{"trigger":"c","start":1,"end":2,"what":""}]}"#,
                "no trigger is called “c”"
            ),
            (
                #"{"rate":1,"length":9,"events":[{"trigger":"a","start":2,"end":2,"what":"x"}]}"#,
                "“x” goes from 2.0 to 2.0"
            ),
            (#"{"rate":1,"length":9,"events":[{"trigger":"a","start":-1,"end":2,"what":"x"}]}"#, "“x” goes from"),
            (#"{"rate":1,"length":9,"events":[{"trigger":"a","start":1,"end":10,"what":"x"}]}"#, "within 0 to 9.0 s"),
        ]
    )
    func invalid(json: String, words: String) {
        do {
            _ = try DemoScript(json: Data(json.utf8), triggers: ["a"])
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test("a good script is read")
    func valid() throws {
        let json = #"{"rate":10,"length":75.5,"events":[{"trigger":"a","start":10,"end":20,"what":"something"}]}"#
        let script = try DemoScript(json: Data(json.utf8), triggers: ["a"])
        #expect(script.rate == 10 && script.length == 75.5 && script.events == [Self.scene])
    }
}
