/// The event socket: a Unix stream socket on which the daemon answers requests and tells what happened, one JSON object
/// a line (NDJSON, UTF-8), so that `socat` and `jq` are client enough. `Docs/Protocol.md` is its reference.
///
/// This target holds the messages, the server and the client. It is not a journal (it keeps nothing, and what it replays
/// it has from the daemon), it decides no event, and it knows triggers and cameras by name only: what it says of them
/// comes through ``EventSocketBackend`` and ``EventSocketServer/publish(_:)``.
public enum EventProtocol {
    /// The version of the protocol, in the hello line. It changes only when old clients would misread new lines.
    public static let version = 1

    /// The longest line in either direction, in bytes without its line feed: 1 MiB.
    public static let longestLine = 1 << 20

    /// How many lines wait for one slow subscriber before it loses the oldest.
    public static let linesPerSubscriber = 1_024

    /// How many lines of the past are read at once for one subscriber.
    public static let linesPerPage = 256

    /// For how long the journal may not answer before a request for the past is refused, in seconds.
    public static let readingPatience = 30

    /// How many connections are served at once.
    public static let connections = 256

    /// How many connections that are not served are told why at once; more are closed without a word.
    public static let refusals = 64

    /// How deeply arrays and objects may nest in a request.
    public static let deepestNesting = 64

    /// How many values (members and elements, at any depth) a request may hold.
    public static let valuesPerRequest = 4_096
}
