import Configuration
import Foundation
import Journal
import Matching
import Pipeline
import Testing

@Suite("Watch")
struct WatchTests {
    /// Looks for the first axis, with a rival on the second.
    private func watch(hold: Int = 0, release: Int = 0) throws -> Watch {
        Watch(
            trigger: "axis",
            camera: "door",
            matcher: Matcher(
                prompt: Prompt(phrasings: ["one"], embeddings: [[1, 0]]),
                rivals: [Prompt(phrasings: ["other"], embeddings: [[0, 1]])],
                logitScale: 100
            ),
            rule: TriggerRule(
                Conditions(
                    when: try Condition(.similarity, .atLeast, 0.8),
                    clear: try Condition(.similarity, .below, 0.5)
                ),
                hold: .milliseconds(hold),
                release: .milliseconds(release)
            )
        )
    }

    private static let yes: [Float] = [1, 0]
    private static let no: [Float] = [0, 1]

    private func look(_ watch: inout Watch, _ crops: [[Float]], at milliseconds: Int, frame: UInt64 = 0)
        -> Watch.Outcome
    {
        watch.look(
            crops,
            frame: frame,
            monotonic: .milliseconds(milliseconds),
            wallClock: date(milliseconds),
            newEvent: { EventID(at: $0) }
        )
    }

    private func date(_ milliseconds: Int) -> Date {
        Date(timeIntervalSince1970: 1_000_000 + Double(milliseconds) / 1000)
    }

    @Test("an event has the moment, frame, crop and score that decided, and one end with its id")
    func life() throws {
        var watch = try watch()
        #expect(watch.state == .unknown)
        #expect(watch.since == nil)
        #expect(watch.latest == nil)
        #expect(look(&watch, [Self.no, Self.no], at: 0).message == nil)
        #expect(watch.state == .inactive)
        #expect(watch.since == date(0))
        let outcome = look(&watch, [Self.no, Self.yes], at: 100, frame: 7)
        #expect(outcome.scores.map(\.similarity) == [0, 1])
        #expect(watch.latest?.score?.similarity == 1)
        #expect(watch.latest?.at == date(100))
        guard case .eventStarted(let start) = outcome.message else {
            Issue.record("no start: \(String(describing: outcome.message))")
            return
        }
        #expect(start.crop == 1 && start.frame == 7 && start.at == date(100))
        #expect(start.trigger == "axis" && start.camera == "door")
        #expect(start.score?.similarity == 1 && start.score?.margin == 1 && start.score?.rival == "other")
        #expect(watch.eventID == start.id)
        #expect(watch.state == .active)
        #expect(watch.since == date(100))
        #expect(look(&watch, [Self.yes, Self.no], at: 200).message == nil)
        guard case .eventEnded(let end) = look(&watch, [Self.no, Self.no], at: 300, frame: 9).message else {
            Issue.record("no end")
            return
        }
        #expect(end.id == start.id && end.reason == .cleared && end.frame == 9 && end.at == date(300))
        #expect(watch.eventID == nil)
        #expect(watch.since == date(300))
        #expect(watch.stop(at: date(400), reason: .shutdown) == nil)
    }

    @Test("a stop ends an active event, once, and leaves nothing known")
    func stop() throws {
        var watch = try watch()
        _ = look(&watch, [Self.yes], at: 0)
        let id = try #require(watch.eventID)
        guard case .eventEnded(let end) = watch.stop(at: date(50), reason: .shutdown) else {
            Issue.record("no end")
            return
        }
        #expect(end.id == id && end.reason == .shutdown && end.at == date(50) && end.score == nil)
        #expect(watch.state == .unknown)
        #expect(watch.latest == nil)
        #expect(watch.stop(at: date(60), reason: .shutdown) == nil)
    }

    @Test("of a camera with regions it goes by the crops of its own, and their numbers are those of the look")
    func regions() throws {
        var watch = Watch(
            trigger: "axis",
            camera: "door",
            matcher: Matcher(prompt: Prompt(phrasings: ["one"], embeddings: [[1, 0]]), rivals: [], logitScale: 100),
            regions: ["gate", "step"],
            rule: TriggerRule(Conditions(when: try Condition(.similarity, .atLeast, 0.8)))
        )
        func look(_ crops: [[Float]], _ view: String, at milliseconds: Int) -> Watch.Outcome {
            watch.look(
                crops,
                of: CropRegions(view: view),
                frame: 1,
                monotonic: .milliseconds(milliseconds),
                wallClock: date(milliseconds),
                newEvent: { EventID(at: $0) }
            )
        }
        // It shows in another region only.
        var outcome = look([Self.yes, Self.no, Self.no], "regions: sky gate step", at: 0)
        #expect(outcome.crops == [1, 2] && outcome.scores.map(\.similarity) == [0, 0])
        #expect(outcome.message == nil && watch.state == .inactive)
        outcome = look([Self.no, Self.no, Self.yes], "regions: sky gate step", at: 1)
        guard case .eventStarted(let start) = outcome.message else {
            Issue.record("no event: \(outcome)")
            return
        }
        #expect(start.crop == 2 && start.score?.similarity == 1)
        // A look without its regions says nothing of it, not even that it is gone.
        for view in ["full", "center", "regions: sky sky"] {
            outcome = look([Self.no, Self.no], view, at: 2)
            #expect(outcome.crops.isEmpty && outcome.scores.isEmpty && outcome.message == nil)
            #expect(watch.state == .active)
        }
        #expect(look([Self.no], "regions: gate", at: 3).message != nil)
    }

