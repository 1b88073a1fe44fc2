import Foundation

/// What a model made of the texts of a vocabulary, in a file beside the journal: encoding them takes a minute on a small
/// machine, and need not be done again with each start. Without the file, or with one that is damaged or another model's,
/// that is all that happens.
struct VocabularyCache: Codable, Equatable {
    /// The id of checkpoint, precision and preprocessing.
    var model: String
    /// Of each text the components as 32-bit floating point, least significant byte first.
    private(set) var embeddings: [String: Data] = [:]

    /// One that knows nothing yet.
    init(model: String) {
        self.model = model
    }

    /// Reads a file, as far as it is of this model.
    init(path: String, model: String) {
        self.init(model: model)
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
            let kept = try? PropertyListDecoder().decode(VocabularyCache.self, from: data), kept.model == model
        else { return }
        embeddings = kept.embeddings
    }

    /// Beside the journal at `path`.
    static func path(besideJournal path: String) -> String { path + ".vocabulary" }

    /// A text's embedding; setting it keeps it. Nil where it is not known, or cannot be one.
    subscript(text: String) -> [Float]? {
        get {
            guard let data = embeddings[text], !data.isEmpty, data.count.isMultiple(of: 4) else { return nil }
            let vector = data.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: 4).map { offset in
                    let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
            return vector.allSatisfy(\.isFinite) ? vector : nil
        }
        set {
            embeddings[text] = newValue.map { vector in
                var data = Data(capacity: 4 * vector.count)
                for value in vector {
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
                }
                return data
            }
        }
    }

    /// Forgets all texts but these.
    mutating func keep(_ texts: [String]) {
        let texts = Set(texts)
        embeddings = embeddings.filter { texts.contains($0.key) }
    }

    /// Writes the file, whole or not at all.
    func write(to path: String) throws {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
