import Configuration
import Foundation

/// Says what crops show, in the words of a vocabulary.
///
/// Of each competition (``Vocabulary``) a description's share is that of a softmax of logit scale × cosine over all that
/// compete, 0…1. A crop shows
///
/// - of a group of one the description with the largest share, where it is ``surelyOne`` or more;
/// - of things each description whose share is ``surelyThere`` or more, and not less than that of any silent one;
/// - what a group has in general where no description of it is seen, but their shares together are that.
///
/// A look shows what any of its crops does: of a group of one the surest, of things the surest few, and what is general only
/// where nothing else of its group is seen. Labels are a function of the embeddings alone.
public struct Describer: Sendable {
    /// The least share with which one of a group is told: more than all others together.
    public static let surelyOne: Float = 0.5
    /// The least share with which a thing is told: there can be three.
    public static let surelyThere: Float = 0.3

    /// A label that a crop shows, and its share.
    public struct Sighting: Sendable, Equatable {
        /// The label's place among all of the vocabulary.
        public var label: Int
        /// 0…1.
        public var share: Float
    }

    struct Label: Sendable {
        var text: String
        var group: Int
    }

    /// Descriptions that compete, as rows of a matrix; the silent ones last.
    private struct Competition: Sendable {
        var matrix: [Float] = []
        /// The labels of the first rows.
        var labels: [Int] = []
        var silent = 0
        var rows: Int { labels.count + silent }
    }

    private struct Group: Sendable {
        var isOne: Bool
        /// The label of what is general.
        var general: Int?
    }

    private var labels: [Label] = []
    private var groups: [Group] = []
    private var competitions: [Competition] = []
    private let width: Int
    private let logitScale: Float
    private let top: Int

    /// How many labels cannot be told, because the model does not know their words, or nothing that would compete with them.
    public let leftOut: Int

    /// - Parameters:
    ///   - top: how many labels of one group a look gets at most.
    ///   - logitScale: what the model multiplies cosines by before a softmax.
    ///   - embedding: what the model makes of a phrasing, all of one length; nil where it does not know its words.
    public init(_ vocabulary: Vocabulary, top: Int, logitScale: Double, embedding: (String) -> [Float]?) {
        self.top = top
        self.logitScale = Float(logitScale)
        var width = 0
        var things = Competition()
        var silentThings: [[Float]] = []
        for group in vocabulary.groups {
            var own = group.isOne ? Competition() : things
            var silent: [[Float]] = []
            groups.append(Group(isOne: group.isOne))
            for description in group.descriptions {
                let phrasings = description.phrasings.compactMap { text in embedding(text).map { (text, $0) } }
                guard !phrasings.isEmpty else { continue }
                let prompt = Prompt(phrasings: phrasings.map(\.0), embeddings: phrasings.map(\.1))
                width = prompt.embedding.count
                if let label = description.label {
                    own.labels.append(labels.count)
                    own.matrix += prompt.embedding
                    if label == group.general { groups[groups.count - 1].general = labels.count }
                    labels.append(Label(text: label, group: groups.count - 1))
                } else {
                    silent.append(prompt.embedding)
                }
            }
            let isSeen = labels.last?.group == groups.count - 1
            if isSeen, let general = group.general, groups[groups.count - 1].general == nil {
                groups[groups.count - 1].general = labels.count
                labels.append(Label(text: general, group: groups.count - 1))
            }
            if group.isOne {
                // One with nothing beside it would always be told.
                guard isSeen, own.labels.count + silent.count > 1 else { continue }
                own.silent = silent.count
                own.matrix += silent.joined()
                competitions.append(own)
            } else {
                things = own
                silentThings += silent
            }
        }
        if !things.labels.isEmpty, !silentThings.isEmpty {
            things.silent = silentThings.count
            things.matrix += silentThings.joined()
            competitions.append(things)
        }
        self.width = width
        leftOut = vocabulary.labelCount - competitions.reduce(0) { $0 + $1.labels.count }
    }

