import Foundation
import Sketch

/// A look of the past, with what its crops are like several queries, about: enough to decide most questions without its
/// embeddings.
public struct ApproximateLook {
    /// The camera's name.
    public let camera: String
    private let block: SketchBlock
    private let range: Range<Int>
    /// The first of its crops.
    private let first: SketchRecord

    init(camera: String, block: SketchBlock, range: Range<Int>, first: SketchRecord) {
        self.camera = camera
        self.block = block
        self.range = range
        self.first = first
    }

    private func vector(_ crop: Int) -> UInt16 {
        crop == 0 ? first.vector : block.records[range.lowerBound + crop].vector
    }

    /// The look's number.
    public var id: Int64 { first.look }
    /// The daemon's run that took it; nil for looks of older versions.
    public var run: Int64? { first.run > 0 ? Int64(first.run) : nil }
    /// The camera's number in the journal, 0…65 535: quicker to look up than its name.
    public var cameraNumber: Int { Int(first.camera) }
    /// When it was captured, to the millisecond.
    public var at: Date { Milliseconds.date(first.at) }
    /// The same by the clock that triggers go by.
    public var elapsed: Duration { .milliseconds(first.elapsed) }
    /// The frame's number as its camera counts.
    public var frame: UInt64 { first.frame }
    /// The mean luma of the picture, 0…255; nil for looks of older versions.
    public var brightness: Int? { first.brightness >= 0 ? Int(first.brightness) : nil }
    /// Whether triggers went by it.
    public var isEvidence: Bool { first.flags & 1 != 0 }
    /// Whether triggers began anew with it.
    public var isAfterLoss: Bool { first.flags & 2 != 0 }
    /// The id of what its embeddings were made with.
    public var modelID: String { block.model }
    /// Whether it can be compared: it is of the queries' model.
    public var isComparable: Bool { block.isComparable }
    /// How many crops it has.
    public var crops: Int { range.count }

    /// The product of a crop's embedding with a query. Only for a look that can be compared.
    public func similarity(crop: Int, query: Int) -> Double {
        block.value(range.lowerBound + crop, query)
    }

    /// All of a crop's at once, in the order of the queries: for who goes through millions.
    public func withSimilarities<Result>(
        crop: Int,
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try block.withValues(ofVector: vector(crop), body)
    }

    /// The most by which any similarity of a crop is off; 0 where they are exact but for rounding to float32.
    public func error(crop: Int) -> Double { block.error(ofVector: vector(crop)) }
}
