import Foundation
import Matching
import TestSupport
import Testing

@Suite("Pictures")
struct PictureContestTests {
    private static func picture(_ name: String, _ embeddings: [Float]...) -> PicturePrompt {
        PicturePrompt(name: name, embeddings: embeddings)
    }

    private let contest = PictureContest(
        examples: [PictureContestTests.picture("bin.jpg", [1, 0, 0], [0, 0, 2])],
        rivals: [
            PictureContestTests.picture("empty.jpg", [0, 1, 0], [0, 0, 1]),
            PictureContestTests.picture("cat.jpg", [0, -1, 0]),
        ]
    )
    private let words = Prompt(phrasings: ["a bin"], embeddings: [[0.6, 0.8, 0]])
    private let other = Prompt(phrasings: ["a yard"], embeddings: [[0, 0.8, 0.6]])

    @Test("the nearest square of each side counts, and the probability is that of the margin")
    func score() {
        let score = Matcher(prompt: nil, rivals: [], pictures: contest, logitScale: 100).score([0.8, 0.6, 0])
        #expect(abs(score.similarity - 0.8) < 1e-6)
        #expect(abs(score.margin - 0.2) < 1e-6)
        #expect(score.rival == "empty.jpg")
        #expect(abs(score.probability - 1 / (1 + exp(-25 * 0.2))) < 1e-6)
    }

    @Test("what is the same on both sides decides nothing")
    func same() {
        let score = Matcher(prompt: nil, rivals: [], pictures: contest, logitScale: 100).score([0, 0, 1])
        #expect(score.probability == 0.5 && score.margin == 0 && score.similarity == 1)
    }

    @Test("with words and pictures the more probable side's score is the crop's, whole")
    func both() {
        let alone = Matcher(prompt: words, rivals: [other], logitScale: 10)
        let seen = Matcher(prompt: nil, rivals: [], pictures: contest, logitScale: 10)
        let both = Matcher(prompt: words, rivals: [other], pictures: contest, logitScale: 10)
        // A picture's cosine is larger, yet words win where they are surer.
        let inWords: [Float] = [0.7, 0.7, -0.14]
        #expect(alone.score(inWords).probability > seen.score(inWords).probability)
        #expect(both.score(inWords) == alone.score(inWords))
        let inPictures: [Float] = [0.8, -0.6, 0]
        #expect(seen.score([1, 0, 0]).probability > alone.score([1, 0, 0]).probability)
        #expect(both.score([1, 0, 0]) == seen.score([1, 0, 0]))
        #expect(
            both.score(inPictures).probability
                == max(
                    alone.score(inPictures).probability,
                    seen.score(inPictures).probability
                )
        )
    }

    @Test("a group scores them as each does alone, to the last bit", arguments: [3, 7, 512])
    func group(width: Int) {
        var random = SplitMix(state: UInt64(width))
        let unit = { (random: inout SplitMix) in
            Prompt.normalized((0..<width).map { _ in Float.random(in: -1...1, using: &random) })
        }
        let prompts = (0..<6).map { Prompt(phrasings: ["\($0)"], embeddings: [unit(&random)]) }
        let pictures = (0..<6).map { PicturePrompt(name: "\($0)", embeddings: [unit(&random), unit(&random)]) }
        let contest = PictureContest(examples: Array(pictures[0..<2]), rivals: Array(pictures[2...]))
        let matchers: [Matcher?] = [
            Matcher(prompt: prompts[0], rivals: Array(prompts[1...]), pictures: contest, logitScale: 90), nil,
            Matcher(prompt: nil, rivals: [], pictures: contest, logitScale: 90),
            Matcher(prompt: prompts[3], rivals: Array(prompts[1...2]), logitScale: 90),
        ]
        let group = MatcherGroup(matchers)
        #expect(group.texts.count == 18)
        for _ in 0..<20 {
            let embedding = unit(&random)
            #expect(group.scores(of: embedding) == matchers.map { $0?.score(embedding) })
        }
    }
}