    /// Whether it can say nothing at all.
    public var isEmpty: Bool { competitions.isEmpty }

    /// What one crop shows, in the vocabulary's order.
    ///
    /// - Parameter crop: a unit vector of the length of the texts'.
    public func sightings(in crop: [Float]) -> [Sighting] {
        guard crop.count == width else { return [] }
        return competitions.flatMap { sightings(in: crop, $0) }.sorted { $0.label < $1.label }
    }

    private func sightings(in crop: [Float], _ competition: Competition) -> [Sighting] {
        let shares = shares(of: crop, competition)
        let silent = shares[competition.labels.count...].max() ?? 0
        let told = zip(competition.labels, shares).map { Sighting(label: $0, share: $1) }
        guard let first = told.first, !groups[labels[first.label].group].isOne else {
            // The first of those with the largest share; a softmax hardly ever has two.
            guard let best = told.max(by: { $0.share < $1.share }), best.share >= Self.surelyOne else { return [] }
            return [best]
        }
        var sightings = told.filter { $0.share >= max(Self.surelyThere, silent) }
        var sums: [Int: Float] = [:]
        for one in told { sums[labels[one.label].group, default: 0] += one.share }
        for sighting in sightings { sums[labels[sighting.label].group] = nil }
        for (group, sum) in sums where sum >= max(Self.surelyThere, silent) {
            if let general = groups[group].general { sightings.append(Sighting(label: general, share: sum)) }
        }
        return sightings
    }

    private func shares(of crop: [Float], _ competition: Competition) -> [Float] {
        var shares = [Float](repeating: 0, count: competition.rows)
        competition.matrix.withUnsafeBufferPointer { matrix in
            crop.withUnsafeBufferPointer { crop in
                for row in shares.indices {
                    shares[row] = logitScale * Self.product(crop, matrix, from: row * width)
                }
            }
        }
        let largest = shares.max() ?? 0
        var sum: Float = 0
        for row in shares.indices {
            shares[row] = exp(shares[row] - largest)
            sum += shares[row]
        }
        return shares.map { $0 / sum }
    }

    /// Eight sums side by side, added in a fixed order: the same on every machine.
    private static func product(
        _ vector: UnsafeBufferPointer<Float>,
        _ matrix: UnsafeBufferPointer<Float>,
        from start: Int
    ) -> Float {
        let (one, other) = (UnsafeRawBufferPointer(vector), UnsafeRawBufferPointer(matrix))
        let stride = MemoryLayout<Float>.stride
        var sums = SIMD8<Float>.zero
        var index = 0
        while index + 8 <= vector.count {
            sums +=
                one.loadUnaligned(fromByteOffset: index * stride, as: SIMD8<Float>.self)
                * other.loadUnaligned(fromByteOffset: (start + index) * stride, as: SIMD8<Float>.self)
            index += 8
        }
        var sum: Float = 0
        for lane in 0..<8 { sum += sums[lane] }
        while index < vector.count {
            sum += vector[index] * matrix[start + index]
            index += 1
        }
        return sum
    }

    /// What a look shows, in the vocabulary's order.
    ///
    /// - Parameter crops: what each of its crops shows.
    public func labels(of crops: [[Sighting]]) -> [String] {
        var shares: [Int: Float] = [:]
        for sighting in crops.joined() { shares[sighting.label] = max(sighting.share, shares[sighting.label] ?? 0) }
        let byGroup = Dictionary(grouping: shares.map(Sighting.init)) { labels[$0.label].group }
        let told = byGroup.flatMap { number, sightings -> [Int] in
            let group = groups[number]
            let several = sightings.count > 1 ? sightings.filter { $0.label != group.general } : sightings
            let best = several.sorted { ($1.share, $0.label) < ($0.share, $1.label) }
            return best.prefix(group.isOne ? 1 : top).map(\.label)
        }
        return told.sorted().map { labels[$0].text }
    }
}
