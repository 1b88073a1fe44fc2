import Foundation
import Matching
import Testing

@Suite("Prompts and scores")
struct ScoreTests {
    private func prompt(_ text: String, _ vector: [Float]) -> Prompt {
        Prompt(phrasings: [text], embeddings: [vector])
    }

    @Test("a prompt is the renormalised mean of its phrasings' directions")
    func mean() {
        // The lengths differ; only directions count.
        let prompt = Prompt(phrasings: ["a", "b"], embeddings: [[10, 0], [0, 0.1]])
        let expected = Float(0.5).squareRoot()
        #expect(abs(prompt.embedding[0] - expected) < 1e-6)
        #expect(abs(prompt.embedding[1] - expected) < 1e-6)
    }

    @Test("vectors without a direction become zeros, not NaN")
    func degenerate() {
        #expect(Prompt.normalized([0, 0]) == [0, 0])
        #expect(Prompt.normalized([.infinity, 1]) == [0, 0])
        #expect(Prompt.normalized([.nan, 1]) == [0, 0])
        #expect(Prompt(phrasings: ["a", "b"], embeddings: [[1, 0], [-1, 0]]).embedding == [0, 0])
    }

    @Test("probability is the softmax over prompt and rivals, margin the lead over the best rival")
    func scores() {
        let matcher = Matcher(
            prompt: prompt("cat", [1, 0, 0]),
            rivals: [prompt("dog", [0, 1, 0]), prompt("car", [0, 0, 1])],
            logitScale: 10
        )
        let score = matcher.score([0.8, 0.6, 0])
        #expect(abs(score.similarity - 0.8) < 1e-6)
        #expect(abs(score.margin - 0.2) < 1e-6)
        #expect(score.rival == "dog")
        let expected = exp(8.0) / (exp(8.0) + exp(6.0) + exp(0.0))
        #expect(abs(score.probability - expected) < 1e-5)
    }

    @Test("a sure winner and a sure loser neither overflow nor become NaN")
    func extremes() {
        let matcher = Matcher(prompt: prompt("a", [1, 0]), rivals: [prompt("b", [-1, 0])], logitScale: 10_000)
        #expect(matcher.score([1, 0]).probability == 1)
        #expect(matcher.score([-1, 0]).probability == 0)
    }

    @Test("a prompt does not compete with itself, and no rival counts twice")
    func itself() {
        let same = prompt("a cat", [1, 0])
        let rivals = [same, prompt(" A  Cat", [1, 0]), prompt("a dog", [0, 1]), prompt("A dog", [0, 1])]
        let matcher = Matcher(prompt: same, rivals: rivals, logitScale: 100)
        #expect(matcher.rivals.map(\.phrasings) == [["a dog"]])
        #expect(matcher.score([1, 0]).probability > 0.99)
    }

    @Test("without rivals the margin is the similarity")
    func alone() {
        let score = Matcher(prompt: prompt("a", [1, 0]), rivals: [], logitScale: 100).score([0.6, 0.8])
        #expect(score.probability == 1)
        #expect(score.margin == score.similarity)
        #expect(score.rival == nil)
    }
}
