/// A described scene, ready to be compared with crops.
public struct Prompt: Sendable, Equatable {
    /// Its phrasings, the first of which names it.
    public let phrasings: [String]
    /// The renormalised mean of the phrasings' unit vectors.
    public let embedding: [Float]

    /// A prompt of at least one phrasing.
    ///
    /// - Parameter embeddings: one of each phrasing, of equal lengths; they need not be unit vectors.
    public init(phrasings: [String], embeddings: [[Float]]) {
        precondition(!embeddings.isEmpty && embeddings.count == phrasings.count, "each phrasing has one embedding")
        self.phrasings = phrasings
        var sum = [Float](repeating: 0, count: embeddings[0].count)
        for embedding in embeddings {
            for (index, value) in Prompt.normalized(embedding).enumerated() { sum[index] += value }
        }
        embedding = Prompt.normalized(sum)
    }

    /// The vector at length 1. A vector of zeros, or one that is not finite, has no direction and becomes zeros.
    public static func normalized(_ vector: [Float]) -> [Float] {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square > 0, square.isFinite else { return [Float](repeating: 0, count: vector.count) }
        let scale = 1 / square.squareRoot()
        return vector.map { Float(Double($0) * scale) }
    }
}
