/// What lies where in a segment's file. Each column has room for a full segment from the start; what is not written yet is
/// a hole that takes no space.
struct SegmentLayout: Sendable, Equatable {
    /// How many keyframes a segment has at most: one for 64 crops.
    static let keyframes = 1024
    /// How many embeddings are read and compared at a time.
    static let block = 1024
    static let recordBytes = MemoryLayout<SketchRecord>.stride
    static let headBytes = MemoryLayout<SketchHead>.stride
    private static let page = 4096

    /// Components of an embedding.
    let width: Int
    /// The same, up to a whole number of what the kernel takes at a time.
    let paddedWidth: Int
    let recordsAt = page
    let headsAt: Int
    let camerasAt: Int
    let keyframesAt: Int
    let coarseAt: Int
    let fineAt: Int

    /// Nil for a width that cannot be sketched.
    init?(width: Int) {
        guard (1...Sketch.widest).contains(width), Self.recordBytes == 48, Self.headBytes == 20 else { return nil }
        self.width = width
        paddedWidth = (width + 127) / 128 * 128
        headsAt = recordsAt + Sketch.capacity * Self.recordBytes
        camerasAt = headsAt + Sketch.capacity * Self.headBytes
        keyframesAt = camerasAt + Self.page
        let keyframeBytes = (Self.keyframes * width * 2 + Self.page - 1) / Self.page * Self.page
        coarseAt = keyframesAt + keyframeBytes
        fineAt = coarseAt + Sketch.capacity * paddedWidth / 2
    }

    /// Bytes of the coarse, or the fine, codes of one embedding.
    var codeBytes: Int { paddedWidth / 2 }
}
