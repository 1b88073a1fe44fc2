import Foundation
import Synchronization

/// Searches segments, on threads of its own.
package struct SketchReader: Sendable {
    let segments: [Segment]

    package init(_ segments: [Segment]) {
        self.segments = segments
    }

    /// The crops that may be the best of one of the best groups, of segments of a model and the query's width. Blocking.
    ///
    /// - Parameters:
    ///   - groups: how many groups are asked for.
    ///   - least: as many groups are known elsewhere to be at least as good as this.
    package func candidates(
        of query: SketchQuery,
        model: String,
        _ filter: SketchFilter,
        groups: Int,
        atLeast least: Double = -.infinity,
        threads: Int = 2
    ) throws(SketchError) -> CandidateSet {
        let wanted = segments.filter { $0.model == model && $0.layout.width == query.vector.count }
        let bar = SharedBar()
        bar.raise(to: least)
        let work = SharedWork(count: wanted.count)
        let finished = DispatchSemaphore(value: 0)
        let count = max(1, min(threads, wanted.count))
        for number in 0..<count {
            let thread = Thread {
                var scan = SegmentScan(query, filter, groups: groups, bar: bar)
                let result: Result<CandidateSet, SketchError>
                do throws(SketchError) {
                    // The newest first: what is looked for is more often there.
                    while let index = work.next() { try scan.scan(wanted[index]) }
                    result = .success(scan.candidates)
                } catch {
                    result = .failure(error)
                }
                work.finish(result)
                finished.signal()
            }
            thread.name = "search \(number)"
            thread.stackSize = 2 << 20
            thread.start()
        }
        for _ in 0..<count { finished.wait() }
        var all = CandidateSet(groups: groups)
        all.raise(to: least)
        for result in work.results { all.merge(try result.get()) }
        return all
    }
}

/// What threads divide among themselves: the numbers below a count, the greatest first.
private final class SharedWork: Sendable {
    private let state: Mutex<(left: Int, results: [Result<CandidateSet, SketchError>])>

    init(count: Int) {
        state = Mutex((count, []))
    }

    var results: [Result<CandidateSet, SketchError>] { state.withLock { $0.results } }

    func next() -> Int? {
        state.withLock { state in
            state.left -= 1
            return state.left >= 0 ? state.left : nil
        }
    }

    func finish(_ result: Result<CandidateSet, SketchError>) {
        state.withLock { $0.results.append(result) }
    }
}
