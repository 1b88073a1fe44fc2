import ArgumentParser
import Evaluation
import Foundation
import Matching
import MobileCLIP

/// `scenewatch eval`: how well a model tells one's own pictures.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Say how well a model tells the pictures of a folder.",
        discussion: """
            Without more, each folder in DIR is a class, called as the folder, and each picture is to be told by the names \
            of all classes: how often the right one comes first, and among the first five. --labels gives other names: \
            lines KEY<tab>NAME, where a key is a folder or a picture, or a name for each folder in order. With --captions, \
            lines PICTURE<tab>CAPTION or JSON, it says how often the right picture is among the first one, five and ten \
            for a caption, and the right caption for a picture. With --neighbours each picture is told by the nearest \
            other one, without texts. Pictures that cannot be read are named, counted and left out.
            """
    )

    @Argument(help: "The folder of the pictures.")
    var dir: String

    @Option(help: "A checkpoint file, or the name of an installed model.")
    var model: String

    @Option(help: "A file with the classes' names.")
    var labels: String?

    @Option(help: "How a class is said, {} for its name; several are averaged. Default: “a photo of {}”.")
    var template: [String] = []

    @Option(help: "A file with pictures and what is said of them.")
    var captions: String?

    @Flag(help: "Tell pictures by each other.")
    var neighbours = false

    @Option(help: "How many threads encode pictures. Default: one for each processor.")
    var threads: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if captions != nil, labels != nil || !template.isEmpty || neighbours {
            throw ValidationError("--captions goes with neither --labels, --template nor --neighbours")
        }
        if neighbours, !template.isEmpty { throw ValidationError("--neighbours hears no texts: leave out --template") }
        if let wrong = template.first(where: { !$0.contains("{}") }) {
            throw ValidationError("the template “\(wrong)” has no {} for the name")
        }
        guard (1...1024).contains(threads ?? 1) else { throw ValidationError("--threads must be 1 to 1024") }
    }

    func run() async throws {
        try await interruptibleOnThread { cancellation in
            do {
                try emit(captions.map { try retrieval($0, cancellation) } ?? classification(cancellation))
            } catch let problem as EvaluationProblem {
                say("\(problem)")
                throw ExitCode.failure
            }
        }
    }

    private var templates: [String] { template.isEmpty ? ["a photo of {}"] : template }

    // MARK: Classes

    private func classification(_ cancellation: Cancellation) throws -> String {
        let labelled = try LabelledPictures(folder: dir, list: labels)
        let model = try openModel(model)
        let started = ContinuousClock.now
        let classes = try neighbours ? nil : embeddings(ofClasses: labelled.classes, model, cancellation)
        let encoded = try encode(pictures: labelled.pictures.map(\.path), model, cancellation)
        let seen = zip(labelled.pictures, encoded).filter { $0.1 != nil }
        let pictures = UnitVectors(seen.map(\.1), width: seen[0].1?.count ?? 0)
        let found =
            if let classes {
                Classification(pictures: pictures, labels: seen.map(\.0.label), classes: classes)
            } else {
                Classification(
                    neighbours: pictures,
                    labels: seen.map(\.0.label),
                    classCount: labelled.classes.count
                )
            }
        let report = ClassificationReport(
            found,
            classes: labelled.classes,
            templates: neighbours ? nil : templates,
            broken: encoded.count - seen.count,
            model: model,
            took: ContinuousClock.now - started
        )
        return try json ? scenewatch.json(report) : report.text
    }

    private func embeddings(
        ofClasses names: [String],
        _ model: Model,
        _ cancellation: Cancellation
    ) throws -> UnitVectors {
        let phrasings = names.map { name in templates.map { $0.replacing("{}", with: name) } }
        let embeddings = try encode(phrasings.flatMap { $0 }, model, cancellation)
        let prompts = phrasings.enumerated().map { place, phrasings in
            let own = Array(embeddings[(place * phrasings.count)..<((place + 1) * phrasings.count)])
            return Prompt(phrasings: phrasings, embeddings: own).embedding
        }
        return UnitVectors(prompts, width: prompts[0].count)
    }

    // MARK: Captions

    private func retrieval(_ list: String, _ cancellation: Cancellation) throws -> String {
        let captioned = try CaptionedPictures(list: list, folder: dir)
        let model = try openModel(model)
        let started = ContinuousClock.now
        let encoded = try encode(pictures: captioned.pictures, model, cancellation)
        let seen = captioned.filtered(encoded.map { $0 != nil })
        let texts = try encode(seen.captions, model, cancellation).map(Prompt.normalized)
        let width = texts[0].count
        let found = try Retrieval(
            pictures: UnitVectors(encoded, width: width),
            captions: UnitVectors(texts, width: width),
            owners: seen.owners,
            checkCancellation: cancellation.check
        )
        let report = RetrievalReport(
            found,
            of: seen,
            broken: encoded.count - seen.pictures.count,
            model: model,
            took: ContinuousClock.now - started
        )
        return try json ? scenewatch.json(report) : report.text
    }

    // MARK: Both

    private func encode(
        pictures paths: [String],
        _ model: Model,
        _ cancellation: Cancellation
    ) throws -> [[Float]?] {
        let encoding = PictureEncoding(
            tower: try reported { () throws(ModelError) in try model.makeImageTower() },
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
            cancellation: cancellation
        )
        let encoded = try encoding.run(paths)
        guard encoded.contains(where: { $0 != nil }) else {
            say("none of the \(paths.count) pictures can be read")
            throw ExitCode.failure
        }
        return encoded
    }

    /// The embeddings of texts; says first what is not heard of them.
    private func encode(_ texts: [String], _ model: Model, _ cancellation: Cancellation) throws -> [[Float]] {
        let encoder = try reported { () throws(ModelError) in try model.makeTextEncoder() }
        let complaints = encoder.tokenizer.complaints(about: texts)
        for complaint in complaints.prefix(5) { say("warning: \(complaint)") }
        if complaints.count > 5 { say("warning: and \(complaints.count - 5) more") }
        var bar = ProgressBar()
        defer { bar.clear() }
        return try texts.enumerated().map { done, text in
            try cancellation.check()
            bar.show("\(done) of \(texts.count) texts", share: Double(done) / Double(texts.count))
            return encoder.encode(text)
        }
    }
}
