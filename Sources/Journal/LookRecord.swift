import Foundation

/// One look as the journal keeps it: a frame of a camera with its crops, their embeddings and their scores.
public struct LookRecord: Sendable, Hashable {
    /// The camera's name.
    public var camera: String
    /// The frame's number as its camera counts. It starts again when the camera is opened anew.
    public var sequence: UInt64
    /// The wall-clock time of capture; kept to the millisecond.
    public var at: Date
    /// How the frame was cut: `full` or `center`.
    public var view: String
    /// The id of checkpoint, precision and preprocessing. Embeddings with different ids must not be compared.
    public var modelID: String
    /// When it was captured by a monotonic clock, kept to the millisecond: what triggers go by. It starts anew when the
    /// machine does.
    public var elapsed: Duration?
    /// The mean luma of the picture, 0…255.
    public var brightness: Int?
    /// Whether triggers may go by it: the camera could be believed, and its picture showed something.
    public var isEvidence: Bool
    /// Whether what triggers had begun to see before counts no more, since the camera was away in between.
    public var isAfterLoss: Bool
    /// What it shows, in words; nil where nothing was said of it.
    public var labels: [String]?
    /// The squares that were encoded.
    public var crops: [CropRecord]
    /// What matching said of them.
    public var scores: [ScoreRecord]

    /// Makes a record of one look.
    public init(
        camera: String,
        sequence: UInt64,
        at: Date,
        view: String,
        modelID: String,
        elapsed: Duration? = nil,
        brightness: Int? = nil,
        isEvidence: Bool = true,
        isAfterLoss: Bool = false,
        labels: [String]? = nil,
        crops: [CropRecord],
        scores: [ScoreRecord]
    ) {
        self.camera = camera
        self.sequence = sequence
        self.at = at
        self.view = view
        self.modelID = modelID
        self.elapsed = elapsed
        self.brightness = brightness
        self.isEvidence = isEvidence
        self.isAfterLoss = isAfterLoss
        self.labels = labels
        self.crops = crops
        self.scores = scores
    }
}

extension LookRecord {
    /// What the table has of the two truths: bit 0 that it is evidence, bit 1 that it comes after a loss.
    var flags: Int { (isEvidence ? 1 : 0) | (isAfterLoss ? 2 : 0) }
}

/// How labels stand in the journal: as words between commas, for people's queries.
enum Wording {
    /// Nil where there are none.
    static func text(_ labels: [String]?) -> String? {
        guard let labels, !labels.isEmpty else { return nil }
        return labels.joined(separator: ", ")
    }

    static func labels(_ text: String?) -> [String]? {
        text.map { $0.split(separator: ", ").map(String.init) }
    }
}

/// One square of a frame and its embedding.
public struct CropRecord: Sendable, Hashable {
    /// The crop's number within its look, from 0.
    public var index: Int
    /// The left edge in the frame's pixels.
    public var x: Int
    /// The upper edge in the frame's pixels.
    public var y: Int
    /// Width and height in the frame's pixels.
    public var side: Int
    /// The unit vector, kept as float16.
    public var embedding: [Float]

    /// Makes a record of one crop.
    public init(index: Int, x: Int, y: Int, side: Int, embedding: [Float]) {
        self.index = index
        self.x = x
        self.y = y
        self.side = side
        self.embedding = embedding
    }
}

/// What one trigger's prompt scored on one crop of a look.
public struct ScoreRecord: Sendable, Hashable {
    /// The trigger's name.
    public var trigger: String
    /// The number of the crop within its look.
    public var crop: Int
    /// The cosine of crop and prompt, −1 … 1.
    public var similarity: Double
    /// The softmax over prompt and rivals, 0 … 1.
    public var probability: Double
    /// The cosine less the best rival's, −2 … 2.
    public var margin: Double
    /// The best rival's description.
    public var rival: String?

    /// Makes a record of one score.
    public init(
        trigger: String,
        crop: Int,
        similarity: Double,
        probability: Double,
        margin: Double,
        rival: String? = nil
    ) {
        self.trigger = trigger
        self.crop = crop
        self.similarity = similarity
        self.probability = probability
        self.margin = margin
        self.rival = rival
    }
}
