import ArgumentParser
import Configuration
import Foundation
import Journal
import MobileCLIP
import Pipeline
import Showing

/// `scenewatch backtest`: when would a prompt, or a whole configuration, have fired on what the journal holds?
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Say when a prompt, or the configuration's triggers, would have fired on what the journal holds.",
        discussion: """
            The journal's embeddings go through the same rules as when they were taken; no picture is needed. Without a \
            prompt, the configuration's triggers are judged, and those that were added while the daemon ran: the journal \
            keeps them. One whose name or cameras do not go with the configuration is left out, with a warning. Times are \
            those of where you are, like 2026-11-23T08:14:00 or 2026-11-23, of a zone that they name, as in \
            2026-11-23T08:14:00Z, or how long ago: 90m, 7d. \
            What was before --since is gone through too, as far as cooldowns reach, but at least ten minutes, and not told.
            """
    )

    @Argument(help: "A scene, in one phrasing or several.")
    var prompt: [String] = []

    @Option(help: "What the prompt competes with; may be given again.")
    var against: [String] = []

    @Option(help: "A picture of the scene (JPEG or PNG), beside a prompt or in its place; may be given again.")
    var image: [String] = []

    @Option(help: "A picture of the same view without the scene; may be given again.")
    var againstImage: [String] = []

    @Option(help: "What starts an event.")
    var when: String?

    @Option(help: "What ends it.")
    var clear: String?

    @Option(help: "How long `when` must be true.")
    var hold: String?

    @Option(help: "How long `clear` must be true.")
    var release: String?

    @Option(help: "For how long after an event's start no other starts.")
    var cooldown: String?

    @Option(help: "A trigger of the configuration, or one that was added; may be given again.")
    var trigger: [String] = []

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Option(help: "From when on.")
    var since: String?

    @Option(help: "Until when.")
    var until: String?

    @Option(help: "A moment at which the scene was there, on any camera or as CAMERA@TIME; may be given again.")
    var yes: [String] = []

    @Option(help: "A moment at which it was not; likewise.")
    var no: [String] = []

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Option(help: "Write a page with the events and the scores as a drawing to this file, too.")
    var html: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// Whether a prompt or pictures are given.
    var isAdHoc: Bool { !prompt.isEmpty || !image.isEmpty }

    func validate() throws {
        if isAdHoc, !trigger.isEmpty { throw ValidationError("give a prompt or --trigger, not both") }
        let ofPrompt = !against.isEmpty || [when, clear, hold, release, cooldown].contains { $0 != nil }
        if !isAdHoc, ofPrompt {
            throw ValidationError("--against, --when, --clear, --hold, --release and --cooldown go with a prompt")
        }
        try checkPictures(prompt: prompt, against: against, image, against: againstImage)
        if yes.isEmpty != no.isEmpty { throw ValidationError("--yes and --no go together: moments of both kinds") }
        let times = try times()
        guard times.since < times.until else { throw ValidationError("--since must be before --until") }
    }

    func run() throws {
        var settings = try loadSettings(config)
        if !isAdHoc { settings = withAdditions(settings) }
        let triggers = try judged(settings)
        let times = try times()
        try check(times.moments, settings)
        let model = try openModel(settings.model.use)
        // What combinations go by comes along, and is not reported.
        let played = triggers + settings.triggers.members(of: triggers)
        let prompts = try reported { () throws(ModelError) in try PreparedPrompts(played, model) }
        for complaint in prompts.complaints { say("warning: \(complaint)") }

        let started = ContinuousClock.now
        let judgement = try judge(played, prompts, settings, times, model.identity.description)
        let others = judgement.others
        if others > 0 {
            say("\(others) looks are of another model or precision, and cannot be compared: they are left out")
        }
        for moment in judgement.unmatched {
            let place = moment.camera.map { "of camera “\($0)” " } ?? ""
            let name = moment.isThere ? "--yes" : "--no"
            say("no look \(place)is within 5 s of \(LocalTime.text(moment.at)): this \(name) says nothing")
        }
        let report = BacktestReport(judgement, triggers, took: ContinuousClock.now - started)
        if let html { try write(page: BacktestPage(report).text, to: html) }
        try emit(json ? scenewatch.json(report) : report.text)
    }

    /// With the triggers that were added while the daemon ran. A journal that cannot be read is told when it is judged.
    private func withAdditions(_ settings: Settings) -> Settings {
        guard let reader = try? JournalReader(path: journal ?? settings.journal.path) else { return settings }
        defer { reader.close() }
        let merged = MergedSettings(file: settings, additions: (try? reader.additions()) ?? [])
        for warning in merged.warnings { say("warning: \(warning)") }
        return merged.settings
    }

    /// Goes through the journal.
    private func judge(
        _ triggers: [TriggerSettings],
        _ prompts: PreparedPrompts,
        _ settings: Settings,
        _ times: Times,
        _ model: String
    ) throws -> PastJudgement {
        var progress = ProgressBar()
        defer { progress.clear() }
        do throws(JournalError) {
            let reader = try JournalReader(path: journal ?? settings.journal.path)
            defer { reader.close() }
            let question = PastJudgement.Question(
                triggers: triggers,
                matchers: prompts.matchers,
                cameras: settings.cameras,
                since: times.since,
                moments: times.moments
            )
            return try PastJudgement.of(reader, question, until: times.until, model: model) { share, isSecond in
                progress.show(isSecond ? "trying the suggestions" : "going through the past", share: share)
            }
        } catch {
            progress.clear()
            say("\(error)")
            throw ExitCode.failure
        }
    }
}
