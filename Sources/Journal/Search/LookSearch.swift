import Foundation

/// A question to the journal: when did a camera show something like this?
public struct LookSearch: Sendable {
    /// What is looked for, as a text or image tower gives it; a unit vector, so that similarities are cosines.
    public var embedding: [Float]
    /// What it was made with. Looks of other models are not compared.
    public var modelID: String
    /// From when on.
    public var since = Date.distantPast
    /// Before when.
    public var until = Date.distantFuture
    /// The names of cameras; nil for all.
    public var cameras: [String]?
    /// How many moments are wanted at most.
    public var limit = 20
    /// Looks of one camera are taken together by stretches of this length, and stretches that follow each other and are
    /// nearly as good make one moment; at zero every look is a moment of its own.
    public var stretch = Duration.seconds(30)
    /// A look whose own moment is not wanted.
    public var besides: Int64?

    /// A search of the whole journal for the 20 best moments.
    public init(embedding: [Float], modelID: String) {
        self.embedding = embedding
        self.modelID = modelID
    }
}

/// A stretch of time in which a camera showed what was looked for.
public struct FoundMoment: Sendable, Hashable {
    /// The camera's name.
    public var camera: String
    /// When the best of its looks was captured.
    public var at: Date
    /// When the best look of its first stretch was.
    public var from: Date
    /// When that of its last was.
    public var until: Date
    /// The number of the best look.
    public var look: Int64
    /// The crop of it that is best.
    public var crop: Int
    /// The product of that crop's embedding with the one that was looked for.
    public var similarity: Double
}

/// What a search found.
public struct SearchResult: Sendable {
    /// The best first.
    public var moments: [FoundMoment] = []
    /// The ids of other models that looks were made with; such looks were left out.
    public var otherModels: [String] = []
    /// How many looks there was no sketch of, so that they were read from the database, which takes longer.
    public var unsketched = 0
    /// Why the journal's sketch could not be used, in words; nil where it could.
    public var damage: String?
}
