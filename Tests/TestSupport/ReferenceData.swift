import Foundation

/// The published models' own numbers, kept beside the tests, and the folder of further material that may stand beside
/// the repository.
package enum ReferenceData {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Material that may not be part of the repository: real weights, footage. Tests that need it skip without it.
    package static let shared = repository.deletingLastPathComponent().appendingPathComponent("shared")

    package static let hasRealWeights = FileManager.default.fileExists(
        atPath: shared.appendingPathComponent("reference/mobileclip_s0_partial/partial.safetensors").path
    )

    private static func data(_ path: String) throws -> Data {
        try Data(contentsOf: repository.appendingPathComponent("Tests/TestSupport/Reference/\(path)"))
    }

    /// The path of `NAME_SIDE.png`: a picture after the published preprocessing.
    package static func picture(_ name: String, side: Int = 256) -> String {
        repository.appendingPathComponent("Tests/ImagingTests/Fixtures/published/\(name)_\(side).png").path
    }

    package struct TokenCase: Decodable, Sendable {
        package let text: String
        package let tokens: [Int]
    }

    package static func tokenCases() throws -> [TokenCase] {
        struct File: Decodable { let cases: [TokenCase] }
        return try JSONDecoder().decode(File.self, from: data("tokens.json")).cases
    }

    /// Name, shape and element type of every tensor of a published checkpoint.
    package static func tensors(of variant: String) throws -> [(name: String, shape: [Int], type: String)] {
        struct Entry: Decodable {
            let name: String
            let shape: [Int]
            let type: String
            init(from decoder: any Decoder) throws {
                var fields = try decoder.unkeyedContainer()
                name = try fields.decode(String.self)
                shape = try fields.decode([Int].self)
                type = try fields.decode(String.self)
            }
        }
        return try JSONDecoder().decode([Entry].self, from: data("tensors/\(variant).json")).map {
            ($0.name, $0.shape, $0.type)
        }
    }

    package struct Golden: Decodable, Sendable {
        package struct Stage: Decodable, Sendable {
            package let shape: [Int]
            package let mean: Double
            package let std: Double
            package let first16: [Double]
        }
        package let images: [String]
        package let texts: [String]
        package let imageEmbeddings: [[Double]]
        package let textEmbeddings: [[Double]]
        /// Of the first picture and the first text.
        package let stages: [String: Stage]

        private enum CodingKeys: String, CodingKey {
            case images, texts
            case imageEmbeddings = "image_embeddings"
            case textEmbeddings = "text_embeddings"
            case stages = "stages_image0_text0"
        }
    }

    package static func golden(of variant: String) throws -> Golden {
        try JSONDecoder().decode(Golden.self, from: data("golden/\(variant).seed1.json"))
    }

    /// What PyTorch made of the bundled clip and of texts with the bundled model; not normalised.
    package struct Smallworld: Decodable, Sendable {
        package let frames: [Int]
        package let imageEmbeddings: [[Double]]
        package let texts: [String]
        package let textEmbeddings: [[Double]]

        private enum CodingKeys: String, CodingKey {
            case frames, texts
            case imageEmbeddings = "image_embeddings"
            case textEmbeddings = "text_embeddings"
        }
    }

    package static func smallworld() throws -> Smallworld {
        try JSONDecoder().decode(Smallworld.self, from: data("golden/smallworld.json"))
    }

    /// A file that PyTorch wrote: `legacy.pt`.
    package static func torchFile(_ name: String) -> URL {
        repository.appendingPathComponent("Tests/TestSupport/Reference/torch/\(name)")
    }

    /// A file of Config/.
    package static func configuration(_ name: String) -> String {
        repository.appendingPathComponent("Config").appendingPathComponent(name).path
    }
}

/// The cosine of the angle between two vectors.
package func cosine(_ a: [Float], _ b: [Double]) -> Double {
    let dot = zip(a, b).reduce(0.0) { $0 + Double($1.0) * $1.1 }
    return dot / (norm(a.map(Double.init)) * norm(b))
}

package func norm(_ a: [Double]) -> Double {
    a.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
}
