import Foundation

/// Keeps a sketch up: the one writer, on the thread of the journal's.
///
/// Crops are added look by look, in the order of the looks' numbers, after the journal has them. After an error the writer
/// is of no more use; another one goes on where the disk has it.
package struct SketchWriter {
    private let folder: SketchFolder
    private let identity: String
    private var current: SegmentWriter?
    private var nextNumber: Int
    /// The last look that a segment has, or the one before the journal's first.
    private var lastSketched: Int64

    /// The last look that is in the sketch, or that is to be passed over.
    package private(set) var lastLook: Int64

    /// Opens the sketch of the journal of that name, or begins one.
    ///
    /// Only what is complete, follows one on the other and is found true by `isTrue` stays; the rest is removed, to be
    /// sketched again. So is what is incomplete: what its streams were compared with is not kept.
    ///
    /// - Parameters:
    ///   - oldest: the number of the journal's first look; segments that end before are removed.
    ///   - newest: the number of its last look; 0 where there is none.
    package init(
        _ folder: SketchFolder,
        identity: String,
        oldest: Int64,
        newest: Int64,
        isTrue: (Segment) throws -> Bool
    ) throws {
        self.folder = folder
        self.identity = identity
        try folder.make()
        let segments = folder.segments(of: identity)
        var kept: [Segment] = []
        for segment in segments {
            guard segment.header.isSealed, segment.looks.upperBound <= newest, try isTrue(segment) else { break }
            kept.append(segment)
        }
        // What comes before the first segment is not in the sketch; the journal must not have it either.
        if let first = kept.first, first.header.previousLook >= oldest { kept = [] }
        lastSketched = kept.last?.looks.upperBound ?? oldest - 1
        lastLook = lastSketched
        let names = Set(kept.map(\.path))
        for number in folder.numbers() where !names.contains(folder.file(number)) {
            try folder.remove(folder.file(number))
        }
        nextNumber = (folder.numbers().last ?? 0) + 1
        try forget(before: oldest)
    }

    /// Adds the crops of a look, which has a higher number than all before. Crops with a component that is not a number,
    /// or of another width than the first, are left out.
    package mutating func add(_ crops: [SketchCrop], model: String) throws(SketchError) {
        guard let look = crops.first?.record.look, look > lastLook else { return }
        lastLook = look
        guard model.utf8.count <= SegmentHeader.longestModel else { return }
        let width = crops[0].halves.count
        let fit = crops.filter { $0.halves.count == width && $0.isFinite }
        guard !fit.isEmpty, SegmentLayout(width: width) != nil, fit.count <= SegmentLayout.keyframes else { return }
        if let writer = current {
            let isOfAnother = writer.header.model != model || writer.header.width != width
            if isOfAnother || !writer.hasRoom(for: fit.count) { try seal() }
        }
        if current == nil { current = try start(model: model, width: width) }
        current?.add(fit)
    }

    /// Makes what was added known to readers.
    package mutating func commit() throws(SketchError) {
        guard var writer = current else { return }
        current = nil
        try writer.commit()
        current = writer
    }

    /// Completes the last segment before it is full: for one that is not written on.
    package mutating func seal() throws(SketchError) {
        guard var writer = current else { return }
        current = nil
        try writer.seal()
        lastSketched = writer.lastLook ?? lastSketched
    }

    /// Removes segments whose looks the journal has given up.
    package func forget(before oldest: Int64) throws(SketchError) {
        for number in folder.numbers() {
            guard number < nextNumber - 1, let segment = try? Segment(path: folder.file(number)),
                segment.header.isSealed, segment.looks.upperBound < oldest
            else { return }
            try folder.remove(folder.file(number))
        }
    }

    private mutating func start(model: String, width: Int) throws(SketchError) -> SegmentWriter {
        let writer = try SegmentWriter(
            path: folder.file(nextNumber),
            header: SegmentHeader(
                identity: identity,
                model: model,
                width: width,
                previousLook: lastSketched,
                boot: Boot.current
            )
        )
        nextNumber += 1
        return writer
    }
}
