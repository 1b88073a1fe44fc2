import Foundation
import Imaging
import MobileCLIP

/// What is read, and by whom.
enum Format: String, CaseIterable {
    case torch
    /// PyTorch's files from before version 1.6.
    case legacy
    case safetensors
    /// An index and two shards.
    case shards
    case jpeg
    case png

    /// Reads the bytes, from a file at `path` where their reader takes nothing else.
    ///
    /// - Returns: whether they were taken for a model's file or a picture; false when they were refused.
    /// - Throws: `Oddity` when what came out is not what was promised.
    func read(_ bytes: [UInt8], path: String) throws -> Bool {
        switch self {
        case .torch, .legacy, .safetensors:
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try Self.readCheckpoint(path)
        case .shards: return try Self.readCheckpoint(Self.writeShards(bytes, path))
        case .jpeg, .png: return try Self.readPicture(bytes)
        }
    }

    /// The bytes are the index and the shards, each behind its length, in a folder in place of a file.
    private static func writeShards(_ bytes: [UInt8], _ path: String) throws -> String {
        let folder = path + ".shards"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var rest = bytes[...]
        for name in ["model.safetensors.index.json", "1.safetensors", "2.safetensors"] {
            let size = min(rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }, max(0, rest.count - 4))
            try Data(rest.dropFirst(4).prefix(size)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            rest = rest.dropFirst(4 + size)
        }
        return folder
    }

    private static func readCheckpoint(_ path: String) throws -> Bool {
        let checkpoint: Checkpoint
        do throws(ModelError) {
            checkpoint = try Checkpoint(path: path)
        } catch {
            try expectWords(error.problem)
            return false
        }
        for (name, tensor) in checkpoint.tensors where tensor.floats().count != tensor.count {
            throw Oddity("tensor \(name) of shape \(tensor.shape) has \(tensor.floats().count) numbers")
        }
        do throws(ModelError) {
            _ = try Model(checkpoint)
        } catch {
            try expectWords(error.problem)
        }
        return true
    }

    private static func readPicture(_ bytes: [UInt8]) throws -> Bool {
        // As camera frames are read: smaller where a smaller one will do.
        if bytes.first == 0xFF {
            var small = Picture()
            _ = try? JPEGDecoder().decode(bytes, into: &small, shorterSideAtLeast: 16)
        }
        let picture: Picture
        do throws(ImagingError) {
            picture = try PictureFile.decode(bytes)
        } catch {
            try expectWords("\(error)")
            return false
        }
        guard picture.width > 0, picture.pixels.count == picture.width * picture.height * 3 else {
            throw Oddity("\(picture.pixels.count) bytes are a picture of \(picture.width)×\(picture.height)")
        }
        for view in View.allCases {
            var crops: [[UInt8]] = []
            do throws(ImagingError) {
                try Preprocessor(side: 32).crops(of: picture, view: view, into: &crops)
            } catch {
                try expectWords("\(error)")
                continue
            }
            guard !crops.isEmpty, crops.allSatisfy({ $0.count == 32 * 32 * 3 }) else {
                throw Oddity("crops of \(crops.map(\.count)) bytes")
            }
        }
        return true
    }

    /// Errors are for people: some words, not the whole file, and nothing that a terminal acts on.
    private static func expectWords(_ problem: String) throws {
        let controls = problem.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !problem.isEmpty, problem.utf8.count < 4000, !controls else {
            throw Oddity("the problem is said in \(problem.utf8.count) bytes: \(problem.prefix(200).debugDescription)")
        }
    }
}

/// What should not have come out.
struct Oddity: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
