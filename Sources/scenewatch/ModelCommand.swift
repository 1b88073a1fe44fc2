import ArgumentParser
import Foundation
import MobileCLIP

/// `scenewatch model`: the model files. `Model/` has all but `inspect`.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Get models, and look into their files.",
        subcommands: [List.self, Install.self, Verify.self, Inspect.self, Remove.self]
    )

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a checkpoint is: variant, tensors, parameters, folded or not."
        )

        @Argument(help: "A checkpoint file, or the name of an installed model.")
        var file: String

        @Flag(help: "Print JSON.")
        var json = false

        @Flag(help: "Also list every tensor.")
        var tensors = false

        private struct TensorEntry: Encodable {
            let name: String
            let shape: [Int]
            let type: String
        }

        private struct Report: Encodable {
            let path: String
            let format: String
            let variant: String
            let published: Bool
            let folded: Bool
            let side: Int
            let embeddingWidth: Int
            let textWidth: Int
            let textLayers: Int
            /// Tokens with an embedding of their own.
            let tokens: Int
            let tensorCount: Int
            let imageParameters: Int
            let textParameters: Int
            let logitScale: Float
            let id: String
            var tensors: [TensorEntry]?
        }

        func run() throws {
            let model = try openModel(file)
            let checkpoint = model.checkpoint
            let entries = checkpoint.tensors.sorted { $0.key < $1.key }
            var report = Report(
                path: checkpoint.path,
                format: checkpoint.format.rawValue,
                variant: model.variant.name,
                published: model.variant.publishedName != nil,
                folded: model.variant.isFolded,
                side: model.variant.side,
                embeddingWidth: model.embeddingWidth,
                textWidth: model.variant.textWidth,
                textLayers: model.variant.textLayers,
                tokens: model.learnedTokens,
                tensorCount: entries.count,
                imageParameters: model.parameters.image,
                textParameters: model.parameters.text,
                logitScale: model.logitScale,
                id: model.identity.description
            )
            if tensors {
                report.tensors = entries.map {
                    TensorEntry(name: $0.key, shape: $0.value.shape, type: $0.value.type.rawValue)
                }
            }
            try emit(json ? scenewatch.json(report) : text(report))
        }

        private func texts(_ report: Report) -> String {
            guard report.textLayers > 0 else { return "none: an image tower alone" }
            return "\(report.textLayers) layers of \(report.textWidth), "
                + (report.tokens < Tokenizer.vocabularySize
                    ? "\(report.tokens) of \(Tokenizer.vocabularySize) tokens learned" : "all tokens")
        }

        private func text(_ report: Report) -> String {
            let millions = { (count: Int) in String(format: "%.1f M", Double(count) / 1e6) }
            var lines = [
                "file        \(report.path) (\(report.format))",
                "variant     \(report.variant)" + (report.published ? "" : " (no published variant)"),
                "pictures    \(report.side) × \(report.side)",
                "texts       \(texts(report))",
                "embeddings  \(report.embeddingWidth) values",
                "tensors     \(report.tensorCount), "
                    + (report.folded ? "folded" : "with train-time branches, folded on load"),
                "parameters  \(millions(report.imageParameters)) image, \(millions(report.textParameters)) text",
                "logit scale \(String(format: "%.2f", report.logitScale))",
                "id          \(report.id)",
            ]
            if let tensors = report.tensors {
                lines.append("")
                lines.append(table(["TENSOR", "TYPE", "SHAPE"], tensors.map { [$0.name, $0.type, "\($0.shape)"] }))
            }
            return lines.joined(separator: "\n")
        }
    }
}
