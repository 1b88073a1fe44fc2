/// A comparison of one measure of a score with a threshold, such as `probability >= 0.8`.
public struct Condition: Sendable, Equatable, CustomStringConvertible {
    /// What of a score is compared.
    public enum Measure: String, Sendable, CaseIterable {
        /// Softmax over the prompt and its rivals, 0…1.
        case probability
        /// Cosine of crop and prompt, −1…1.
        case similarity
        /// Cosine of the prompt less that of its best rival, −2…2.
        case margin

        /// What a threshold of this measure may be.
        public var range: ClosedRange<Double> {
            switch self {
            case .probability: 0...1
            case .similarity: -1...1
            case .margin: -2...2
            }
        }
    }

    /// How it is compared with the threshold.
    public enum Comparison: String, Sendable, CaseIterable {
        case atLeast = ">="
        case above = ">"
        case atMost = "<="
        case below = "<"

        /// The comparison that is true exactly where this one is false.
        public var inverted: Comparison {
            switch self {
            case .atLeast: .below
            case .above: .atMost
            case .atMost: .above
            case .below: .atLeast
            }
        }

        /// Whether the threshold itself satisfies it.
        public var isInclusive: Bool { self == .atLeast || self == .atMost }

        /// Whether it is true of large values rather than of small ones.
        public var looksUp: Bool { self == .atLeast || self == .above }
    }

    /// The left side.
    public let measure: Measure
    /// The sign between them.
    public let comparison: Comparison
    /// Within the measure's range.
    public let threshold: Double

    /// The condition of a trigger that names none.
    public static let standard = Condition(unchecked: .probability, .atLeast, 0.8)

    /// Throws when the threshold is outside the measure's range or not a number.
    public init(_ measure: Measure, _ comparison: Comparison, _ threshold: Double) throws(InvalidValue) {
        guard measure.range.contains(threshold) else {
            throw InvalidValue(
                "the threshold \(threshold.short) is outside the range of \(measure.rawValue), "
                    + "\(measure.range.lowerBound.short) to \(measure.range.upperBound.short)"
            )
        }
        self.init(unchecked: measure, comparison, threshold)
    }

    private init(unchecked measure: Measure, _ comparison: Comparison, _ threshold: Double) {
        self.measure = measure
        self.comparison = comparison
        self.threshold = threshold
    }

    /// Whether it is true of `value`; never of NaN, whose opposite is not true either.
    public func holds(for value: Double) -> Bool {
        switch comparison {
        case .atLeast: value >= threshold
        case .above: value > threshold
        case .atMost: value <= threshold
        case .below: value < threshold
        }
    }

    /// The condition that is true of every number of which this one is not.
    public var inverted: Condition { Condition(unchecked: measure, comparison.inverted, threshold) }

    /// As in the configuration: `probability >= 0.8`.
    public var description: String { "\(measure.rawValue) \(comparison.rawValue) \(threshold.short)" }
}

extension Condition {
    /// Reads `MEASURE COMPARISON THRESHOLD`; white space between them may be left out.
    public init(parsing text: String) throws(InvalidValue) {
        let whole = text.trimmed[...]
        let measureText = whole.prefix { $0.isLetter || $0 == "_" }
        let afterMeasure = whole.dropFirst(measureText.count).drop(while: \.isWhitespace)
        let comparisonText = afterMeasure.prefix { "<>=!~".contains($0) }
        let thresholdText = afterMeasure.dropFirst(comparisonText.count).drop(while: \.isWhitespace)

        guard !measureText.isEmpty, !comparisonText.isEmpty, !thresholdText.isEmpty else {
            throw InvalidValue(
                "\(quoted(text)) is not a measure, a comparison and a threshold, such as `\(Condition.standard)`"
            )
        }
        guard let measure = Measure(rawValue: String(measureText)) else {
            let known = Measure.allCases.map(\.rawValue)
            throw InvalidValue(
                "unknown measure \(quoted(measureText))" + suggestion(for: String(measureText), among: known)
            )
        }
        guard let comparison = Comparison(rawValue: String(comparisonText)) else {
            throw InvalidValue("unknown comparison \(quoted(comparisonText)); there are `>=`, `>`, `<=` and `<`")
        }
        guard let threshold = Double(decimal: thresholdText) else {
            throw InvalidValue("the threshold \(quoted(thresholdText)) is not a number such as 0.8")
        }
        try self.init(measure, comparison, threshold)
    }

    /// What is wrong with it as the `clear` of a `when`, in words; nil for nothing.
    package func complaint(asClearOf when: Condition) -> String? {
        if measure != when.measure { return "`clear` must be of the same measure as `when`, \(when.measure.rawValue)" }
        if comparison.looksUp == when.comparison.looksUp {
            return "`clear` must look the other way than `when`, as `\(when.inverted)` does"
        }
        return overlap(with: when).map { "`clear: \(self)` and `when: \(when)` are both true of \($0.short)" }
    }

    /// A value of which both are true, where there is one and they are of one measure and look opposite ways.
    private func overlap(with other: Condition) -> Double? {
        guard measure == other.measure, comparison.looksUp != other.comparison.looksUp else { return nil }
        let (up, down) = comparison.looksUp ? (self, other) : (other, self)
        if up.threshold == down.threshold {
            return up.comparison.isInclusive && down.comparison.isInclusive ? up.threshold : nil
        }
        return up.threshold < down.threshold ? (up.threshold + down.threshold) / 2 : nil
    }
}
