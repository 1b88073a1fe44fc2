import Matching

/// What looks show, in words.
extension LookLoop {
    /// Whether a recording that is played fast has waited long enough for the vocabulary.
    var hasVocabulary: Bool { wiring.describing?.isSettled ?? true }

    /// What the present look shows; nil where nothing is said of it. A crop that keeps its embedding keeps its labels.
    func describe(_ station: Station) -> [String]? {
        guard let describer = wiring.describing?.describer else { return nil }
        let earlier = station.sightings
        station.sightings = station.embeddings.indices.map { index in
            let isSame = !station.mustEncode[index] && earlier.indices.contains(index)
            return isSame ? earlier[index] : describer.sightings(in: station.embeddings[index])
        }
        let labels = describer.labels(of: station.sightings)
        return labels.isEmpty ? nil : labels
    }
}
