import Foundation
import Kernels

/// One segment as a reader found it.
package struct Segment: Sendable {
    let path: String
    let layout: SegmentLayout
    let header: SegmentHeader
    /// The numbers of its first and last look.
    package let looks: ClosedRange<Int64>

    /// The id of what its embeddings were made with.
    package var model: String { header.model }
    /// How many looks it has.
    package var lookCount: Int { header.looks }
    var counts: SegmentHeader.Counts { header.counts }

    /// Reads a segment's head; nil where there is no file, or nothing in it yet, or nothing that can be relied on.
    init?(path: String) throws(SketchError) {
        guard let file = try SegmentFile(reading: path) else { return nil }
        let header = try SegmentHeader(page: try file.values(UInt8(0), SegmentHeader.bytes, at: 0))
        guard let layout = SegmentLayout(width: header.width) else { throw .damaged("\(path) has too wide vectors") }
        guard header.counts.records > 0, header.isSealed || header.boot == Boot.current else { return nil }
        self.path = path
        self.header = header
        self.layout = layout
        let first = try Self.record(0, file, layout)
        let last = try Self.record(header.counts.records - 1, file, layout)
        guard header.previousLook < first.look, first.look <= last.look else {
            throw .damaged("\(path) has its looks in disorder")
        }
        looks = first.look...last.look
    }

    private static func record(_ number: Int, _ file: SegmentFile, _ layout: SegmentLayout) throws(SketchError)
        -> SketchRecord
    {
        return try file.values(SketchRecord.zero, 1, at: layout.recordsAt + number * SegmentLayout.recordBytes)[0]
    }

    /// A crop of the segment and the embedding that the sketch has for it, to be held to the journal's.
    package struct Sample: Sendable {
        package let record: SketchRecord
        let vector: [Double]
        let error: Double

        /// Whether an embedding is the one that was sketched.
        package func matches(_ halves: [UInt16]) -> Bool {
            guard halves.count == vector.count else { return false }
            let squares = zip(halves, vector).reduce(0.0) { sum, pair in
                let difference = Double(Float(Float16(bitPattern: pair.0))) - pair.1
                return sum + difference * difference
            }
            return squares.squareRoot() <= error * 1.0001 + 1e-7
        }
    }

    /// The crop at a share, 0…1, of the segment; nil where the file is gone.
    package func sample(at share: Double) throws(SketchError) -> Sample? {
        guard let file = try SegmentFile(reading: path) else { return nil }
        let number = min(counts.records - 1, max(0, Int(share * Double(counts.records))))
        let record = try Self.record(number, file, layout)
        let vector = Int(record.vector)
        guard vector < counts.vectors else { throw .damaged("\(path) refers to what it lacks") }
        let head = try file.values(SketchHead.zero, 1, at: layout.headsAt + vector * SegmentLayout.headBytes)[0]
        guard head.keyframe < counts.keyframes, head.scale.isFinite, head.fineError.isFinite else {
            throw .damaged("\(path) refers to what it lacks")
        }
        let halves = try file.values(
            UInt16(0),
            layout.width,
            at: layout.keyframesAt + Int(head.keyframe) * layout.width * 2
        )
        let decoded = Quantization.decode(
            coarse: try file.values(0, layout.codeBytes, at: layout.coarseAt + vector * layout.codeBytes),
            fine: try file.values(0, layout.codeBytes, at: layout.fineAt + vector * layout.codeBytes),
            scale: head.scale,
            keyframe: halves.map { Float(Float16(bitPattern: $0)) }
        )
        return Sample(record: record, vector: decoded, error: Double(head.fineError))
    }
}
