import ArgumentParser
import Configuration
import Foundation
import Journal
import Pipeline
import Showing

/// `scenewatch explain`: why was there an event?
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why there was an event: the looks around it, their scores, and which rule held when.",
        discussion: """
            An event is named by its id, by the beginning or the end of it as far as that is unique, or as `last`: the \
            newest, of any trigger and camera or of those named. Scores and pictures are the journal's; the rule is the \
            configuration's as it is now.
            """
    )

    @Argument(help: "An event's id, a part of it, or `last`.")
    var event = "last"

    @Option(help: "With `last`, the trigger.")
    var trigger: String?

    @Option(help: "With `last`, the camera.")
    var camera: String?

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Option(help: "Write a page with the scores as a drawing and the pictures to this file, too.")
    var html: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if event != "last", trigger != nil || camera != nil {
            throw ValidationError("--trigger and --camera go with `last`")
        }
    }

    func run() throws {
        let settings = try loadSettings(config)
        try show(try report(settings))
    }

    private func report(_ settings: Settings) throws -> ExplanationReport {
        let answer: Result<ExplanationReport, EventChoice.Refusal>
        do throws(JournalError) {
            let reader = try JournalReader(path: journal ?? settings.journal.path)
            defer { reader.close() }
            let merged = MergedSettings(file: settings, additions: try reader.additions()).settings
            let explanation = Explanation(reader, triggers: merged.triggers, cameras: merged.cameras)
            answer = try EventChoice(event, trigger: trigger, camera: camera).find(in: reader, explanation.report)
        } catch {
            say("\(error)")
            throw ExitCode.failure
        }
        do {
            return try answer.get()
        } catch {
            say(error.message)
            throw ExitCode.failure
        }
    }

    private func show(_ report: ExplanationReport) throws {
        if let html { try write(page: ExplanationPage(report).text, to: html) }
        try emit(json ? scenewatch.json(report) : ExplanationText(report).text)
    }
}
