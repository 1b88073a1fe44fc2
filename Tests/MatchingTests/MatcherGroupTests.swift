import Matching
import TestSupport
import Testing

@Suite("Matcher groups")
struct MatcherGroupTests {
    private static func unit(_ random: inout SplitMix, _ width: Int) -> [Float] {
        Prompt.normalized((0..<width).map { _ in Float.random(in: -1...1, using: &random) })
    }

    @Test("score as each matcher does alone, to the last bit", arguments: [1, 7, 512])
    func same(width: Int) {
        var random = SplitMix(state: UInt64(width))
        let prompts = (0..<50).map { Prompt(phrasings: ["\($0)"], embeddings: [Self.unit(&random, width)]) }
        let matcher = { (prompt: Int, rivals: [Int]) in
            Matcher(prompt: prompts[prompt], rivals: rivals.map { prompts[$0] }, logitScale: 90)
        }
        let matchers: [Matcher?] = [
            matcher(0, Array(10..<30)), nil, matcher(11, Array(10..<50)), matcher(3, []), matcher(0, [3, 40]),
        ]
        let group = MatcherGroup(matchers)
        #expect(width == 1 || group.texts.count == 42)
        for _ in 0..<20 {
            let embedding = Self.unit(&random, width)
            #expect(group.scores(of: embedding) == matchers.map { $0?.score(embedding) })
        }
        let short = [Float](repeating: 0.5, count: width - 1)
        #expect(group.scores(of: short) == matchers.map { $0?.score(short) })
        #expect(MatcherGroup([nil]).scores(of: [1]) == [nil])
    }
}
