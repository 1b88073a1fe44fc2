import Configuration
import Testing

@Suite struct ConditionTests {
    @Test(arguments: [
        (Condition.Comparison.atLeast, [false, true, true]), (.above, [false, false, true]),
        (.atMost, [true, true, false]), (.below, [true, false, false]),
    ])
    func holds(_ comparison: Condition.Comparison, _ expected: [Bool]) throws {
        let condition = try Condition(.similarity, comparison, 0.25)
        let threshold = condition.threshold
        let values = [threshold.nextDown, threshold, threshold.nextUp]
        #expect(values.map(condition.holds) == expected)
        #expect(values.map(condition.inverted.holds) == expected.map { !$0 })
        #expect(condition.inverted.inverted == condition)
        #expect(condition.inverted.measure == .similarity)
        #expect(!condition.holds(for: .nan))
        #expect(!condition.inverted.holds(for: .nan))
    }

    @Test(arguments: [
        ("probability >= 0.80", "probability >= 0.8"), ("  margin<0 ", "margin < 0"), ("margin > -2", "margin > -2"),
        ("similarity <=1", "similarity <= 1"), ("probability\t>\t1e-3", "probability > 0.001"),
    ])
    func parses(_ text: String, _ expected: String) throws {
        let condition = try Condition(parsing: text)
        #expect(condition.description == expected)
        #expect(try Condition(parsing: condition.description) == condition)
    }

    @Test(arguments: [
        "", "probability", "probability >=", ">= 0.8", "0.8 <= probability", "probability >= 0.8 0.9",
        "probability => 0.8", "probability >= 0,8", "probability >= infinity", "probability >= 0x1p-1",
        "Probability > 0.5", "probability >= 1.0000001", "probability < -0.1", "similarity > 1.1", "margin < -2.1",
    ])
    func refuses(_ text: String) {
        #expect(throws: InvalidValue.self) { try Condition(parsing: text) }
    }

    @Test(arguments: Condition.Measure.allCases)
    func thresholdsAreInRange(_ measure: Condition.Measure) throws {
        #expect(try Condition(measure, .above, measure.range.lowerBound).threshold == measure.range.lowerBound)
        #expect(try Condition(measure, .above, measure.range.upperBound).threshold == measure.range.upperBound)
        #expect(throws: InvalidValue.self) { try Condition(measure, .above, measure.range.lowerBound.nextDown) }
        #expect(throws: InvalidValue.self) { try Condition(measure, .above, measure.range.upperBound.nextUp) }
        #expect(throws: InvalidValue.self) { try Condition(measure, .above, .nan) }
    }
}
