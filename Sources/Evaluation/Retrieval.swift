/// How often the picture of a caption, and a caption of a picture, is among the first.
public struct Retrieval: Sendable, Equatable {
    /// Shares, 0…1, of what was found among the first one, five and ten.
    public struct Recall: Sendable, Equatable {
        /// At 1, 5 and 10.
        public static let depths = [1, 5, 10]
        /// In the order of ``depths``.
        public let shares: [Double]

        /// - Parameter ranks: of each that was looked for, how many came before it.
        package init(ranks: [Int]) {
            shares = Self.depths.map { depth in
                ranks.isEmpty ? 0 : Double(ranks.count { $0 < depth }) / Double(ranks.count)
            }
        }
    }

    /// Of pictures: one of its captions is among the first of all captions.
    public let textOfPicture: Recall
    /// Of captions: its picture is among the first of all pictures.
    public let pictureOfText: Recall

    /// - Parameters:
    ///   - owners: the picture of each caption, a place among `pictures`.
    ///   - checkCancellation: asked once for each picture.
    public init(
        pictures: UnitVectors,
        captions: UnitVectors,
        owners: [Int],
        checkCancellation: () throws -> Void = {}
    ) throws {
        var captionsOf = [[Int]](repeating: [], count: pictures.count)
        for (caption, owner) in owners.enumerated() { captionsOf[owner].append(caption) }
        let own = owners.enumerated().map { pictures.similarity($1, captions, $0) }
        var pictureRanks = [Int](repeating: 0, count: owners.count)
        var textRanks: [Int] = []
        for picture in 0..<pictures.count {
            try checkCancellation()
            let similarities = pictures.similarities(picture, captions)
            for (caption, value) in similarities.enumerated() where owners[caption] != picture {
                let isBefore = value == own[caption] && picture < owners[caption]
                if value > own[caption] || isBefore { pictureRanks[caption] += 1 }
            }
            // The best of its own is before the others of its own: its rank is that of the first found.
            if let rank = captionsOf[picture].map(similarities.rank).min() { textRanks.append(rank) }
        }
        textOfPicture = Recall(ranks: textRanks)
        pictureOfText = Recall(ranks: pictureRanks)
    }
}
