/// What a client can ask.
package enum Request: Equatable {
    /// The current states, then what was missed, then live lines.
    case subscribe(Subscription)
    /// What the daemon says of itself.
    case status
    /// A sign of life.
    case ping
    /// The triggers in force.
    case promptsList
    /// The current states, of the triggers and cameras that the filter names.
    case triggers(SubscriptionFilter)
    /// What a camera shows.
    case snapshot(SnapshotRequest)
    /// Something is to be changed.
    case change(Change)
    /// What the journal says.
    case question(Question)

    /// What a peer must be allowed to ask so.
    package var requiredAccess: PeerAccess {
        switch self {
        case .subscribe, .status, .ping, .promptsList, .triggers, .snapshot, .question: .reading
        case .change: .writing
        }
    }

    /// The names, as `do` has them.
    package enum Name: String, CaseIterable {
        case subscribe
        case status
        case ping
        case triggers
        case snapshot
        case promptsList = "prompts list"
        case promptsAdd = "prompts add"
        case promptsRemove = "prompts remove"
        case reload
        case search
        case backtest
        case explain
    }
}

/// A line that was read as a request: the id to answer with, and the request or why it is refused.
package struct ParsedRequest {
    /// The request's `id`; nil when it had none.
    package var id: JSONValue?
    /// The request.
    package var request: Result<Request, RequestError>
}
