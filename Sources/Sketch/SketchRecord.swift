/// What a sketch knows of one crop besides its embedding, as it lies in the file: 48 bytes, least significant byte first.
package struct SketchRecord: Sendable, Equatable, BitwiseCopyable {
    /// The look's number in the journal.
    package var look: Int64
    /// When it was captured, in milliseconds since 1970 UTC.
    package var at: Int64
    /// The same by the clock that triggers go by, in milliseconds; `at` where that is not known.
    package var elapsed: Int64
    /// The frame's number as its camera counts.
    package var frame: UInt64
    /// The daemon's run; 0 where there is none.
    package var run: Int32
    /// The camera's number in the journal.
    package var camera: Int32
    /// The number of its embedding within the segment.
    package var vector: UInt16 = 0
    /// The crop's number within its look.
    package var crop: UInt16
    /// The mean luma of the picture, 0…255; −1 where it is not known.
    package var brightness: Int16
    /// Bit 0 that it is evidence, bit 1 that it comes after a loss.
    package var flags: UInt8
    private var unused: UInt8 = 0

    package init(
        look: Int64,
        at: Int64,
        elapsed: Int64,
        frame: UInt64,
        run: Int32,
        camera: Int32,
        crop: UInt16,
        brightness: Int16,
        flags: UInt8
    ) {
        self.look = look
        self.at = at
        self.elapsed = elapsed
        self.frame = frame
        self.run = run
        self.camera = camera
        self.crop = crop
        self.brightness = brightness
        self.flags = flags
    }
}

extension SketchRecord {
    /// A place to read one into.
    static let zero = SketchRecord(
        look: 0,
        at: 0,
        elapsed: 0,
        frame: 0,
        run: 0,
        camera: 0,
        crop: 0,
        brightness: 0,
        flags: 0
    )
}

/// What there is of an embedding besides its codes, as it lies in the file: 20 bytes.
package struct SketchHead: Sendable, Equatable, BitwiseCopyable {
    /// What a code's step is worth.
    package var scale: Float
    /// At least the length of what the coarse codes leave out.
    package var coarseError: Float
    /// At least the length of what all codes leave out.
    package var fineError: Float
    /// The number within the segment of the keyframe that it is a difference from.
    var keyframe: UInt16
    /// The number within the segment of the first crop that has it.
    var first: UInt16
    /// How many later crops have it, too.
    var repeats: UInt16 = 0
    var unused: UInt16 = 0

    package init(scale: Float, coarseError: Float, fineError: Float, keyframe: UInt16, first: UInt16) {
        self.scale = scale
        self.coarseError = coarseError
        self.fineError = fineError
        self.keyframe = keyframe
        self.first = first
    }

    /// A place to read one into.
    static let zero = SketchHead(scale: 0, coarseError: 0, fineError: 0, keyframe: 0, first: 0)
}