    @Test("whose crops are is kept as the look's view, and read back")
    func cropRegions() {
        #expect(CropRegions(["step", "step", "gate"]).view == "regions: step step gate")
        #expect(CropRegions(view: "regions: step step gate").names == ["step", "step", "gate"])
        #expect(CropRegions([]).view == nil && CropRegions(view: "full").names.isEmpty)
    }

    @Test("what a lost camera had begun to show must be shown anew; an event that is active goes on")
    func interrupt() throws {
        var watch = try watch(hold: 1000, release: 1000)
        #expect(look(&watch, [Self.yes], at: 0).message == nil)
        watch.interrupt()
        #expect(look(&watch, [Self.yes], at: 5000).message == nil)
        #expect(look(&watch, [Self.yes], at: 6000).message != nil)
        #expect(look(&watch, [Self.no], at: 6500).message == nil)
        watch.interrupt()
        #expect(look(&watch, [Self.no], at: 9000).message == nil)
        #expect(watch.state == .active)
        #expect(look(&watch, [Self.no], at: 10000).message != nil)
    }

    @Test(
        "by night the night's conditions decide, outside its schedule it sees nothing, and a trial says that it is one"
    )
    func otherConditions() throws {
        let weekday = Schedule.Window(days: [.mon], from: 0, to: 86_400)
        var watch = Watch(
            trigger: "axis",
            camera: "door",
            matcher: Matcher(
                prompt: Prompt(phrasings: ["one"], embeddings: [[1, 0]]),
                rivals: [],
                logitScale: 100
            ),
            rule: TriggerRule(
                Conditions(when: try Condition(.similarity, .atLeast, 0.9)),
                night: Conditions(when: try Condition(.similarity, .atLeast, 0.5)),
                cooldown: .seconds(1),
                schedule: Schedule(windows: [weekday], zone: TimeZone(identifier: "UTC"))
            ),
            isDryRun: true
        )
        // 2026-11-23 is a Monday.
        let monday = Date(timeIntervalSince1970: 1_795_392_000)
        func look(_ crop: [Float], at seconds: Double, isNight: Bool) -> JournalMessage? {
            watch.look(
                [crop],
                frame: 1,
                monotonic: .seconds(seconds),
                wallClock: monday + seconds,
                isNight: isNight,
                newEvent: { EventID(at: $0) }
            ).message
        }
        let half: [Float] = [0.6, 0.8]
        #expect(look(half, at: 0, isNight: false) == nil)
        guard case .eventStarted(let start) = look(half, at: 1, isNight: true) else {
            Issue.record("by night it starts")
            return
        }
        #expect(start.isDryRun && start.suppressed == 0)
        guard case .eventEnded(let end) = look(half, at: 1.1, isNight: false) else {
            Issue.record("by day it ends")
            return
        }
        #expect(end.isDryRun && end.reason == .cleared)
        #expect(look(half, at: 1.2, isNight: true) == nil)
        #expect(look(half, at: 1.3, isNight: false) == nil)
        guard case .eventStarted(let next) = look(half, at: 2, isNight: true) else {
            Issue.record("after the cooldown it starts")
            return
        }
        #expect(next.suppressed == 1)
        guard case .eventEnded(let last) = look(half, at: 86_400, isNight: true) else {
            Issue.record("with its day it ends")
            return
        }
        #expect(last.reason == .schedule)
        #expect(look(half, at: 86_401, isNight: true) == nil)
    }

    @Test("a look without crops says nothing")
    func noCrops() throws {
        var watch = try watch()
        let outcome = look(&watch, [], at: 0)
        #expect(outcome.scores.isEmpty && outcome.message == nil)
        #expect(watch.state == .unknown)
    }

    @Test("in any history starts and ends alternate with ids of their own, and each end has the id of its start")
    func anyHistory() throws {
        var watch = try watch(hold: 200, release: 300)
        var open: EventID?
        var ids: Set<EventID> = []
        var random = SystemRandomNumberGenerator()
        for step in 0..<5000 {
            if Int.random(in: 0..<50, using: &random) == 0 { watch.interrupt() }
            let crop = [Self.yes, Self.no, [0.6, 0.8]][Int.random(in: 0..<3, using: &random)]
            // Runs of the same, so that something starts and ends.
            for part in 0..<5 {
                switch look(&watch, [crop], at: step * 500 + part * 100).message {
                case nil: break
                case .eventStarted(let start):
                    #expect(open == nil && ids.insert(start.id).inserted)
                    open = start.id
                case .eventEnded(let end):
                    #expect(open == end.id)
                    open = nil
                case let other?: Issue.record("\(other)")
                }
                #expect(watch.eventID == open)
                #expect((watch.state == .active) == (open != nil))
            }
        }
        #expect(ids.count > 100)
    }
}
