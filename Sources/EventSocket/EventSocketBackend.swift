/// What the server asks the daemon.
///
/// The calls come on event loops: they must return at once, waiting for no disk, device or encoder.
///
/// For a subscription without a gap, ``states()`` must already show what a line tells when that line is handed to
/// ``EventSocketServer/publish(_:)``. It may be ahead of the lines, never behind them.
public protocol EventSocketBackend: Sendable {
    /// The greeting of a new connection.
    func hello() -> Hello
    /// The answer to `status`; the server fills in the number of subscribers.
    func status() -> StatusReport
    /// The answer to `prompts list`.
    func prompts() -> [PromptReport]
    /// Takes a picture at the camera's next look, and hands it over from any thread; or never, if there is none.
    ///
    /// - Returns: Why there cannot be one; nil when there may be.
    func snapshot(
        _ request: SnapshotRequest,
        then answer: @escaping @Sendable (Result<Snapshot, RequestError>) -> Void
    ) -> RequestError?
    /// The state of every trigger on every camera that it watches.
    func states() -> [TriggerState]
}
