import Foundation

/// The cases of one format: what was found before, as it was, then honest files that were damaged.
struct Cases {
    let format: Format
    let seed: UInt64
    /// Files of Corpus/FORMAT: each once did harm.
    private let known: [[UInt8]]
    /// What is damaged; of formats that are not made here, files of the tests.
    private let honest: [[UInt8]]

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    init(_ format: Format, seed: UInt64) throws {
        self.format = format
        self.seed = seed
        known = try Self.files(in: "Fuzz/Corpus/\(format)", ending: "")
        switch format {
        case .torch, .safetensors, .shards: honest = []
        case .legacy: honest = try Self.files(in: "TestSupport/Reference/torch", ending: ".pt")
        case .jpeg: honest = try Self.files(in: "ImagingTests/Fixtures/jpeg", ending: ".jpg")
        case .png: honest = try Self.files(in: "ImagingTests/Fixtures/png", ending: ".png")
        }
    }

    private static func files(in folder: String, ending: String) throws -> [[UInt8]] {
        let folder = tests.appendingPathComponent(folder)
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(ending) }.sorted().map {
            try [UInt8](Data(contentsOf: folder.appendingPathComponent($0)))
        }
    }

    func bytes(_ number: Int) -> [UInt8] {
        if number < known.count { return known[number] }
        var choices = Choices(format, seed: seed, number: number)
        switch format {
        case .torch: return choices.torchFile()
        case .legacy: return choices.legacyTorchFile(choices.pick(honest))
        case .safetensors: return choices.safetensorsFile()
        case .shards: return choices.shards()
        case .jpeg: return choices.jpeg(choices.pick(honest))
        case .png: return choices.png(choices.pick(honest))
        }
    }
}
