import Foundation

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
    /// Changes something for a peer that may write, and hands over what came of it from any thread, within
    /// ``Change/patience`` seconds if it can.
    ///
    /// - Returns: Why it is refused; nil when an answer will come.
    func change(
        _ change: Change,
        then answer: @escaping @Sendable (Result<ChangeReport, RequestError>) -> Void
    ) -> RequestError?
    /// Asks the journal, and hands over the answer from any thread, within ``Question/patience`` seconds if it can.
    ///
    /// - Parameter isWanted: whether whoever asked is still there, asked from any thread.
    /// - Returns: Why it is refused; nil when an answer will come.
    func ask(
        _ question: Question,
        isWanted: @escaping @Sendable () -> Bool,
        then answer: @escaping @Sendable (Result<JSONValue, RequestError>) -> Void
    ) -> RequestError?
    /// Reads the past: up to `limit` messages after a sequence number, in order, handed over from any thread. All that
    /// were published as journalled are there, and fewer than `limit` only when there are no more.
    func lines(
        after seq: Int,
        limit: Int,
        then answer: @escaping @Sendable (Result<[EventLine], RequestError>) -> Void
    )
    /// Finds the first message that is at or after a time, and hands over the number before it, from any thread; the
    /// number of the last message when there is none.
    func sequence(
        before date: Date,
        then answer: @escaping @Sendable (Result<Int, RequestError>) -> Void
    )
    /// The state of every trigger on every camera that it watches, but for triggers on trial, of which nobody is told.
    func states() -> [TriggerState]
}

extension EventSocketBackend {
    /// Refuses: for a daemon that cannot be changed while it runs.
    public func change(
        _ change: Change,
        then answer: @escaping @Sendable (Result<ChangeReport, RequestError>) -> Void
    ) -> RequestError? {
        RequestError(
            .notSupported,
            "this version cannot be changed while it runs: edit the configuration and restart the daemon"
        )
    }

    /// Refuses: for a daemon whose journal cannot be asked.
    public func ask(
        _ question: Question,
        isWanted: @escaping @Sendable () -> Bool,
        then answer: @escaping @Sendable (Result<JSONValue, RequestError>) -> Void
    ) -> RequestError? {
        RequestError(.notSupported, "this daemon answers no questions about the past: ask the journal itself")
    }
}
