import ArgumentParser
import Foundation
import Imaging
import MobileCLIP

/// `scenewatch embed`: embeddings of pictures and texts, without a daemon.
struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the embeddings of pictures or texts, one JSON object a line.",
        subcommands: [ImageCommand.self, TextCommand.self]
    )

    /// What both kinds take.
    struct Options: ParsableArguments {
        @Option(help: "A checkpoint file, or the name of an installed model.")
        var model: String

        @Flag(help: "Print embeddings as the model gives them, not at length 1.")
        var raw = false
    }

    struct ImageCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "image",
            abstract:
                "Embed pictures (JPEG or PNG), preprocessed as published: shortest side to the model's, centre crop."
        )

        @OptionGroup var options: Options

        @Argument(help: "Picture files.")
        var inputs: [String]

        func run() throws {
            let model = try openModel(options.model)
            let encoder = ImageEncoder(tower: try reported { () throws(ModelError) in try model.makeImageTower() })
            let preprocessor = Preprocessor(side: encoder.tower.side)
            var crops: [[UInt8]] = []
            var embedding: [Float] = []
            var failed = false
            for input in inputs {
                do throws(ImagingError) {
                    let picture = try PictureFile.read(path: input)
                    try preprocessor.crops(of: picture, view: .center, into: &crops)
                } catch {
                    say("\(error)")
                    failed = true
                    continue
                }
                encoder.encode(crops[0], into: &embedding)
                try Embed.emit(embedding, of: input, model: model, raw: options.raw)
            }
            if failed { throw ExitCode.failure }
        }
    }

    struct TextCommand: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "text", abstract: "Embed texts.")

        @OptionGroup var options: Options

        @Argument(help: "Texts.")
        var inputs: [String]

        func run() throws {
            let model = try openModel(options.model)
            let encoder = try reported { () throws(ModelError) in try model.makeTextEncoder() }
            for complaint in encoder.tokenizer.complaints(about: inputs) { say("warning: \(complaint)") }
            for input in inputs {
                try Embed.emit(encoder.encode(input), of: input, model: model, raw: options.raw)
            }
        }
    }

    fileprivate struct Line: Encodable {
        let input: String
        let model: String
        let embedding: [Float]
    }

    fileprivate static func emit(_ embedding: [Float], of input: String, model: Model, raw: Bool) throws {
        let values = raw ? embedding : unit(embedding)
        try scenewatch.emit(
            json(Line(input: input, model: model.identity.description, embedding: values), pretty: false)
        )
    }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? vector.map { Float(Double($0) / length) } : vector
    }
}

/// Opens a model by name or path; in words, with exit status 1, where it cannot be.
func openModel(_ name: String) throws -> Model {
    try reported { () throws(ModelError) in try Model(Checkpoint(path: ModelFiles.path(of: name))) }
}

/// Says what is wrong with a model, and fails.
func reported<Result>(_ body: () throws(ModelError) -> Result) throws -> Result {
    do throws(ModelError) {
        return try body()
    } catch {
        say("\(error)")
        throw ExitCode.failure
    }
}
