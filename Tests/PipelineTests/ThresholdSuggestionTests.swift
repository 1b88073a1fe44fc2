import Configuration
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Threshold suggestions")
struct ThresholdSuggestionTests {
    private func scores(
        _ values: [Double],
        of when: Condition = .standard,
        moments: [NamedMoment] = []
    ) -> PastScores {
        var scores = PastScores(of: when, moments: moments)
        for (second, value) in values.enumerated() { scores.add(value, camera: "door", at: date(Double(second))) }
        return scores
    }

    private func named(_ seconds: Double, _ isThere: Bool, camera: String? = nil) -> NamedMoment {
        NamedMoment(camera: camera, at: date(seconds), isThere: isThere)
    }

    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000_000 + seconds) }

    @Test("the widest gap that has three looks on both sides, with hysteresis in its middle")
    func gap() throws {
        let found = try #require(
            ThresholdSuggestion(scores([0.1, 0.12, 0.15, 0.2, 0.7, 0.72, 0.75, 0.99, 0.11]))
        )
        #expect(found.origin == .gap)
        #expect(found.conditions.when.description == "probability >= 0.5")
        #expect(found.conditions.clear.description == "probability < 0.4")
        #expect(ThresholdSuggestion(scores([0.1, 0.2, 0.9])) == nil)
        #expect(ThresholdSuggestion(scores([0.5, 0.5, 0.5, 0.5, 0.5, 0.5])) == nil)
        #expect(ThresholdSuggestion(scores([])) == nil)
        #expect(ThresholdSuggestion(scores([.nan, .infinity])) == nil)
    }

    @Test("a condition that looks down gets its thresholds the other way round")
    func lookingDown() throws {
        let past = scores([0.1, 0.12, 0.15, 0.2, 0.7, 0.72, 0.75, 0.8], of: try Condition(.margin, .below, 0))
        let found = ThresholdSuggestion(past)
        #expect(found?.conditions.when.description == "margin < 0.4")
        #expect(found?.conditions.clear.description == "margin >= 0.5")
    }

    @Test("named moments are parted where the fewest are on the wrong side, each by the best look near it")
    func moments() throws {
        let past = (0..<100).map { $0 % 20 == 10 ? 0.9 : $0 == 51 ? 0.95 : 0.1 }
        let clear = [named(12, true), named(29, true), named(0, false), named(20, false)]
        let clean = try #require(ThresholdSuggestion(scores(past, moments: clear)))
        #expect(clean.origin == .moments)
        #expect(clean.conditions.when.description == "probability >= 0.58")
        #expect(clean.conditions.clear.description == "probability < 0.42")
        let muddled = clear + [named(52, false), named(50, true, camera: "yard")]
        #expect(ThresholdSuggestion(scores(past, moments: muddled))?.conditions == clean.conditions)
        #expect(ThresholdSuggestion(scores(past, moments: [named(500, true), named(0, false)])) == nil)
    }

    @Test("what a spread says does not depend on how many scores there are, and is exact to a step")
    func spread() throws {
        var spread = ScoreSpread(0...1)
        #expect(spread.ends == nil)
        for number in 0..<100_000 { spread.add(Double(number % 1000) / 5000) }
        for _ in 0..<3 { spread.add(0.9001) }
        spread.add(1.0000001)
        #expect(spread.count == 100_004)
        #expect(spread.ends == 0...1.0000001)
        let gap = try #require(spread.widestGap(beside: 3))
        #expect(gap.low == 0.1998 && gap.high == 0.9001)
        #expect(spread.widestGap(beside: 5) == nil)
        let counts = spread.counts(in: 0...1)
        #expect(counts == [25_000, 25_000, 25_000, 25_000] + Array(repeating: 0, count: 14) + [3, 1])
    }

    @Test("scores between bounds are taken where each of them would say the same, and then change nothing else")
    func bounds() throws {
        var random = SplitMix(state: 3)
        var (exact, bounded) = (ScoreSpread(of: .probability), ScoreSpread(of: .probability))
        var absorbed = 0
        for number in 0..<60_000 {
            let kind = Double.random(in: 0...1, using: &random)
            let (high, low) = (
                Double.random(in: 0.8...1, using: &random), pow(Double.random(in: 0...0.8, using: &random), 4)
            )
            let value = kind < 0.001 ? high : low
            let off = 1 + Double.random(in: 0...0.3, using: &random)
            let bounds = (value / off)...min(1, value * off)
            exact.add(value)
            if bounded.absorb(bounds) {
                absorbed += 1
                // As good as never taken.
                if number % 7 == 0, bounded.absorb(bounds) { bounded.giveBack(bounds) }
            } else {
                bounded.add(value)
            }
            guard number % 1000 == 0 else { continue }
            #expect(exact.counts(in: 0...1) == bounded.counts(in: 0...1) && exact.count == bounded.count)
            for beside in [0, 3, 10] {
                let (gap, other) = (exact.widestGap(beside: beside), bounded.widestGap(beside: beside))
                #expect(gap?.low == other?.low && gap?.high == other?.high)
            }
        }
        #expect(absorbed > 10_000 && absorbed < 60_000)
        #expect(!bounded.absorb(0.049...0.051) && bounded.absorb(0.01...0.02))
    }
}
