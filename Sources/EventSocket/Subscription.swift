/// What `subscribe` asks for.
public struct Subscription: Sendable, Equatable {
    /// Which lines are wanted.
    public var filter: SubscriptionFilter
    /// From where what was missed is told before what happens; nil for nothing of it.
    public var since: Since?
    /// After how long without any line the daemon says that it is there, 1 second to 1 hour; nil for never.
    public var heartbeat: Duration?

    /// Creates a subscription; by default to everything that happens from now on.
    public init(filter: SubscriptionFilter = SubscriptionFilter(), since: Since? = nil, heartbeat: Duration? = nil) {
        self.filter = filter
        self.since = since
        self.heartbeat = heartbeat
    }
}
