/// What `subscribe` asks for.
public struct Subscription: Sendable, Equatable {
    /// Which lines are wanted.
    public var filter: SubscriptionFilter
    /// From where what was missed is told before what happens; nil for nothing of it.
    public var since: Since?

    /// Creates a subscription; by default to everything that happens from now on.
    public init(filter: SubscriptionFilter = SubscriptionFilter(), since: Since? = nil) {
        self.filter = filter
        self.since = since
    }
}
