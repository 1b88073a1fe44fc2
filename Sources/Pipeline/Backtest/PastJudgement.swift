import Configuration
import Foundation
import Journal
import Matching

/// What the past says of triggers: the events that there would have been, thresholds that might be better, and the events
/// by these.
package struct PastJudgement {
    /// What is asked.
    package struct Question {
        /// With each combination all that it goes by.
        package var triggers: [TriggerSettings]
        /// One of each trigger; nil of a combination.
        package var matchers: [Matcher?]
        package var cameras: [CameraSettings]
        package var course: PastCourse
        /// Where the window begins, in which events count.
        package var since: Date
        package var moments: [NamedMoment]

        package init(
            triggers: [TriggerSettings],
            matchers: [Matcher?],
            cameras: [CameraSettings],
            course: PastCourse = PastCourse(),
            since: Date = .distantPast,
            moments: [NamedMoment] = []
        ) {
            self.triggers = triggers
            self.matchers = matchers
            self.cameras = cameras
            self.course = course
            self.since = since
            self.moments = moments
        }

        fileprivate func backtest(
            _ triggers: [TriggerSettings],
            _ matchers: [Matcher?],
            keepsEvents: Bool,
            bounds: KeptBounds? = nil
        ) -> Backtest {
            Backtest(
                triggers,
                matchers,
                cameras: cameras,
                course: course,
                since: since,
                moments: moments,
                keepsEvents: keepsEvents,
                bounds: bounds
            )
        }
    }

    /// Thresholds, and what they would have done.
    package struct Suggestion {
        package var thresholds: ThresholdSuggestion
        /// How many events there would have been.
        package var events: Int
        /// Of the named moments, those that these events tell wrongly; nil where there are none.
        package var mistakes: MomentMistakes?
    }

    /// By the thresholds that the triggers have.
    package let backtest: Backtest
    /// Of each trigger, in their order; nil where nothing can be suggested.
    package let suggestions: [Suggestion?]
    /// How many looks of the window are of another model, and were left out.
    package internal(set) var others = 0

    /// - Parameter eachLook: goes through the looks of the past, from the warm-up on. It is called once more, for the same
    ///   looks, where there are suggestions: which events these would have made is known by trying.
    package init<Failure: Error>(
        _ question: Question,
        eachLook: (_ take: (PastLook) -> Void) throws(Failure) -> Void
    ) throws(Failure) {
        try self.init(question) { backtest throws(Failure) in try eachLook { backtest.take($0) } }
    }

    /// - Parameters:
    ///   - looks: the numbers of looks of which bounds may be kept from one pass to the next; nil where none are found.
    ///   - pass: gives a backtest the looks of the past, from the warm-up on; it is called once more, likewise.
    init<Failure: Error>(
        _ question: Question,
        keepingBoundsOf looks: ClosedRange<Int64>? = nil,
        pass: (_ backtest: inout Backtest) throws(Failure) -> Void
    ) throws(Failure) {
        var first = question.backtest(question.triggers, question.matchers, keepsEvents: true)
        if let looks { first.keepBounds(of: looks) }
        try pass(&first)
        first.finish()
        let bounds = first.bounds
        first.forgetBounds()
        backtest = first

        let found = first.scores.map(ThresholdSuggestion.init)
        guard found.contains(where: { $0 != nil }) else {
            self.suggestions = found.map { _ in nil }
            return
        }
        var tried = question.triggers
        for (index, suggestion) in found.enumerated() {
            guard let conditions = suggestion?.conditions else { continue }
            (tried[index].when, tried[index].clear) = (conditions.when, conditions.clear)
        }
        let indices = tried.indices.filter { found[$0] != nil }
        var second = question.backtest(
            indices.map { tried[$0] },
            indices.map { question.matchers[$0] },
            keepsEvents: false,
            bounds: bounds?.of(triggers: indices)
        )
        try pass(&second)
        second.finish()
        var suggestions: [Suggestion?] = found.map { _ in nil }
        for (place, index) in indices.enumerated() {
            suggestions[index] = found[index].map {
                Suggestion(thresholds: $0, events: second.counts[place], mistakes: second.scores[place].mistakes)
            }
        }
        self.suggestions = suggestions
    }

    /// The named moments to which no look was near.
    package var unmatched: [NamedMoment] {
        // Combinations have none.
        let scores = backtest.scores.filter { !$0.moments.isEmpty }
        guard let moments = scores.first?.moments else { return [] }
        return moments.indices.filter { index in scores.allSatisfy { $0.peaks[index] == nil } }.map { moments[$0] }
    }
}
