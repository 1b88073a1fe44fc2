import Kernels

/// One crop to be sketched.
package struct SketchCrop: Sendable {
    package var record: SketchRecord
    /// The bits of its float16 components.
    package var halves: [UInt16]

    package init(record: SketchRecord, halves: [UInt16]) {
        self.record = record
        self.halves = halves
    }

    /// Whether every component is a number. What is not cannot be compared.
    package var isFinite: Bool { halves.allSatisfy { $0 & 0x7c00 != 0x7c00 } }
}

/// Fills one segment. What is added is gathered, and is there for readers after `commit`.
struct SegmentWriter {
    /// One crop of one camera.
    private struct Stream: Hashable {
        let camera: Int32
        let crop: UInt16
    }

    private struct Seen {
        var keyframes = Keyframes()
        var halves: [UInt16] = []
        var vector = 0
    }

    private(set) var header: SegmentHeader
    let layout: SegmentLayout
    private let file: SegmentFile
    private let kernels: kernels
    private var quantization: Quantization
    private var streams: [Stream: Seen] = [:]
    private var heads: [SketchHead] = []
    private var floats: [Float]

    // Gathered since the last commit.
    private var counts = SegmentHeader.Counts()
    private var records: [SketchRecord] = []
    private var coarse: [UInt8] = []
    private var fine: [UInt8] = []
    private var cameras: [Int32] = []
    private var keyframes: [UInt16] = []
    private var repeated: Set<Int> = []

    /// Starts a segment in a new file.
    init(path: String, header: SegmentHeader) throws(SketchError) {
        guard let layout = SegmentLayout(width: header.width) else {
            throw .refused("embeddings of \(header.width) components are too long")
        }
        self.header = header
        self.layout = layout
        kernels = kernels_best().pointee
        quantization = Quantization(layout)
        floats = [Float](repeating: 0, count: layout.width)
        file = try SegmentFile(making: path)
        try file.write(header.page, at: 0)
    }

    /// The number of its last look, committed or not.
    private(set) var lastLook: Int64?

    /// Whether the crops of one more look fit in.
    func hasRoom(for crops: Int) -> Bool {
        counts.records + crops <= Sketch.capacity && counts.keyframes + crops <= SegmentLayout.keyframes
    }

    /// Adds the crops of a look. They must be of the segment's width and model, and there must be room.
    mutating func add(_ crops: [SketchCrop]) {
        for crop in crops { add(crop) }
        if !crops.isEmpty { header.looks += 1 }
    }

    private mutating func add(_ crop: SketchCrop) {
        let stream = Stream(camera: crop.record.camera, crop: crop.record.crop)
        var seen = streams.removeValue(forKey: stream) ?? Seen()
        if seen.halves == crop.halves {
            heads[seen.vector].repeats += 1
            repeated.insert(seen.vector)
        } else {
            seen.vector = addVector(crop, &seen.keyframes)
            seen.halves = crop.halves
        }
        streams[stream] = seen
        var record = crop.record
        record.vector = UInt16(seen.vector)
        records.append(record)
        counts.records += 1
        let times = header.times ?? record.at...record.at
        header.times = min(times.lowerBound, record.at)...max(times.upperBound, record.at)
        lastLook = record.look
    }

    private mutating func addVector(_ crop: SketchCrop, _ streamKeyframes: inout Keyframes) -> Int {
        kernels.widen_halves(Int32(layout.width), crop.halves, &floats)
        let budget = counts.keyframes * 64 <= counts.vectors + 64 * (streams.count + 1)
        let number: Int
        switch streamKeyframes.choose(floats, mayBeNew: budget && counts.keyframes < SegmentLayout.keyframes) {
        case .known(let known): number = known
        case .new:
            number = counts.keyframes
            counts.keyframes += 1
            let halves = streamKeyframes.mean.map { Float16($0).bitPattern }
            var values = floats
            kernels.widen_halves(Int32(layout.width), halves, &values)
            streamKeyframes.add(Keyframes.Keyframe(number: number, values: values))
            keyframes += halves
            cameras.append(crop.record.camera)
        }
        guard let keyframe = streamKeyframes.all.first(where: { $0.number == number }) else { return 0 }
        quantization.encode(floats, from: keyframe.values)
        coarse += quantization.coarse
        fine += quantization.fine
        heads.append(
            SketchHead(
                scale: quantization.scale,
                coarseError: quantization.coarseError,
                fineError: quantization.fineError,
                keyframe: UInt16(number),
                first: UInt16(counts.records)
            )
        )
        counts.vectors += 1
        return counts.vectors - 1
    }

    /// Writes what was gathered, and then that it is there.
    mutating func commit() throws(SketchError) {
        guard counts != header.counts else { return }
        let old = header.counts
        try file.write(keyframes, at: layout.keyframesAt + old.keyframes * layout.width * 2)
        try file.write(cameras, at: layout.camerasAt + old.keyframes * 4)
        try file.write(coarse, at: layout.coarseAt + old.vectors * layout.codeBytes)
        try file.write(fine, at: layout.fineAt + old.vectors * layout.codeBytes)
        try file.write(Array(heads[old.vectors...]), at: layout.headsAt + old.vectors * SegmentLayout.headBytes)
        try file.write(records, at: layout.recordsAt + old.records * SegmentLayout.recordBytes)
        for vector in repeated where vector < old.vectors {
            try file.write([heads[vector]], at: layout.headsAt + vector * SegmentLayout.headBytes)
        }
        header.counts = counts
        try writeGrowing()
        records.removeAll(keepingCapacity: true)
        coarse.removeAll(keepingCapacity: true)
        fine.removeAll(keepingCapacity: true)
        cameras.removeAll(keepingCapacity: true)
        keyframes.removeAll(keepingCapacity: true)
        repeated.removeAll(keepingCapacity: true)
    }

    /// The segment is complete: brings it to the disk and says so. Blocking for as long as the disk takes.
    mutating func seal() throws(SketchError) {
        try commit()
        try file.synchronize()
        header.isSealed = true
        try writeGrowing()
        try file.synchronize()
    }

    /// The counts come last, in a write of their own.
    private func writeGrowing() throws(SketchError) {
        let growing = header.growing
        let counts = SegmentHeader.countsAt - SegmentHeader.growingAt
        try file.write(Array(growing[..<counts]), at: SegmentHeader.growingAt)
        try file.write(Array(growing[counts...]), at: SegmentHeader.countsAt)
    }
}
