/// The embeddings of tokens, read from the file row by row when they are asked for.
///
/// A published model has a row for each of the vocabulary's tokens. A small one may have learned a part of them: then
/// `token_ids` beside the rows says whose they are, and one more row, the last, is that of all other tokens.
package struct TokenEmbedding: Sendable {
    private let weight: Tensor
    /// The tokens that have a row of their own, ascending; nil when all have, in order.
    package let learned: [Int]?

    /// The number of channels.
    package var width: Int { weight.shape[1] }

    /// (tokens, width) values, row-major.
    package func rows(_ tokens: [Int]) -> [Float] {
        guard let learned else { return weight.rows(tokens) }
        return weight.rows(tokens.map { Self.index(of: $0, in: learned) ?? learned.count })
    }

    /// Where a token stands among ascending ones.
    package static func index(of token: Int, in learned: [Int]) -> Int? {
        var (low, high) = (0, learned.count)
        while low < high {
            let middle = (low + high) / 2
            if learned[middle] < token { low = middle + 1 } else { high = middle }
        }
        return low < learned.count && learned[low] == token ? low : nil
    }
}

extension TokenEmbedding {
    /// - Parameter root: what stands before the names of the rows and of `token_ids`.
    init(_ reader: WeightReader, _ root: String, width: Int) throws(ModelError) {
        learned = try Self.learnedTokens(reader, root + "token_ids")
        let rows = learned.map { $0.count + 1 } ?? Tokenizer.vocabularySize
        weight = try reader.tensor(root + "weight", [rows, width])
        // They have been looked at once, all; a text asks for a few.
        weight.letGo()
    }

    /// How many tokens have a row of their own in a checkpoint, without reading them.
    static func learnedCount(_ checkpoint: Checkpoint, _ root: String) -> Int {
        checkpoint.tensors[root + "token_ids"]?.count ?? Tokenizer.vocabularySize
    }

    /// Without these no text at all can be read: padding, start and end.
    private static let needed = [0, Tokenizer.start, Tokenizer.end]

    private static func learnedTokens(_ reader: WeightReader, _ name: String) throws(ModelError) -> [Int]? {
        guard reader.has(name) else { return nil }
        let tensor = try reader.tensor(name, [nil])
        guard tensor.type == .int32 else {
            throw reader.problem("tensor \(name) is of type \(tensor.type.rawValue), not I32")
        }
        // A token that float32 would round is out of range by far.
        let tokens = tensor.floats().map { Int($0) }
        guard tokens.count <= Tokenizer.vocabularySize, tokens.allSatisfy((0..<Tokenizer.vocabularySize).contains)
        else {
            throw reader.problem("tensor \(name) holds tokens outside of 0..<\(Tokenizer.vocabularySize)")
        }
        guard zip(tokens, tokens.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw reader.problem("the tokens in tensor \(name) are not in ascending order, each once")
        }
        if let missing = needed.first(where: { index(of: $0, in: tokens) == nil }) {
            throw reader.problem(
                "tensor \(name) is without the token \(missing), which every text needs (\(needed))"
            )
        }
        return tokens
    }
}
