import Configuration
import Foundation
import Journal
import Matching
import Pipeline
import Testing

@Suite("Past judgement")
struct PastJudgementTests {
    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000_000 + seconds) }

    /// Each second what the cosine with the prompt is.
    private func looks(_ cosines: [Float]) -> [PastLook] {
        cosines.enumerated().map { second, cosine in
            PastLook(
                id: Int64(second),
                camera: "door",
                run: 1,
                at: date(Double(second)),
                elapsed: .seconds(second),
                frame: UInt64(second),
                modelID: "m",
                brightness: 100,
                isEvidence: true,
                isAfterLoss: false,
                embeddings: [[cosine, (1 - cosine * cosine).squareRoot()]]
            )
        }
    }

    private func question(_ moments: [NamedMoment] = [], hold: Duration = .zero) throws -> PastJudgement.Question {
        let prompt = { (embedding: [Float]) in Prompt(phrasings: ["one"], embeddings: [embedding]) }
        let matcher = Matcher(prompt: prompt([1, 0]), rivals: [prompt([0, 1])], logitScale: 100)
        let axis = TriggerSettings(
            name: "axis",
            prompt: ["one"],
            cameras: ["door"],
            when: try Condition(.similarity, .atLeast, 0.9),
            clear: try Condition(.similarity, .below, 0.85),
            hold: hold
        )
        var other = axis
        other.name = "never"
        other.cameras = ["yard"]
        return PastJudgement.Question(
            triggers: [other, axis],
            matchers: [matcher, matcher],
            cameras: ["door", "yard"].map { CameraSettings(name: $0, source: .command(["grab"])) },
            moments: moments
        )
    }

    private func judge(_ question: PastJudgement.Question, _ looks: [PastLook]) -> (PastJudgement, passes: Int) {
        var passes = 0
        let judgement = PastJudgement(question) { take in
            passes += 1
            looks.forEach(take)
        }
        return (judgement, passes)
    }

    @Test("the suggested thresholds go through the same machine, whose events say what they cost")
    func suggestions() throws {
        // Too weak for the thresholds at 20 s, there for a moment only at 40 s.
        let cosines = (0..<60).map { second -> Float in (20..<30).contains(second) ? 0.6 : second == 40 ? 0.6 : 0.1 }
        let moments = [
            NamedMoment(at: date(25), isThere: true), NamedMoment(at: date(10), isThere: false),
            NamedMoment(at: date(41), isThere: true), NamedMoment(at: date(900), isThere: true),
        ]
        let (judgement, passes) = judge(try question(moments, hold: .seconds(3)), looks(cosines))
        #expect(passes == 2)
        #expect(judgement.backtest.counts == [0, 0])
        #expect(judgement.backtest.scores[1].mistakes == MomentMistakes(false: 0, missed: 2))
        #expect(judgement.suggestions[0] == nil)
        let found = try #require(judgement.suggestions[1])
        #expect(found.thresholds.origin == .moments)
        // By its score the moment at 41 s is on the right side; but nothing was held there for long enough.
        #expect(found.events == 1 && found.mistakes == MomentMistakes(false: 0, missed: 1))
        #expect(judgement.unmatched == [moments[3]])
    }

    @Test("without moments they are of the widest gap, and cost nothing that is known")
    func gap() throws {
        let cosines = (0..<60).map { second -> Float in second % 20 < 5 ? 0.6 : 0.1 }
        let (judgement, _) = judge(try question(), looks(cosines))
        let found = try #require(judgement.suggestions[1])
        #expect(found.thresholds.origin == .gap && found.events == 3 && found.mistakes == nil)
        #expect(judgement.backtest.events.isEmpty && judgement.unmatched.isEmpty)
    }

    @Test("where nothing can be suggested, the past is gone through once")
    func nothing() throws {
        let (judgement, passes) = judge(try question(), looks([0.1, 0.6]))
        #expect(passes == 1 && judgement.suggestions.allSatisfy { $0 == nil })
    }
}
