import ArgumentParser
import Configuration
import Foundation
import Imaging
import Journal
import Matching
import MobileCLIP
import Pipeline

/// `scenewatch search`: when did a camera show something like a text, a picture or a look?
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the moments in the journal that are most like a text, a picture or a look.",
        discussion: """
            Every look since the journal's beginning is compared by what it shows, with the daemon running or not. Looks of \
            one camera that follow each other are one moment. Similarities rank the moments of one search; they say \
            nothing across searches. Times are like 2026-11-23T08:14:00Z, or how long ago: 90m, 7d.
            """
    )

    @Argument(help: "A scene, in one phrasing or several.")
    var text: [String] = []

    @Option(help: "A picture (JPEG or PNG) to be like, instead of a text.")
    var image: String?

    @Option(help: "The number of a look to be like, instead of a text; with /CROP, one crop of it.")
    var like: String?

    @Option(help: "From when on.")
    var since: String?

    @Option(help: "Until when.")
    var until: String?

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Option(help: "How many moments at most.")
    var limit = 20

    @Option(help: "How far apart looks of one moment are at most; 0s prints every look by itself.")
    var fold = "30s"

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print a web page with the pictures that the journal has.")
    var html = false

    func validate() throws {
        guard [!text.isEmpty, image != nil, like != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("say what to look for: a text, --image or --like")
        }
        if !text.isEmpty, text.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            throw ValidationError("the text is empty")
        }
        if json, html { throw ValidationError("give --json or --html, not both") }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000") }
        _ = try times()
        _ = try stretch()
        if let like { _ = try Self.look(parsing: like) }
    }

    func run() throws {
        let settings = try loadSettings(config)
        let reader = try found { () throws(JournalError) in
            try JournalReader(path: journal ?? settings.journal.path)
        }
        defer { reader.close() }
        let known = try found { () throws(JournalError) in try reader.cameraNames() }
        for name in camera where !known.contains(name) {
            say("the journal knows no camera “\(name)”; it knows \(known.joined(separator: ", "))")
            throw ExitCode.failure
        }
        let question = try question(settings, reader)
        let started = ContinuousClock.now
        let result = try found { () throws(JournalError) in try reader.search(question) }
        let took = ContinuousClock.now - started
        try complain(of: result, question)

        let report = SearchReport(result, of: title, model: question.modelID, took: took)
        if html {
            let pictures = try found { () throws(JournalError) in
                try result.moments.map { moment throws(JournalError) in try reader.thumbnail(of: moment) }
            }
            try emit(SearchPage(report, pictures: pictures).text)
        } else {
            try emit(json ? scenewatch.json(report) : report.text)
        }
    }

    // MARK: What is looked for

    private var title: String {
        image.map { "the picture \($0)" } ?? like.map { "look \($0)" } ?? text.joined(separator: " / ")
    }

    private func question(_ settings: Settings, _ reader: JournalReader) throws -> LookSearch {
        var question: LookSearch
        if let like {
            question = try self.question(like: like, reader)
        } else {
            let model = try openModel(settings.model.use)
            let embedding = try image.map { try self.embedding(ofPicture: $0, model) } ?? self.embedding(ofText: model)
            question = LookSearch(embedding: embedding, modelID: model.identity.description)
        }
        let times = try times()
        question.since = times.since
        question.until = times.until
        question.cameras = camera.isEmpty ? nil : camera
        question.limit = limit
        question.stretch = try stretch()
        return question
    }

    private func embedding(ofText model: Model) throws -> [Float] {
        let encoder = try reported { () throws(ModelError) in try model.makeTextEncoder() }
        for complaint in encoder.tokenizer.complaints(about: text) { say("warning: \(complaint)") }
        return Prompt(phrasings: text, embeddings: text.map(encoder.encode)).embedding
    }

    private func embedding(ofPicture path: String, _ model: Model) throws -> [Float] {
        let encoder = ImageEncoder(tower: try reported { () throws(ModelError) in try model.makeImageTower() })
        var crops: [[UInt8]] = []
        do throws(ImagingError) {
            let picture = try PictureFile.read(path: path)
            try Preprocessor(side: encoder.tower.side).crops(of: picture, view: .center, into: &crops)
        } catch {
            say("\(error)")
            throw ExitCode.failure
        }
        var embedding: [Float] = []
        encoder.encode(crops[0], into: &embedding)
        return Prompt.normalized(embedding)
    }

    private func question(like text: String, _ reader: JournalReader) throws -> LookSearch {
        let (look, crop) = try Self.look(parsing: text)
        let known = try found { () throws(JournalError) in try reader.embeddings(ofLook: look) }
        guard let known else {
            say("the journal has no look \(look)")
            throw ExitCode.failure
        }
        if let crop, !known.embeddings.indices.contains(crop) {
            say("look \(look) has \(known.embeddings.count) crops, counted from 0")
            throw ExitCode.failure
        }
        let embeddings = crop.map { [known.embeddings[$0]] } ?? known.embeddings
        return LookSearch(like: look, embeddings, modelID: known.modelID)
    }

    private static func look(parsing text: String) throws -> (look: Int64, crop: Int?) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count <= 2, let look = Int64(parts[0]), parts.count == 1 || Int(parts[1]) ?? -1 >= 0 {
            return (look, parts.count == 2 ? Int(parts[1]) : nil)
        }
        throw ValidationError("“\(text)” is not the number of a look, such as 1234, or of a crop of it, such as 1234/0")
    }

    private func times() throws -> (since: Date, until: Date) {
        (try since.map(moment(parsing:)) ?? .distantPast, try until.map(moment(parsing:)) ?? .distantFuture)
    }

    private func stretch() throws -> Duration {
        do throws(InvalidValue) {
            return try Duration(parsing: fold)
        } catch {
            throw ValidationError("--fold: \(error.message)")
        }
    }

    // MARK: What is said of it

    private func complain(of result: SearchResult, _ question: LookSearch) throws {
        if let damage = result.damage {
            say("\(damage); every look was read from the journal, and the daemon makes a new sketch when it starts")
        } else if result.unsketched > 100_000 {
            say(
                "\(result.unsketched) looks were read from the journal one by one; "
                    + "the daemon sketches them while it runs, and searches then take less than a second"
            )
        }
        if result.moments.isEmpty, result.otherModels.isEmpty, question.besides != nil {
            say("there is nothing but the look's own moment; a --fold below \(fold) makes moments shorter")
        }
        guard !result.otherModels.isEmpty else { return }
        let others = result.otherModels.joined(separator: ", ")
        if result.moments.isEmpty {
            say(
                "the journal's looks are of the model \(others); what is looked for is of \(question.modelID), "
                    + "and the two cannot be compared"
            )
            throw ExitCode.failure
        }
        say("looks of another model or precision (\(others)) cannot be compared: they are left out")
    }
}

/// Says what is wrong with a journal, and fails.
func found<Result>(_ body: () throws(JournalError) -> Result) throws -> Result {
    do throws(JournalError) {
        return try body()
    } catch {
        say("\(error)")
        throw ExitCode.failure
    }
}
