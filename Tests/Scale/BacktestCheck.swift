import ArgumentParser
import Configuration
import Foundation
import Journal
import Matching
import Pipeline

/// Judges one prompt on the whole journal, warm and cold, and holds what comes out to what the embeddings alone say.
struct BacktestCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Judge a prompt on the journal, with its sketch, and compare with its embeddings alone."
    )

    private static let rivals = Matching.background.count

    @OptionGroup var options: JournalOptions

    @Option(help: "How many prompts, each alone.")
    var prompts = 2

    @Option(help: "How often each, with files in memory.")
    var rounds = 5

    @Option(help: "How many of the newest looks to judge by the embeddings alone, too; all where there are no more.")
    var plain: Int64 = 1_000_000

    @Flag(help: "Leave out what files take that are not in memory.")
    var warmOnly = false

    func run() throws {
        let reader = try JournalReader(path: options.journal)
        let whole = try reader.window()
        guard let numbers = whole.numbers else { throw Failure(description: "the journal is empty") }
        var world = World(seed: 1, still: 0)
        for camera in 0..<World.cameras { _ = world.embedding(camera: camera, at: 1000) }
        let queries = (0..<(Self.rivals + prompts)).map { world.query($0 * 5) }
        let questions = (0..<prompts).map { question($0, queries) }
        for (number, question) in questions.enumerated() {
            _ = try timed(reader, whole, question)
            var times: [Double] = []
            var (events, read) = (0, 0)
            for _ in 0..<rounds {
                let (judgement, seconds) = try timed(reader, whole, question)
                times.append(seconds)
                (events, read) = (judgement.backtest.events.count, judgement.backtest.read)
            }
            times.sort()
            let figures = [times[0], times[times.count / 2], times[times.count - 1]].map { String(format: "%.2f", $0) }
            print(
                "prompt \(number): \(numbers.count) looks, \(read) by their embeddings, \(events) events, "
                    + "\(figures.joined(separator: " / ")) s (least / median / most)"
            )
        }
        if !warmOnly {
            try options.evict()
            let (_, seconds) = try timed(reader, whole, questions[0])
            print("prompt 0, files not in memory: \(String(format: "%.2f", seconds)) s")
        }
        try compare(reader, numbers, questions)
    }

    /// Over the newest looks, which are exactly those that the embeddings alone are gone through for.
    private func compare(
        _ reader: JournalReader,
        _ numbers: ClosedRange<Int64>,
        _ questions: [PastJudgement.Question]
    ) throws {
        guard plain > 0 else { return }
        let first = max(numbers.lowerBound, numbers.upperBound - plain + 1)
        // Looks are numbered in the order of their times.
        let since = Date(timeIntervalSince1970: 1_790_000_000 + Double(first - 1) / World.rate - 0.001)
        let window = try reader.window(since: since)
        for question in questions {
            let (fast, fastTime) = try timed(reader, window, question)
            let (slow, slowTime) = try timed(reader, window, question, isSketched: false)
            guard Outcome(fast) == Outcome(slow), fast.backtest.looks > 0 else {
                throw Failure(description: "the judgements differ")
            }
            let figures = String(format: "%.2f s, by the embeddings alone the same in %.1f s", fastTime, slowTime)
            print("the newest \(fast.backtest.looks) looks: \(figures)")
        }
    }

    private func question(_ number: Int, _ queries: [[Float]]) -> PastJudgement.Question {
        let texts = queries.enumerated().map { Prompt(phrasings: ["\($0)"], embeddings: [$1]) }
        let matcher = Matcher(
            prompt: texts[Self.rivals + number],
            rivals: Array(texts.prefix(Self.rivals)),
            logitScale: 100
        )
        let cameras = (0..<World.cameras).map { "camera-\($0)" }
        let trigger = TriggerSettings(
            name: "prompt",
            prompt: ["a prompt"],
            cameras: cameras,
            hold: .seconds(2),
            release: .seconds(5)
        )
        return PastJudgement.Question(
            triggers: [trigger],
            matchers: [matcher],
            cameras: cameras.map { CameraSettings(name: $0, source: .command(["grab"])) }
        )
    }

    private func timed(
        _ reader: JournalReader,
        _ window: PastWindow,
        _ question: PastJudgement.Question,
        isSketched: Bool = true
    ) throws -> (PastJudgement, Double) {
        let started = ContinuousClock.now
        let judgement = try PastJudgement.of(
            reader,
            window,
            question,
            model: Generate.model,
            isSketched: isSketched
        )
        return (judgement, (ContinuousClock.now - started) / .seconds(1))
    }

    /// What is told of a judgement.
    private struct Outcome: Equatable {
        var events: [String]
        var counts: [Int]
        var looks: Int
        var suggestion: ThresholdSuggestion?
        var suggested: Int?

        init(_ judgement: PastJudgement) {
            events = judgement.backtest.events.map { event in
                let (start, end) = (event.start, event.end)
                let parts: [Any?] = [
                    start.camera, start.at, start.frame, start.score, start.suppressed,
                    end?.at, end?.reason, end?.score,
                ]
                return parts.map { $0.map { "\($0)" } ?? "-" }.joined(separator: " ")
            }
            counts = judgement.backtest.scores[0].spread.counts(in: 0...1)
            looks = judgement.backtest.looks
            suggestion = judgement.suggestions[0]?.thresholds
            suggested = judgement.suggestions[0]?.events
        }
    }
}
