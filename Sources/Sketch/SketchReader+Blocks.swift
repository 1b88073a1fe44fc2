import Foundation
import Synchronization

extension SketchReader {
    /// Calls `body` with all segments in their order, compared with queries by threads that work ahead. Blocking.
    ///
    /// - Parameter model: what the queries were made with. Other segments come uncompared.
    package func eachBlock(
        like queries: [SketchQuery],
        model: String,
        threads: Int = 2,
        _ body: (SketchBlock) throws -> Void
    ) throws {
        let segments = segments
        let work = OrderedWork(count: segments.count, ahead: threads + 2)
        defer { work.stop(threads: threads) }
        for number in 0..<threads {
            let thread = Thread {
                while let index = work.next() {
                    let result: Result<SketchBlock?, SketchError>
                    do throws(SketchError) {
                        result = .success(try SketchBlock(segments[index], queries: queries, model: model))
                    } catch {
                        result = .failure(error)
                    }
                    work.finish(index, result)
                }
            }
            thread.name = "sketch \(number)"
            thread.stackSize = 2 << 20
            thread.start()
        }
        for index in segments.indices {
            if let block = try work.result(index) { try body(block) }
        }
    }
}

/// Work that is done in any order, a bounded way ahead of where its results are taken in order.
private final class OrderedWork: Sendable {
    private struct State {
        var next = 0
        var isStopped = false
        var results: [Int: Result<SketchBlock?, SketchError>] = [:]
    }

    private let state = Mutex(State())
    private let count: Int
    private let room: DispatchSemaphore
    private let ready = DispatchSemaphore(value: 0)

    init(count: Int, ahead: Int) {
        self.count = count
        room = DispatchSemaphore(value: 0)
        for _ in 0..<ahead { room.signal() }
    }

    /// What to do next; nil when there is nothing more. Waits for room.
    func next() -> Int? {
        room.wait()
        return state.withLock { state in
            guard !state.isStopped, state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func finish(_ index: Int, _ result: Result<SketchBlock?, SketchError>) {
        state.withLock { $0.results[index] = result }
        ready.signal()
    }

    /// Waits for a result and takes it.
    func result(_ index: Int) throws(SketchError) -> SketchBlock? {
        while true {
            if let result = state.withLock({ $0.results.removeValue(forKey: index) }) {
                room.signal()
                return try result.get()
            }
            ready.wait()
        }
    }

    func stop(threads: Int) {
        state.withLock { $0.isStopped = true }
        for _ in 0..<threads { room.signal() }
    }
}
