import Foundation
import Logging
import Synchronization

/// Runs hooks: few at once, each for a limited time, those of one trigger and camera one after the other.
///
/// All of them are started and watched by one thread, which exists from the first ``run(_:trigger:camera:payload:environment:timeout:)``
/// to ``stop(within:)``. Whoever calls never waits for a program.
///
/// A program is started without a shell, in a process group of its own, with the payload on its standard input, its
/// output thrown away, its first lines of standard error in the log, no other descriptor, and no variables but PATH,
/// HOME and LANG of this process and those that the caller gives. When it exits, or its time is up, what it has started
/// and left in its group is ended too.
public final class HookRunner: Sendable {
    private let desk: HookDesk
    private let timeout: Duration

    /// A runner of which nothing has been asked. It has no thread yet.
    ///
    /// - Parameters:
    ///   - limit: how many hooks may run at once, at least one.
    ///   - capacity: how many may wait, at least one; when more do, the oldest is given up and counted.
    ///   - timeout: how long a hook may run that is given no time of its own. After that it is sent SIGTERM, and
    ///     SIGKILL two seconds later.
    ///   - logger: where failures are told, with the names of the trigger and the camera.
    public init(limit: Int = 4, capacity: Int = 64, timeout: Duration = .seconds(30), logger: Logger) {
        self.timeout = timeout
        desk = HookDesk(queue: HookQueue(limit: limit, capacity: capacity), logger: logger)
    }

    deinit {
        desk.stop(within: .zero)
    }

    /// Offers a hook. Returns at once; whether it could be run is told in the log.
    ///
    /// - Parameters:
    ///   - arguments: the program, found by PATH unless there is a slash in it, and what it is given.
    ///   - trigger: whose hook it is; with the camera, hooks are run in the order in which they are offered.
    ///   - camera: where something has happened.
    ///   - payload: what the program reads on its standard input: one line, whose line feed is added if it has none.
    ///   - environment: variables beside PATH, HOME and LANG, which they may replace.
    ///   - timeout: how long it may run, if not as long as others.
    public func run(
        _ arguments: [String],
        trigger: String,
        camera: String,
        payload: Data,
        environment: [String: String] = [:],
        timeout: Duration? = nil
    ) {
        let job = HookJob(
            source: HookJob.Source(trigger: trigger, camera: camera),
            arguments: arguments,
            payload: payload.last == 0x0A ? payload : payload + [0x0A],
            environment: environment,
            timeout: timeout ?? self.timeout
        )
        desk.offer(job)
    }

    /// Takes no more hooks, and waits for those that run or wait. After `limit` those that wait are given up, and those
    /// that run are sent SIGTERM, and SIGKILL two seconds later.
    ///
    /// Blocks for at most `limit` and four seconds: not to be called on a thread that others need.
    public func stop(within limit: Duration = .seconds(5)) {
        desk.stop(within: limit)
        desk.waitForEnd(atMost: limit + HookQueue.grace + HookQueue.patience + .seconds(1))
    }

    /// What has become of the hooks since the start.
    public var statistics: HookStatistics { desk.statistics }
}
