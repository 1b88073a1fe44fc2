/// Showing: what a person sees of a daemon in a terminal, and how a scripted recording is judged.
///
/// Pages are pure: values go in, lines come out. ``LiveView`` keeps what is known and draws it on a ``TerminalScreen``;
/// nothing here connects to a daemon, reads a clock or parses arguments.
enum Showing {}
