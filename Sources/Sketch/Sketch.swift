import Foundation

/// The module `Sketch` keeps a journal's embeddings once more, small and in a row, so that millions of them can be compared
/// with a query in the time that SQLite takes to find some thousands.
///
/// A sketch is a folder of segments, each of at most 65,536 crops in the order in which they were journalled. An embedding
/// is kept as its difference from a *keyframe*, a vector in the middle of what its camera has just shown, in eight bits a
/// component. Their upper halves lie apart from the lower ones: the coarse half is read for every crop, the fine one where
/// the coarse one does not decide. With each goes the length of what it leaves out. By Cauchy and Schwarz that, times the
/// length of the query, is the most by which a product can be off: so what is ruled out is ruled out for certain, and what
/// is left is scored from the journal itself. A still camera's crops, whose embeddings are the same to the bit, share one.
///
/// A sketch is a cache. The journal decides what there is; what a sketch lacks is read from the journal, and one that does
/// not match is thrown away. It knows nothing of SQLite, models or names.
package enum Sketch {
    /// How many crops a segment has at most.
    package static let capacity = 65_536
    /// The longest embedding that can be sketched.
    package static let widest = 4096
}

/// Why a sketch cannot be used.
package enum SketchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It is not what it should be.
    case damaged(String)
    /// The disk refuses.
    case refused(String)

    package var description: String {
        switch self {
        case .damaged(let detail): "the sketch is damaged: \(detail)"
        case .refused(let detail): "the sketch cannot be used: \(detail)"
        }
    }

    /// What `errno` says of a call.
    static func refused(_ path: String, errno number: Int32) -> SketchError {
        .refused("\(path): \(String(cString: strerror(number)))")
    }
}
