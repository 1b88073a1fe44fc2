import Foundation

/// Runs blocking work on a thread made for it, so that it never holds one of the few that tasks share.
func onOwnThread<Result: Sendable>(
    _ name: String,
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result(catching: work)) }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }
}
