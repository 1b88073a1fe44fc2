import Kernels

/// Compares one segment after the other with a query, on one thread, with buffers of its own.
struct SegmentScan {
    private let query: SketchQuery
    private let filter: SketchFilter
    private let kernels: kernels
    private let bar: SharedBar
    private var coarseBytes: [UInt8] = []
    private var fineBytes: [UInt8] = []
    private var coarseDots = [Int32](repeating: 0, count: SegmentLayout.block)
    private var fineDots = [Int32](repeating: 0, count: SegmentLayout.block)
    private var survivors: [Int] = []

    /// What may be the best of one of the best groups so far.
    private(set) var candidates: CandidateSet

    init(_ query: SketchQuery, _ filter: SketchFilter, groups: Int, bar: SharedBar) {
        self.query = query
        self.filter = filter
        self.bar = bar
        kernels = kernels_best().pointee
        candidates = CandidateSet(groups: groups)
    }

    /// Adds the segment's candidates. One whose file is gone has none: the journal has given its looks up.
    mutating func scan(_ segment: Segment) throws(SketchError) {
        guard let times = segment.header.times, times.overlaps(filter.times), segment.looks.overlaps(filter.looks),
            let file = try SegmentFile(reading: segment.path)
        else { return }
        let bases = try bases(of: segment, file)
        guard bases.contains(where: { $0 > -.infinity }) else { return }
        var records = RecordWindow(file, segment)
        for start in stride(from: 0, to: segment.counts.vectors, by: SegmentLayout.block) {
            let block = start..<min(segment.counts.vectors, start + SegmentLayout.block)
            try scan(block, of: segment, file, bases, &records)
        }
    }

    /// The query's products with the keyframes; those of cameras that are not asked for are out of reach.
    private func bases(of segment: Segment, _ file: SegmentFile) throws(SketchError) -> [Double] {
        let (layout, count) = (segment.layout, segment.counts.keyframes)
        let cameras = try file.values(Int32(0), count, at: layout.camerasAt)
        let halves = try file.values(UInt16(0), count * layout.width, at: layout.keyframesAt)
        return halves.withUnsafeBufferPointer { halves in
            cameras.enumerated().map { number, camera in
                guard filter.cameras?.contains(camera) ?? true, let start = halves.baseAddress else {
                    return -.infinity
                }
                return kernels.half_dot(Int32(layout.width), start + number * layout.width, query.vector)
            }
        }
    }

    private mutating func scan(
        _ block: Range<Int>,
        of segment: Segment,
        _ file: SegmentFile,
        _ bases: [Double],
        _ records: inout RecordWindow
    ) throws(SketchError) {
        let layout = segment.layout
        let heads = try file.values(
            SketchHead.zero,
            block.count,
            at: layout.headsAt + block.lowerBound * SegmentLayout.headBytes
        )
        try file.read(
            block.count * layout.codeBytes,
            into: &coarseBytes,
            at: layout.coarseAt + block.lowerBound * layout.codeBytes
        )
        kernels.nibble_dots(Int32(block.count), Int32(layout.paddedWidth), coarseBytes, query.codes, &coarseDots)

        candidates.raise(to: bar.level)
        survivors.removeAll(keepingCapacity: true)
        let threshold = candidates.threshold
        for (index, head) in heads.enumerated() {
            guard head.keyframe < bases.count else { throw .damaged("\(segment.path) refers to what it lacks") }
            let base = bases[Int(head.keyframe)]
            // Written so that what is not a number survives, and is then found to be damaged.
            if !(query.coarse(base, head, coarseDots[index]).most < threshold), base > -.infinity {
                survivors.append(index)
            }
        }
        guard !survivors.isEmpty else { return }
        try readFine(block, layout, file)
        for index in survivors {
            let head = heads[index]
            let estimate = query.fine(
                bases[Int(head.keyframe)],
                head,
                coarse: coarseDots[index],
                fine: fineDots[index]
            )
            guard estimate.most.isFinite else { throw .damaged("\(segment.path) has a number that is none") }
            guard estimate.most >= candidates.threshold else { continue }
            try insert(block.lowerBound + index, head, estimate, &records)
        }
        bar.raise(to: candidates.threshold)
    }

    /// The fine codes of the survivors: one by one where they are few.
    private mutating func readFine(_ block: Range<Int>, _ layout: SegmentLayout, _ file: SegmentFile)
        throws(SketchError)
    {
        let start = layout.fineAt + block.lowerBound * layout.codeBytes
        if survivors.count > block.count / 32 {
            try file.read(block.count * layout.codeBytes, into: &fineBytes, at: start)
            kernels.nibble_dots(Int32(block.count), Int32(layout.paddedWidth), fineBytes, query.codes, &fineDots)
            return
        }
        for index in survivors {
            try file.read(layout.codeBytes, into: &fineBytes, at: start + index * layout.codeBytes)
            var dot: Int32 = 0
            kernels.nibble_dots(1, Int32(layout.paddedWidth), fineBytes, query.codes, &dot)
            fineDots[index] = dot
        }
    }

    /// Adds the crops that have an embedding: of those that follow each other within a group, the first.
    private mutating func insert(
        _ vector: Int,
        _ head: SketchHead,
        _ estimate: SketchQuery.Estimate,
        _ records: inout RecordWindow
    ) throws(SketchError) {
        var (position, missing) = (Int(head.first), Int(head.repeats) + 1)
        var last: SketchGroup?
        // What was repeated after the segment was opened is not among its crops yet.
        while missing > 0, position < records.count {
            let record = try records.record(position)
            position += 1
            guard Int(record.vector) == vector else { continue }
            missing -= 1
            guard let group = filter.group(look: record.look, at: record.at, camera: record.camera), group != last
            else { continue }
            last = group
            candidates.insert(
                SketchCandidate(
                    group: group,
                    least: estimate.least,
                    most: estimate.most,
                    look: record.look,
                    crop: record.crop,
                    camera: record.camera,
                    at: record.at
                )
            )
        }
    }
}

/// The crops of a segment, read some at a time as they are asked for.
struct RecordWindow {
    private static let size = 64
    private let file: SegmentFile
    private let layout: SegmentLayout
    private var start = 0
    private var records: [SketchRecord] = []
    let count: Int

    init(_ file: SegmentFile, _ segment: Segment) {
        self.file = file
        layout = segment.layout
        count = segment.counts.records
    }

    mutating func record(_ position: Int) throws(SketchError) -> SketchRecord {
        if position < start || position >= start + records.count {
            start = position / Self.size * Self.size
            records = try file.values(
                SketchRecord.zero,
                min(Self.size, count - start),
                at: layout.recordsAt + start * SegmentLayout.recordBytes
            )
        }
        return records[position - start]
    }
}
