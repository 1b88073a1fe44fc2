import Foundation

/// A trigger that was added, changed or removed while the daemon ran.
public struct PromptChange: Sendable, Hashable {
    /// The trigger's name.
    public var trigger: String
    /// When, to the millisecond.
    public var at: Date
    /// What was done: `added`, `changed` or `removed`.
    public var reason: String

    /// Makes the change of a trigger.
    public init(trigger: String, at: Date, reason: String) {
        self.trigger = trigger
        self.at = at
        self.reason = reason
    }
}

/// A changed configuration that the daemon took over.
public struct DaemonReload: Sendable, Hashable {
    /// When, to the millisecond.
    public var at: Date
    /// What is different from before, in words.
    public var reason: String

    /// Makes the taking over of a configuration.
    public init(at: Date, reason: String) {
        self.at = at
        self.reason = reason
    }
}

/// What the table of messages has in columns.
extension JournalMessage {
    /// Why, in words; that of an event's end stands with the event.
    var reason: String? {
        switch self {
        case .eventStarted, .eventEnded: nil
        case .cameraLost(let change), .cameraFound(let change): change.reason
        case .promptChanged(let change): change.reason
        case .daemonReloaded(let reload): reload.reason
        }
    }

    /// The trigger that was changed.
    var name: String? {
        if case .promptChanged(let change) = self { change.trigger } else { nil }
    }
}
