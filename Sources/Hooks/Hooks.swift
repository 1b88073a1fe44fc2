/// Hooks: programs that are run when something has happened, each with a text on its standard input.
///
/// It is given a program and its arguments, bytes, and variables for the environment, and knows nothing of events,
/// sockets or configurations. It promises that a hook can do the daemon no harm: whoever offers one never waits, few
/// run at once, none runs for ever, and what one of them started ends with it. It does not promise that a hook is run:
/// what waits is bounded, and lost when the daemon dies. Whoever must not miss an event subscribes to the socket.
///
/// A program is started as it stands, never by a shell, so nothing in a name or a payload can become a command.
///
/// ``HookQueue`` decides what runs when and is pure; ``HookRunner`` does it, on one thread.
public enum Hooks {}
