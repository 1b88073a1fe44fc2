import Evaluation
import Foundation
import Imaging
import Matching
import MobileCLIP
import Synchronization

/// Many picture files through an image tower, on several threads. Blocks.
struct PictureEncoding {
    let tower: PackedImageTower
    let threads: Int
    let cancellation: Cancellation

    private struct State {
        var next = 0
        var done = 0
        var embeddings: [[Float]?]
        var problems: [(place: Int, words: String)] = []
    }

    private final class Shared: Sendable {
        let state: Mutex<State>

        init(count: Int) {
            state = Mutex(State(embeddings: [[Float]?](repeating: nil, count: count)))
        }

        func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
            state.withLock { body(&$0) }
        }
    }

    /// The embeddings at length 1, preprocessed as published; nil for files that hold no picture, which are named.
    ///
    /// - Throws: `CancellationError` when somebody has had enough.
    func run(_ paths: [String]) throws -> [[Float]?] {
        let state = Shared(count: paths.count)
        let workers = (0..<max(1, min(threads, paths.count))).map { _ in
            let finished = DispatchSemaphore(value: 0)
            let thread = Thread {
                encode(paths, state)
                finished.signal()
            }
            thread.stackSize = 8 << 20
            thread.start()
            return finished
        }
        var bar = ProgressBar()
        for worker in workers {
            while worker.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
                let done = state.withLock { $0.done }
                bar.show("\(done) of \(paths.count) pictures", share: Double(done) / Double(max(paths.count, 1)))
            }
        }
        bar.clear()
        try cancellation.check()
        let (embeddings, problems) = state.withLock { ($0.embeddings, $0.problems) }
        for problem in problems.sorted(by: { $0.place < $1.place }) { say(problem.words) }
        return embeddings
    }

    /// Takes one picture after the other, until there is none.
    private func encode(_ paths: [String], _ state: Shared) {
        let encoder = ImageEncoder(tower: tower)
        let preprocessor = Preprocessor(side: tower.side)
        var crops: [[UInt8]] = []
        var embedding: [Float] = []
        while (try? cancellation.check()) != nil {
            let place = state.withLock { state in
                defer { state.next += 1 }
                return state.next
            }
            guard place < paths.count else { return }
            do throws(ImagingError) {
                let picture = try PictureFile.read(path: paths[place])
                try preprocessor.crops(of: picture, view: .center, into: &crops)
                encoder.encode(crops[0], into: &embedding)
                let unit = Prompt.normalized(embedding)
                state.withLock { state in
                    state.embeddings[place] = unit
                    state.done += 1
                }
            } catch {
                state.withLock { state in
                    state.problems.append((place, "\(error)"))
                    state.done += 1
                }
            }
        }
    }
}

extension UnitVectors {
    /// Those that there are.
    init(_ vectors: [[Float]?], width: Int) {
        self.init(width: width)
        for vector in vectors { if let vector { append(vector) } }
    }
}
