import Kernels

/// Several matchers that are asked about the same crops: each text and each picture's square is compared with a crop once,
/// all at a time. Scores are those of ``Matcher/score(_:)`` to the last bit.
public struct MatcherGroup: Sendable {
    /// What is compared: the unit vectors of prompts, rivals and pictures, each once.
    public let texts: [[Float]]
    /// Of each matcher the places among ``texts`` of its prompt, then of its rivals, then of its pictures; nil where there is
    /// no matcher.
    public let places: [[Int]?]
    private let matchers: [Matcher?]
    /// Component by component those of all texts, with zeros up to a whole number of what the kernel takes.
    private let factors: [Double]
    private let columns: Int
    private let width: Int

    /// Matchers of one model; nil for what has none.
    public init(_ matchers: [Matcher?]) {
        self.matchers = matchers
        var texts: [[Float]] = []
        var known: [[Float]: Int] = [:]
        places = matchers.map { matcher in
            guard let matcher else { return nil }
            return matcher.embeddings.map { embedding in
                if let place = known[embedding] { return place }
                known[embedding] = texts.count
                texts.append(embedding)
                return texts.count - 1
            }
        }
        self.texts = texts
        width = texts.first?.count ?? 0
        columns = (texts.count + 31) / 32 * 32
        var factors = [Double](repeating: 0, count: width * columns)
        for (column, text) in texts.enumerated() {
            for (row, component) in text.prefix(width).enumerated() {
                factors[row * columns + column] = Double(component)
            }
        }
        self.factors = factors
    }

    /// The scores of a crop by each matcher, in their order.
    ///
    /// - Parameter embedding: a unit vector of the texts' length.
    public func scores(of embedding: [Float]) -> [Score?] {
        guard embedding.count == width, texts.allSatisfy({ $0.count == width }) else {
            return matchers.map { $0?.score(embedding) }
        }
        var cosines = [Double](repeating: 0, count: columns)
        kernels_best().pointee.ordered_dots(Int32(width), Int32(columns), embedding, factors, &cosines)
        return zip(matchers, places).map { matcher, places in
            guard let matcher, let places else { return nil }
            return matcher.score { cosines[places[$0]] }
        }
    }
}
