import Testing

/// Acceptance tests: the built programs, run as a user runs them and judged by what a user can see: exit statuses, words,
/// lines on the socket, rows in the journal. Nothing here looks inside the daemon.
///
/// One test at a time: several daemons at once would starve each other on a small machine.
@Suite("Acceptance", .serialized)
enum Acceptance {}
