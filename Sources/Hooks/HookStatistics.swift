/// What has become of the hooks since the start. `offered` is the sum of `running`, `waiting`, `succeeded`, `failed`
/// and `dropped`.
public struct HookStatistics: Sendable, Equatable {
    /// How many were to be run.
    public internal(set) var offered = 0
    /// How many run now, at most the limit.
    public internal(set) var running = 0
    /// How many wait for others to end.
    public internal(set) var waiting = 0
    /// How many exited with status 0 in time.
    public internal(set) var succeeded = 0
    /// How many could not be started, exited with another status, were killed, or took too long.
    public internal(set) var failed = 0
    /// How many of those that failed took too long.
    public internal(set) var timedOut = 0
    /// How many were never started: too many waited, or the daemon stopped.
    public internal(set) var dropped = 0
}
