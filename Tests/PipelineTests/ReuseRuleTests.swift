import Imaging
import Pipeline
import TestSupport
import Testing

@Suite("Reuse of embeddings")
struct ReuseRuleTests {
    private static let side = 256

    /// A grey crop of that level, with noise of the given standard deviation.
    private func crop(_ level: Int, noise: Double = 0, _ random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<Self.side * Self.side * 3).map { _ in
            // The sum of three uniform numbers from −1 to 1 is nearly normal, with a variance of 1.
            let normal = noise == 0 ? 0 : (0..<3).reduce(0.0) { sum, _ in sum + .random(in: -1..<1, using: &random) }
            return UInt8(max(0, min(255, Double(level) + normal * noise)))
        }
    }

    private func cells(_ crop: [UInt8]) throws -> CellMeans { try CellMeans(crop: crop, side: Self.side) }

    @Test("noise of a sensor is no change")
    func noise() throws {
        var random = SplitMix(state: 7)
        var rule = ReuseRule(refresh: .seconds(10))
        for look in 0..<6 {
            // In a frame of 1280×720, before it is resized to the crop, that is nearly three times as strong.
            let cells = try cells(crop(90, noise: 4, &random))
            #expect(rule.mustEncode([cells], at: .milliseconds(look * 250)) == [look == 0])
        }
    }

    @Test("something that moves into a cell is a change, of its crop alone")
    func small() throws {
        var random = SplitMix(state: 7)
        var rule = ReuseRule(refresh: .seconds(10))
        let empty = crop(90, &random)
        #expect(rule.mustEncode([try cells(empty), try cells(empty)], at: .zero) == [true, true])
        var touched = empty
        for row in 100..<108 {
            for column in 60..<68 {
                for channel in 0..<3 { touched[(row * Self.side + column) * 3 + channel] = 130 }
            }
        }
        #expect(rule.mustEncode([try cells(empty), try cells(touched)], at: .seconds(1)) == [false, true])
        #expect(rule.mustEncode([try cells(empty), try cells(touched)], at: .seconds(2)) == [false, false])
        #expect(rule.mustEncode([try cells(empty), try cells(empty)], at: .seconds(3)) == [false, true])
    }

    @Test("a slow change adds up: it is never further from the encoded crop than the limit")
    func drift() throws {
        var random = SplitMix(state: 7)
        var rule = ReuseRule(refresh: .seconds(3600))
        var encoded = 0
        for level in 50..<150 {
            if rule.mustEncode([try cells(crop(level, &random))], at: .seconds(level)) == [true] { encoded = level }
            #expect(level - encoded <= ReuseRule.largestDifference)
        }
        #expect(encoded > 140)
    }

    @Test("an unchanged crop is encoded anew after the refresh, and after an interruption")
    func refresh() throws {
        var random = SplitMix(state: 7)
        let same = try cells(crop(90, &random))
        var rule = ReuseRule(refresh: .seconds(10))
        let encoded = (0..<81).filter { rule.mustEncode([same], at: .milliseconds($0 * 250)) == [true] }
        #expect(encoded == [0, 40, 80])
        rule.forget()
        #expect(rule.mustEncode([same], at: .seconds(21)) == [true])
        // Another number of crops is another picture; a clock that was set back is no reason to believe.
        #expect(rule.mustEncode([same, same], at: .seconds(22)) == [true, true])
        #expect(rule.mustEncode([same, same], at: .seconds(5)) == [true, true])
    }
}
