import Configuration
import Foundation
import Pipeline
import Testing

@Suite("Threshold suggestions")
struct ThresholdSuggestionTests {
    private func values(_ values: [Double]) -> [PastValue] {
        values.enumerated().map { PastValue(camera: "door", at: date(Double($0)), value: $1) }
    }

    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000_000 + seconds) }

    @Test("the widest gap that has three looks on both sides, with hysteresis in its middle")
    func gap() throws {
        let past = values([0.1, 0.12, 0.15, 0.2, 0.7, 0.72, 0.75, 0.99, 0.11])
        let found = try #require(ThresholdSuggestion.fromGap(past, like: .standard))
        #expect(found.origin == .gap)
        #expect(found.conditions.when.description == "probability >= 0.5")
        #expect(found.conditions.clear.description == "probability < 0.4")
        let trigger = TriggerSettings(name: "t", prompt: ["p"], cameras: ["door"])
        #expect(found.events(in: past, of: trigger) == 1)
        #expect(ThresholdSuggestion.fromGap(values([0.1, 0.2, 0.9]), like: .standard) == nil)
        #expect(ThresholdSuggestion.fromGap(values([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]), like: .standard) == nil)
    }

    @Test("a condition that looks down gets its thresholds the other way round")
    func lookingDown() throws {
        let past = values([0.1, 0.12, 0.15, 0.2, 0.7, 0.72, 0.75, 0.8])
        let found = ThresholdSuggestion.fromGap(past, like: try Condition(.margin, .below, 0))
        #expect(found?.conditions.when.description == "margin < 0.4")
        #expect(found?.conditions.clear.description == "margin >= 0.5")
    }

    @Test("named moments are parted where the fewest are told wrongly, each by the best look near it")
    func moments() throws {
        let past = (0..<100).map { second in
            let isThere = second % 20 == 10
            return PastValue(camera: "door", at: date(Double(second)), value: isThere ? 0.9 : second == 51 ? 0.95 : 0.1)
        }
        let clean = try #require(
            ThresholdSuggestion.from(yes: [date(12), date(29)], no: [date(0), date(20)], past, like: .standard)
        )
        #expect(clean.origin == .moments(false: 0, missed: 0))
        #expect(clean.conditions.when.description == "probability >= 0.58")
        #expect(clean.conditions.clear.description == "probability < 0.42")
        let muddled = ThresholdSuggestion.from(
            yes: [date(10), date(30)],
            no: [date(0), date(20), date(52)],
            past,
            like: .standard
        )
        #expect(muddled?.origin == .moments(false: 1, missed: 0))
        #expect(ThresholdSuggestion.from(yes: [date(500)], no: [date(0)], past, like: .standard) == nil)
    }
}
