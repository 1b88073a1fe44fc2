import Foundation
import GRDB
import Journal

/// The best looks of several queries, found by comparing every look in the plainest way, in float32.
struct PlainSearch {
    struct Hit {
        var look: Int64
        var score: Float
    }

    private let queries: [[Float]]
    private let limit: Int
    private(set) var best: [[Hit]]

    init(_ queries: [[Float]], limit: Int) {
        self.queries = queries
        self.limit = limit
        best = queries.map { _ in [] }
    }

    mutating func run(_ path: String) throws {
        try DatabaseQueue(path: path).read { connection in
            let rows = try Row.fetchCursor(connection, sql: "SELECT look_id, embedding FROM crop ORDER BY rowid")
            while let row = try rows.next() {
                let look: Int64 = row[0]
                guard let vector = HalfPrecision.vector(of: row[1]) else { continue }
                for index in queries.indices { take(look, Self.product(queries[index], vector), at: index) }
            }
        }
    }

    /// Keeps the best, of equals the earlier.
    private mutating func take(_ look: Int64, _ score: Float, at index: Int) {
        if best[index].count == limit, let worst = best[index].last, score <= worst.score { return }
        let place = best[index].firstIndex { $0.score < score } ?? best[index].count
        best[index].insert(Hit(look: look, score: score), at: place)
        if best[index].count > limit { best[index].removeLast() }
    }

    private static func product(_ one: [Float], _ other: [Float]) -> Float {
        one.withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { other in
                var sums = SIMD16<Float>()
                for start in stride(from: 0, to: one.count, by: 16) {
                    var (left, right) = (SIMD16<Float>(), SIMD16<Float>())
                    for lane in 0..<16 { (left[lane], right[lane]) = (one[start + lane], other[start + lane]) }
                    sums += left * right
                }
                return sums.sum()
            }
        }
    }
}
