import Configuration
import Foundation
import Journal
import Matching
import Pipeline
import Testing

@Suite("Backtest")
struct BacktestTests {
    private static let yes: [Float] = [1, 0]
    private static let no: [Float] = [0, 1]
    private static let matcher = Matcher(
        prompt: Prompt(phrasings: ["one"], embeddings: [yes]),
        rivals: [Prompt(phrasings: ["other"], embeddings: [no])],
        logitScale: 100
    )

    private func trigger(night: Conditions? = nil, cooldown: Duration = .zero) throws -> TriggerSettings {
        TriggerSettings(
            name: "axis",
            prompt: ["one"],
            cameras: ["door"],
            when: try Condition(.similarity, .atLeast, 0.8),
            clear: try Condition(.similarity, .below, 0.5),
            night: night,
            cooldown: cooldown
        )
    }

    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000_000 + seconds) }

    /// One of the camera `door` at so many seconds, which numbers it in milliseconds; the clock that triggers go by is set back with each run.
    private func look(
        _ seconds: Double,
        _ embedding: [Float],
        run: Int64 = 1,
        isEvidence: Bool = true,
        brightness: Int? = 100,
        camera: String = "door"
    ) -> PastLook {
        PastLook(
            id: Int64(seconds * 1000),
            camera: camera,
            run: run,
            at: date(seconds),
            elapsed: .seconds(seconds - Double(run) * 10),
            frame: UInt64(seconds * 10),
            modelID: "m",
            brightness: brightness,
            isEvidence: isEvidence,
            isAfterLoss: false,
            embeddings: [embedding]
        )
    }

    private func run(
        _ trigger: TriggerSettings,
        _ looks: [PastLook],
        _ course: PastCourse = PastCourse(runs: [.init(number: 1)]),
        since: Double = 0,
        pace: PaceSetting = .real,
        moments: [NamedMoment] = [],
        keepsEvents: Bool = true
    ) -> Backtest {
        var backtest = Backtest(
            [trigger],
            [Self.matcher],
            cameras: [CameraSettings(name: "door", source: .command(["grab"]), pace: pace)],
            course: course,
            since: date(since),
            moments: moments,
            keepsEvents: keepsEvents
        )
        for look in looks { backtest.take(look) }
        backtest.finish()
        return backtest
    }

    private func loss(_ told: Double, run: Int64?, after look: Int64?) -> PastCourse.Loss {
        PastCourse.Loss(camera: "door", told: date(told), run: run, look: look)
    }

    private func seconds(_ event: Backtest.Event) -> [Double?] {
        [event.start.at, event.end?.at].map { $0?.timeIntervalSince(date(0)) }
    }

    @Test("events start and end at the looks that decide, and the last may go on")
    func life() throws {
        let backtest = run(
            try trigger(),
            [
                look(0, Self.no), look(1, Self.yes), look(2, Self.yes, camera: "yard"), look(3, Self.no),
                look(4, Self.yes),
            ]
        )
        #expect(backtest.events.map(seconds) == [[1, 3], [4, nil]])
        #expect(backtest.events.first?.end?.reason == .cleared)
        #expect(backtest.events.first?.start.frame == 10)
        #expect(backtest.looks == 4)
        #expect(backtest.counts == [2])
        #expect(backtest.span == date(0)...date(4))
        #expect(backtest.scores.map(\.spread.count) == [4])
        #expect(backtest.scores[0].spread.ends == 0...1)
    }

    @Test("a loss ends what is active where it came, by run and look, also after the last; one of another run does not")
    func losses() throws {
        let looks = [look(1, Self.yes), look(20, Self.yes), look(30, Self.yes), look(31, Self.yes, run: 2)]
        // The times of a recording that is played fast say nothing: only where a loss came does.
        let course = PastCourse(
            losses: [
                loss(0.5, run: 1, after: 0), loss(900, run: 1, after: 1000), loss(35, run: 1, after: 30_000),
                loss(31.5, run: 1, after: 31_000), loss(36, run: 2, after: 31_000), loss(37, run: 3, after: 31_000),
            ]
        )
        let backtest = run(try trigger(), looks, course)
        #expect(backtest.events.map(seconds) == [[1, 900], [20, 35], [31, 36]])
        #expect(backtest.events.map(\.end?.reason) == [.cameraLost, .cameraLost, .cameraLost])
    }

    @Test("a loss of an older version, of which only the time is known, counts by that")
    func olderLosses() throws {
        let looks = [1, 20, 30].map { seconds in
            var look = look(seconds, Self.yes)
            look.run = nil
            return look
        }
        let course = PastCourse(losses: [0.5, 10, 35].map { loss($0, run: nil, after: nil) })
        #expect(run(try trigger(), looks, course).events.map(seconds) == [[1, 10], [20, 35]])
    }

    @Test("another run ends what was active in the one before, and its cooldown goes on")
    func runs() throws {
        let looks = [look(1, Self.yes), look(5, Self.yes), look(30, Self.yes, run: 2), look(61, Self.yes, run: 2)]
        for (ended, end, reason) in [(date(7), 7.0, EventEndReason.shutdown), (nil, 5, .recovered)] {
            let course = PastCourse(runs: [.init(number: 1, ended: ended), .init(number: 2)])
            let backtest = run(try trigger(cooldown: .seconds(60)), looks, course)
            #expect(backtest.events.map(seconds) == [[1, end], [61, nil]])
            #expect(backtest.events.map(\.end?.reason) == [reason, nil])
        }
    }

    @Test("a recording that is played fast has a time of its own: no cooldown goes on, no run's end is later")
    func fast() throws {
        let looks = [look(1, Self.yes), look(5, Self.yes), look(30, Self.yes, run: 2), look(61, Self.yes, run: 2)]
        let course = PastCourse(runs: [.init(number: 1, ended: date(7)), .init(number: 2, ended: date(8))])
        let backtest = run(try trigger(cooldown: .seconds(60)), looks, course, pace: .fastest)
        #expect(backtest.events.map(seconds) == [[1, 5], [30, 61]])
        #expect(backtest.events.map(\.end?.reason) == [.shutdown, .shutdown])
    }

    @Test("the last run's end ends what is active; a run that goes on, or past the window, does not")
    func lastRun() throws {
        let looks = [look(1, Self.yes), look(5, Self.yes)]
        let over = PastCourse.Run(number: 1, ended: date(7))
        let stay = PastCourse.Stay(camera: "door", run: 1)
        for (course, end, reason) in [
            (PastCourse(runs: [over]), 7.0, EventEndReason.shutdown),
            (PastCourse(runs: [.init(number: 1)]), nil, nil),
            (PastCourse(runs: [.init(number: 1), .init(number: 2)]), 5, .recovered),
            (PastCourse(runs: [over], until: date(6)), nil, nil),
            (PastCourse(runs: [over], until: date(8)), 7, .shutdown),
            (PastCourse(runs: [.init(number: 1), .init(number: 2)], until: date(8), continued: [stay]), nil, nil),
            (PastCourse(runs: [over], losses: [loss(6, run: 1, after: 5000)], until: date(6)), nil, nil),
        ] {
            let backtest = run(try trigger(), looks, course)
            #expect(backtest.events.map(seconds) == [[1, end]])
            #expect(backtest.events.first?.end?.reason == reason)
        }
    }

    @Test("what was before the window says how things stood, and is not told")
    func warmUp() throws {
        let looks = [
            look(1, Self.yes), look(9, Self.yes), look(10, Self.yes), look(12, Self.no), look(13, Self.yes),
            look(70, Self.yes),
        ]
        let backtest = run(try trigger(), looks, since: 10)
        #expect(backtest.events.map(seconds) == [[13, nil]])
        #expect(backtest.counts == [1] && backtest.looks == 4)
        #expect(backtest.span == date(10)...date(70))
        #expect(backtest.scores[0].spread.count == 4)
        let cooling = run(try trigger(cooldown: .seconds(60)), looks, since: 10)
        #expect(cooling.events.map(seconds) == [[70, nil]])
        #expect(Backtest.warmUp(of: [try trigger()]) == .seconds(600))
        #expect(Backtest.warmUp(of: [try trigger(cooldown: .seconds(7200))]) >= .seconds(7200))
    }

    @Test("events are counted where they are not kept")
    func counting() throws {
        let looks = (0..<10_000).map { look(Double($0), $0 % 2 == 0 ? Self.yes : Self.no) }
        let backtest = run(try trigger(), looks, keepsEvents: false)
        #expect(backtest.counts == [5000] && backtest.events.isEmpty)
    }

    @Test("a moment is told where an event is of what the camera saw near to it, by the machine and not by a score")
    func moments() throws {
        let named = { (seconds: Double, isThere: Bool, camera: String?) in
            NamedMoment(camera: camera, at: date(seconds), isThere: isThere)
        }
        let moments = [
            named(96, true, nil), named(94, true, nil), named(105, true, "door"), named(105, true, "yard"),
            named(134, false, nil), named(136, false, nil), named(500, true, nil),
        ]
        var held = try trigger()
        (held.hold, held.release) = (.seconds(10), .seconds(20))
        let looks = (0..<200).map { look(Double($0), (100..<130).contains($0) ? Self.yes : Self.no) }
        let backtest = run(held, looks, moments: moments)
        #expect(backtest.events.map(seconds) == [[110, 150]])
        #expect(backtest.scores[0].told == [true, false, true, false, true, false, false])
        // No look of the yard is near, none at all at 500 s.
        #expect(backtest.scores[0].mistakes == MomentMistakes(false: 1, missed: 1))
        // What is seen for too short a time has the score, and no event.
        let short = run(held, [look(96, Self.yes), look(97, Self.no)], moments: moments)
        #expect(short.scores[0].peaks[0] == 1)
        #expect(short.scores[0].mistakes == MomentMistakes(false: 0, missed: 2))
        #expect(run(held, looks).scores[0].mistakes == nil)
        // One that goes on is told to the end.
        let open = run(try trigger(), [look(90, Self.yes), look(500, Self.yes)], moments: moments)
        #expect(open.scores[0].told == [true, true, true, false, true, true, true])
    }

    @Test("pictures that showed nothing are no evidence, and dark ones are judged by the night's conditions")
    func evidence() throws {
        let blind = [look(1, Self.yes, isEvidence: false), look(2, Self.no)]
        #expect(run(try trigger(), blind).events.isEmpty)
        let night = Conditions(when: try Condition(.similarity, .atLeast, 0.5))
        let half: [Float] = [0.6, 0.8]
        let dusk = [
            look(1, half), look(2, half, brightness: 5), look(11, half, brightness: 5), look(12, half, brightness: 5),
        ]
        #expect(run(try trigger(night: night), dusk).events.map(seconds) == [[12, nil]])
        #expect(run(try trigger(), dusk).events.isEmpty)
    }
}
