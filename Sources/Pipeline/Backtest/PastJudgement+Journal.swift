import Foundation
import Journal

extension PastJudgement {
    /// Judges what a journal holds from the question's `since` on, with what came before as far as it matters. Blocking.
    ///
    /// - Parameters:
    ///   - question: its course is read from the journal.
    ///   - until: before when.
    package static func of(
        _ reader: JournalReader,
        _ question: Question,
        until: Date,
        model: String,
        progress: (_ share: Double, _ isSecond: Bool) -> Void = { _, _ in }
    ) throws(JournalError) -> PastJudgement {
        var question = question
        question.course = try reader.course(until: until)
        let window = try reader.window(
            since: question.since - Backtest.warmUp(of: question.triggers) / .seconds(1),
            until: until,
            cameras: Set(question.triggers.flatMap(\.cameras))
        )
        return try of(reader, window, question, model: model, progress: progress)
    }

    /// Judges what a journal holds: by its sketch as far as that decides, and else by the embeddings. It makes no difference
    /// but in time whether there is a sketch. Blocking.
    ///
    /// - Parameters:
    ///   - window: the looks, from the warm-up on.
    ///   - model: the id of what the question's prompts were encoded with; looks of another one are left out.
    ///   - isSketched: whether to go by bounds of scores where these decide.
    ///   - progress: is told now and then how much of a pass has been done, 0…1, and whether it is the second.
    package static func of(
        _ reader: JournalReader,
        _ window: PastWindow,
        _ question: Question,
        model: String,
        isSketched: Bool = true,
        progress: (_ share: Double, _ isSecond: Bool) -> Void = { _, _ in }
    ) throws(JournalError) -> PastJudgement {
        // The sketch does not know whose region a crop is, and nothing is known of how near pictures are by it.
        if isSketched, question.triggers.allSatisfy({ $0.regions.isEmpty && $0.image.isEmpty }) {
            // One that is found to be damaged on the way is as if there were none.
            let looks = window.numbers
            let judgement = try? judged(question, keepingBoundsOf: looks) { (backtest, pass) throws(JournalError) in
                let queries = backtest.queries
                try reader.eachApproximateLook(in: window, like: queries, modelID: model) { look, exact in
                    if pass.isDue { progress(window.share(before: look.id), pass.isSecond) }
                    guard pass.takes(isOurs: look.isComparable || look.modelID == model, look.at) else { return }
                    try backtest.take(look, exact)
                }
            }
            if let judgement { return judgement }
        }
        return try judged(question) { (backtest, pass) throws(JournalError) in
            try reader.eachLook(in: window) { look in
                if pass.isDue { progress(window.share(before: look.id), pass.isSecond) }
                if pass.takes(isOurs: look.modelID == model, look.at) { backtest.take(look) }
            }
        }
    }

    /// What is counted while looks are gone through.
    private struct Pass {
        let since: Date
        var isSecond = false
        var looks = 0
        var others = 0

        /// Whether it is time to tell of progress.
        var isDue: Bool { looks & 1023 == 0 }

        mutating func takes(isOurs: Bool, _ at: Date) -> Bool {
            looks += 1
            if !isOurs, !isSecond, at >= since { others += 1 }
            return isOurs
        }
    }

    private static func judged(
        _ question: Question,
        keepingBoundsOf looks: ClosedRange<Int64>? = nil,
        _ body: (inout Backtest, inout Pass) throws(JournalError) -> Void
    ) throws(JournalError) -> PastJudgement {
        var pass = Pass(since: question.since)
        var judgement = try PastJudgement(question, keepingBoundsOf: looks) { backtest throws(JournalError) in
            try body(&backtest, &pass)
            pass.isSecond = true
        }
        judgement.others = pass.others
        return judgement
    }
}
