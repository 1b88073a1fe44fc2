import Kernels

/// All crops of a segment, and what each is like several queries, about.
package final class SketchBlock: Sendable {
    /// In the order of their looks.
    package let records: [SketchRecord]
    /// The id of what the embeddings were made with.
    package let model: String
    private let queries: Int
    /// Of each embedding the products with all queries; none where the segment cannot be compared.
    private let values: [Float]
    private let errors: [Float]

    /// For crops that are compared with queries elsewhere.
    package init(records: [SketchRecord], model: String, queries: Int, values: [Float], errors: [Float]) {
        self.records = records
        self.model = model
        self.queries = queries
        self.values = values
        self.errors = errors
    }

    /// Whether there are products at all: embeddings of another model, or of another width, have none.
    package var isComparable: Bool { !errors.isEmpty }

    /// The product of a crop's embedding with a query.
    @inline(__always)
    package func value(_ record: Int, _ query: Int) -> Double {
        Double(values[Int(records[record].vector) * queries + query])
    }

    /// The products of an embedding, by its number, with all queries, in their order.
    @inline(__always)
    package func withValues<Result>(
        ofVector vector: UInt16,
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        let start = Int(vector) * queries
        return try values.withUnsafeBufferPointer { values in
            try body(UnsafeBufferPointer(rebasing: values[start..<(start + queries)]))
        }
    }

    /// The most by which any of an embedding's products can be off.
    @inline(__always)
    package func error(ofVector vector: UInt16) -> Double { Double(errors[Int(vector)]) }

    /// Reads a segment and compares it; nil where its file is gone.
    convenience init?(_ segment: Segment, queries: [SketchQuery], model: String) throws(SketchError) {
        guard let file = try SegmentFile(reading: segment.path) else { return nil }
        let (layout, counts) = (segment.layout, segment.counts)
        let records = try file.values(SketchRecord.zero, counts.records, at: layout.recordsAt)
        guard records.allSatisfy({ Int($0.vector) < counts.vectors }) else {
            throw .damaged("\(segment.path) refers to what it lacks")
        }
        guard segment.model == model, queries.allSatisfy({ $0.vector.count == layout.width }) else {
            self.init(records: records, model: segment.model, queries: queries.count, values: [], errors: [])
            return
        }
        // Who asks about nothing wants to know what crops there are.
        guard !queries.isEmpty else {
            let errors = [Float](repeating: 0, count: counts.vectors)
            self.init(records: records, model: segment.model, queries: 0, values: [], errors: errors)
            return
        }
        let kernels = kernels_best().pointee
        let heads = try file.values(SketchHead.zero, counts.vectors, at: layout.headsAt)
        let halves = try file.values(UInt16(0), counts.keyframes * layout.width, at: layout.keyframesAt)
        guard heads.allSatisfy({ $0.keyframe < counts.keyframes }) else {
            throw .damaged("\(segment.path) refers to what it lacks")
        }
        // Of each keyframe the products with all queries.
        let bases = halves.withUnsafeBufferPointer { halves in
            (0..<counts.keyframes).flatMap { number in
                queries.map { query in
                    guard let start = halves.baseAddress else { return 0.0 }
                    return kernels.half_dot(Int32(layout.width), start + number * layout.width, query.vector)
                }
            }
        }
        let terms = queries.map(\.terms)
        let bound = SketchQuery.ErrorBound(queries)
        let codes = queries.flatMap(\.codes)
        var values = [Float](repeating: 0, count: counts.vectors * queries.count)
        var errors = [Float](repeating: 0, count: counts.vectors)
        var (coarse, fine): ([UInt8], [UInt8]) = ([], [])
        var dots = [Int64](repeating: 0, count: SegmentLayout.block * queries.count)
        for start in stride(from: 0, to: counts.vectors, by: SegmentLayout.block) {
            let count = min(SegmentLayout.block, counts.vectors - start)
            let bytes = count * layout.codeBytes
            try file.read(bytes, into: &coarse, at: layout.coarseAt + start * layout.codeBytes)
            try file.read(bytes, into: &fine, at: layout.fineAt + start * layout.codeBytes)
            let (rows, width) = (Int32(count), Int32(layout.paddedWidth))
            kernels.code_dots(rows, width, coarse, fine, Int32(queries.count), codes, &dots)
            values.withUnsafeMutableBufferPointer { values in
                for index in 0..<count {
                    let head = heads[start + index]
                    let (base, row, place) = (
                        Int(head.keyframe) * queries.count, index * queries.count, (start + index) * queries.count
                    )
                    var greatest: Float = 0
                    for number in terms.indices {
                        let value = Float(terms[number].value(bases[base + number], head, dots[row + number]))
                        values[place + number] = value
                        greatest = max(greatest, abs(value))
                    }
                    // What is rounded away in float32 is part of the error.
                    errors[start + index] = Float(bound.of(head)).nextUp + greatest.ulp
                }
            }
        }
        guard errors.allSatisfy(\.isFinite), values.allSatisfy(\.isFinite) else {
            throw .damaged("\(segment.path) has a number that is none")
        }
        self.init(records: records, model: segment.model, queries: queries.count, values: values, errors: errors)
    }
}
