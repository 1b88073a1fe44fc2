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

    /// One of the camera `door` at so many seconds; the clock that triggers go by is set back with each run.
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

    private func run(_ trigger: TriggerSettings, _ looks: [PastLook], losses: [CameraChange] = []) -> Backtest {
        var backtest = Backtest(
            [trigger],
            [Self.matcher],
            cameras: [CameraSettings(name: "door", source: .command(["grab"]))],
            losses: losses
        )
        for look in looks { backtest.take(look) }
        backtest.finish()
        return backtest
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
        #expect(backtest.values["axis"]?.map(\.value) == [0, 1, 0, 1])
    }

    @Test("a loss ends what is active when it was told, also after the last look; one that ended before says nothing")
    func losses() throws {
        let told = { (seconds: Double) in
            CameraChange(camera: "door", at: date(seconds - 5), reason: "unplugged", told: date(seconds))
        }
        let backtest = run(
            try trigger(),
            [look(1, Self.yes), look(20, Self.yes), look(30, Self.yes)],
            losses: [told(0.5), told(10), told(35)]
        )
        #expect(backtest.events.map(seconds) == [[1, 10], [20, 35]])
        #expect(backtest.events.map(\.end?.reason) == [.cameraLost, .cameraLost])
    }

    @Test("another run ends what was active in the one before, and its cooldown goes on")
    func runs() throws {
        let backtest = run(
            try trigger(cooldown: .seconds(60)),
            [look(1, Self.yes), look(5, Self.yes), look(30, Self.yes, run: 2), look(61, Self.yes, run: 2)]
        )
        #expect(backtest.events.map(seconds) == [[1, 5], [61, nil]])
        #expect(backtest.events.map(\.end?.reason) == [.shutdown, nil])
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
