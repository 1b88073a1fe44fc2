import Configuration
import Foundation
import Journal

/// A moment of which somebody says whether the scene was there.
package struct NamedMoment: Sendable, Hashable {
    /// The camera; nil for any.
    package var camera: String?
    package var at: Date
    package var isThere: Bool

    package init(camera: String? = nil, at: Date, isThere: Bool) {
        self.camera = camera
        self.at = at
        self.isThere = isThere
    }

    /// What is scored within so many seconds of it counts.
    package static let reach = 5.0

    /// Whether what was between two times on a camera, one look or more, is near to it.
    func isNear(_ camera: String, _ from: Date, _ to: Date) -> Bool {
        from.timeIntervalSince(at) <= Self.reach && at.timeIntervalSince(to) <= Self.reach
            && self.camera ?? camera == camera
    }
}

/// What a trigger's deciding crops scored in the past, by the measure of its `when`: how the scores lie, and which came
/// nearest to `when` at the named moments.
package struct PastScores: Sendable, Equatable {
    package let when: Condition
    package let moments: [NamedMoment]
    package private(set) var spread: ScoreSpread
    /// Of each moment the score near to it that most nearly satisfies `when`; nil where there was no look.
    package private(set) var peaks: [Double?]
    /// Of each moment whether an event was of what the camera saw near to it.
    package private(set) var told: [Bool]

    private let keepsSpread: Bool

    /// - Parameter keepsSpread: whether it is asked how the scores lie.
    package init(of when: Condition, moments: [NamedMoment] = [], keepsSpread: Bool = true) {
        self.when = when
        self.keepsSpread = keepsSpread
        self.moments = moments
        spread = ScoreSpread(of: when.measure)
        peaks = Array(repeating: nil, count: moments.count)
        told = Array(repeating: false, count: moments.count)
    }

    /// Takes the score of one look.
    package mutating func add(_ value: Double, camera: String, at date: Date) {
        guard value.isFinite else { return }
        if keepsSpread { spread.add(value) }
        for index in moments.indices where moments[index].isNear(camera, date, date) {
            let peak = peaks[index] ?? value
            peaks[index] = when.comparison.looksUp ? max(peak, value) : min(peak, value)
        }
    }

    /// Takes the score of a look that is only known to lie between two bounds, if that is enough; else returns false.
    mutating func absorb(_ bounds: ClosedRange<Double>, camera: String, at date: Date) -> Bool {
        // Other measures are shown between the ends of what there was, which are known last.
        guard when.measure == .probability, !moments.contains(where: { $0.isNear(camera, date, date) }) else {
            return false
        }
        return !keepsSpread || spread.absorb(bounds)
    }

    /// Takes back what it has absorbed.
    mutating func giveBack(_ bounds: ClosedRange<Double>) {
        if keepsSpread { spread.giveBack(bounds) }
    }

    /// Takes an event. The scene was there for `hold` before its start, and not in the `release` before its end.
    ///
    /// - Parameters:
    ///   - start: when it started.
    ///   - end: nil where it goes on.
    mutating func tell(camera: String, sceneOf trigger: TriggerSettings, from start: Date?, to end: EventEnd?) {
        guard let start, !moments.isEmpty else { return }
        let release = end?.reason == .cleared ? trigger.release / .seconds(1) : 0
        let from = start - trigger.hold / .seconds(1)
        let to = max(start, end.map { $0.at - release } ?? .distantFuture)
        for index in moments.indices where moments[index].isNear(camera, from, to) { told[index] = true }
    }

    /// Of the moments near to which there was a look, how many were told though the scene was not there, and how many were
    /// not though it was; nil where nobody has named any.
    package var mistakes: MomentMistakes? {
        guard !moments.isEmpty else { return nil }
        var mistakes = MomentMistakes(false: 0, missed: 0)
        for index in moments.indices where peaks[index] != nil && told[index] != moments[index].isThere {
            if told[index] { mistakes.false += 1 } else { mistakes.missed += 1 }
        }
        return mistakes
    }

    /// The peaks of the moments at which the scene was there, or was not.
    func peaks(whereThere isThere: Bool) -> [Double] {
        zip(moments, peaks).compactMap { moment, peak in moment.isThere == isThere ? peak : nil }
    }
}

/// How many of the named moments events tell wrongly.
package struct MomentMistakes: Sendable, Equatable {
    /// Told, though the scene was not there.
    package var `false`: Int
    /// Not told, though it was.
    package var missed: Int

    package init(false wrong: Int, missed: Int) {
        `false` = wrong
        self.missed = missed
    }
}
