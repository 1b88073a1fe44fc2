import Journal
import Matching

extension LookSearch {
    /// A search for looks like one that the journal has, without its own moment.
    ///
    /// - Parameter embeddings: of the look's crops, or of one of them; their mean direction is looked for.
    package init(like look: Int64, _ embeddings: [[Float]], modelID: String) {
        let prompt = Prompt(phrasings: embeddings.map { _ in "" }, embeddings: embeddings)
        self.init(embedding: prompt.embedding, modelID: modelID)
        besides = look
    }
}
