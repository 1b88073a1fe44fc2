import ArgumentParser
import Foundation
import Synchronization

/// Runs work that SIGINT, SIGTERM, SIGHUP and SIGQUIT cancel instead of ending the process, so that it can put things in
/// order.
///
/// - Throws: what the work throws; after a signal the exit status that a shell gives it, 128 and its number.
func interruptible(_ work: @escaping @Sendable () async throws -> Void) async throws {
    let caught = CaughtSignal()
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            caught.number.withLock { $0 = $0 ?? number }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    let result = await task.result
    if let number = caught.number.withLock({ $0 }) { throw ExitCode(128 + number) }
    try result.get()
}

private final class CaughtSignal: Sendable {
    let number = Mutex<Int32?>(nil)
}
