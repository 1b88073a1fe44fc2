import Foundation

/// Whether a camera can be relied on: what of its ups and downs is told, and when its triggers know nothing. A pure
/// state machine.
///
/// A source that fails is told as lost when it has been away for `grace`; a plug that is put back at once, or a command
/// that is started anew, is no news. A source that is over for good is told at once, also where it had been told as lost
/// because it showed nothing: whoever waits for the end hears of it. A camera that shows nothing (dark,
/// covered, frozen: ``Sight`` has its own patience) counts as lost too, until it shows something.
package struct Presence: Sendable, Equatable {
    /// What is to be told.
    package enum Change: Sendable, Equatable {
        /// Lost, since then by the wall clock.
        case lost(reason: String, since: Date)
        case found(String)
    }

    private struct Absence: Equatable {
        var reason: String
        var since: Duration
        var date: Date
        var isFinal = false
    }

    private let grace: Duration
    private var absence: Absence?
    private var blindness: Absence?
    private var foundAs = ""
    /// Whether its end has been told.
    private var isOver = false
    /// Whether the loss has been told, so that nothing is known of what the camera watches.
    package private(set) var isLost = false

    package init(grace: Duration) {
        self.grace = grace
    }

    /// The source failed. Of several reasons in a row the last is told, since the first moment.
    ///
    /// - Parameter isFinal: whether it is over for good, as a file is.
    package mutating func sourceFailed(_ reason: String, at now: Duration, date: Date, isFinal: Bool = false) {
        let first = absence
        absence = Absence(
            reason: reason,
            since: first?.since ?? now,
            date: first?.date ?? date,
            isFinal: isFinal
        )
    }

    /// The source gives frames.
    package mutating func sourceCame(_ description: String) {
        absence = nil
        foundAs = description
    }

    /// What makes pictures worthless, in words, since that moment; nil when the last one is worth looking at.
    package mutating func saw(_ trouble: String?, since time: Duration, date: Date) {
        blindness = trouble.map { Absence(reason: $0, since: blindness?.since ?? time, date: blindness?.date ?? date) }
        if trouble == nil, absence == nil, isLost { foundAs = "the picture is back" }
    }

    /// What is wrong with the pictures while the source goes on, in words.
    package var trouble: String? { blindness?.reason }

    /// What is to be told at that moment.
    package mutating func change(at now: Duration) -> Change? {
        if let absence, absence.isFinal, !isOver {
            isOver = true
            isLost = true
            return .lost(reason: absence.reason, since: absence.date)
        }
        if isLost {
            guard absence == nil, blindness == nil else { return nil }
            isLost = false
            return .found(foundAs)
        }
        if let absence, now - absence.since >= grace {
            isLost = true
            return .lost(reason: absence.reason, since: absence.date)
        }
        if let blindness {
            isLost = true
            return .lost(reason: blindness.reason, since: blindness.date)
        }
        return nil
    }

    /// Whether triggers may go by what the camera shows.
    package var isTrusted: Bool { !isLost && blindness == nil }

    /// Whether the source gives no frames now, told or not.
    package var isAway: Bool { absence != nil }

    /// When there will be something to tell though nothing happens; nil when not.
    package var due: Duration? {
        isLost ? nil : absence.map { $0.since + grace }
    }
}
