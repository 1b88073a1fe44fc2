import ArgumentParser
import Foundation
import Journal

/// Decides for every look whether a prompt is seen or gone, by what the sketch says where that is certain and by the
/// embeddings where it is not: what judging a prompt on the past takes.
struct DecisionCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Decide for every look whether a prompt is seen, with the sketch and without."
    )

    private static let logitScale = 100.0
    private static let (seen, gone) = (0.8, 0.5)
    private static let rivals = 17

    @OptionGroup var options: JournalOptions

    @Flag(help: "Leave out the comparison with every look's embedding.")
    var timesOnly = false

    func run() throws {
        let reader = try JournalReader(path: options.journal)
        var world = World(seed: 1, still: 0)
        for camera in 0..<World.cameras { _ = world.embedding(camera: camera, at: 1000) }
        let queries = (0...Self.rivals).map { world.query($0 * 5) }
        for round in 1...2 {
            var decisions = Decisions()
            var uncertain = 0
            let started = ContinuousClock.now
            try reader.eachApproximateLook(like: queries, modelID: Generate.model) { look, exact in
                let error = Double(look.error(crop: 0))
                let decision = look.withSimilarities(crop: 0) { Self.decision($0, error) }
                if let decision {
                    decisions.take(decision, look.id)
                } else {
                    uncertain += 1
                    let embedding = try exact.embeddings(of: look.id)[0]
                    decisions.take(Self.decision(embedding, queries), look.id)
                }
            }
            let took = ContinuousClock.now - started
            print("round \(round): \(decisions.counts) in \(took), \(uncertain) by their embeddings")
            guard round == 2, !timesOnly else { continue }
            var plain = Decisions()
            try reader.eachLook { look in
                plain.take(Self.decision(look.embeddings[0], queries), look.id)
            }
            guard plain.counts == decisions.counts, plain.hash == decisions.hash else {
                throw Failure(description: "the decisions differ: \(plain.counts)")
            }
            print("every decision is the same by the embeddings alone")
        }
    }

    private struct Decisions {
        /// Gone, neither, seen.
        var counts = [0, 0, 0]
        var hash: UInt64 = 0

        mutating func take(_ decision: Int, _ look: Int64) {
            counts[decision] += 1
            hash = (hash &+ UInt64(bitPattern: look) &* 3 &+ UInt64(decision)) &* 0x100_0000_01b3
        }
    }

    /// Nil where the error leaves it open.
    private static func decision(_ similarities: UnsafeBufferPointer<Float>, _ error: Double) -> Int? {
        let prompt = Double(similarities[0])
        var best = -Float.infinity
        for index in 1..<similarities.count { best = max(best, similarities[index]) }
        // The best rival alone rules most of them out.
        let doubt = exp(2 * logitScale * error) * 1.000001
        let one = exp(logitScale * (Double(best) - prompt))
        if 1 / (1 + one / doubt) < gone { return 0 }
        var others = 0.0
        for index in 1..<similarities.count { others += exp(logitScale * (Double(similarities[index]) - prompt)) }
        let (least, most) = (1 / (1 + others * doubt), 1 / (1 + others / doubt))
        if most < gone { return 0 }
        if least >= seen { return 2 }
        return least >= gone && most < seen ? 1 : nil
    }

    private static func decision(_ embedding: [Float], _ queries: [[Float]]) -> Int {
        let products = queries.map { query in
            zip(embedding, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        let others = products.dropFirst().reduce(0.0) { $0 + exp(logitScale * ($1 - products[0])) }
        let probability = 1 / (1 + others)
        return probability >= seen ? 2 : probability < gone ? 0 : 1
    }
}
