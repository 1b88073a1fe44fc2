/// What the daemon hands over after it was asked, from any thread.
enum LateAnswer: Sendable {
    /// The picture of a camera.
    case snapshot(Snapshot)
    /// What came of a change.
    case changed(ChangeReport)
    /// What the journal says, as it is sent.
    case told(JSONValue)
    /// The number before the first message that is at or after a time.
    case sequence(Int)
    /// A page of the past.
    case lines([EventLine])
}
