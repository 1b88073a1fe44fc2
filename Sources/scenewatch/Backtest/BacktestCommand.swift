import ArgumentParser
import Configuration
import Foundation
import Journal
import MobileCLIP
import Pipeline

/// `scenewatch backtest`: when would a prompt, or a whole configuration, have fired on what the journal holds?
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Say when a prompt, or the configuration's triggers, would have fired on what the journal holds.",
        discussion: """
            The journal's embeddings go through the same rules as when they were taken; no picture is needed, and a week \
            takes seconds. Without a prompt, the configuration's triggers are judged. Times are like 2026-11-23T08:14:00Z, \
            or how long ago: 90m, 7d.
            """
    )

    @Argument(help: "A scene, in one phrasing or several.")
    var prompt: [String] = []

    @Option(help: "What the prompt competes with; may be given again.")
    var against: [String] = []

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

    @Option(help: "A trigger of the configuration; may be given again.")
    var trigger: [String] = []

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Option(help: "From when on.")
    var since: String?

    @Option(help: "Until when.")
    var until: String?

    @Option(help: "A moment at which the scene was there; may be given again.")
    var yes: [String] = []

    @Option(help: "A moment at which it was not; may be given again.")
    var no: [String] = []

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !prompt.isEmpty, !trigger.isEmpty { throw ValidationError("give a prompt or --trigger, not both") }
        let ofPrompt = !against.isEmpty || [when, clear, hold, release, cooldown].contains { $0 != nil }
        if prompt.isEmpty, ofPrompt {
            throw ValidationError("--against, --when, --clear, --hold, --release and --cooldown go with a prompt")
        }
        if yes.isEmpty != no.isEmpty { throw ValidationError("--yes and --no go together: moments of both kinds") }
        _ = try times()
    }

    func run() throws {
        let settings = try loadSettings(config)
        let triggers = try judged(settings)
        let times = try times()
        let model = try openModel(settings.model.use)
        // What combinations go by comes along, and is not reported.
        let members = settings.triggers.withMembers(of: triggers.filter { $0.combination != nil }.map(\.name))
        let played =
            triggers
            + settings.triggers.filter { one in
                members.contains(one.name) && !triggers.contains { $0.name == one.name }
            }
        let prompts = try reported { () throws(ModelError) in try PreparedPrompts(played, model) }
        for complaint in prompts.complaints { say("warning: \(complaint)") }

        let started = ContinuousClock.now
        var others = 0
        var backtest: Backtest
        do throws(JournalError) {
            let reader = try JournalReader(path: journal ?? settings.journal.path)
            defer { reader.close() }
            backtest = Backtest(played, prompts.matchers, cameras: settings.cameras, losses: try reader.losses())
            try reader.eachLook(since: times.since, until: times.until) { look in
                if look.modelID == model.identity.description { backtest.take(look) } else { others += 1 }
            }
        } catch {
            say("\(error)")
            throw ExitCode.failure
        }
        backtest.finish()
        if others > 0 {
            say("\(others) looks are of another model or precision, and cannot be compared: they are left out")
        }
        let report = BacktestReport(
            backtest,
            triggers,
            yes: times.yes,
            no: times.no,
            took: ContinuousClock.now - started
        )
        try emit(json ? scenewatch.json(report) : report.text)
    }

    // MARK: What is judged

    /// The prompt as a trigger, or those of the configuration that are asked for, on the cameras that are.
    private func judged(_ settings: Settings) throws -> [TriggerSettings] {
        let known = settings.cameras.map(\.name)
        for name in camera where !known.contains(name) {
            throw fail("there is no camera “\(name)” in \(config); there are \(known.joined(separator: ", "))")
        }
        for name in trigger where !settings.triggers.contains(where: { $0.name == name }) {
            let names = settings.triggers.map(\.name).joined(separator: ", ")
            throw fail("there is no trigger “\(name)” in \(config); there are \(names)")
        }
        if !prompt.isEmpty { return [try adHoc(cameras: camera.isEmpty ? known : camera)] }
        let triggers = settings.triggers.filter { trigger.isEmpty || trigger.contains($0.name) }
        guard !triggers.isEmpty else { throw fail("\(config) has no triggers; give a prompt") }
        guard !camera.isEmpty else { return triggers }
        return triggers.map { trigger in
            var trigger = trigger
            trigger.cameras = trigger.cameras.filter(camera.contains)
            return trigger
        }
    }

    private func adHoc(cameras: [String]) throws -> TriggerSettings {
        do throws(InvalidValue) {
            let start = try when.map { text throws(InvalidValue) in try Condition(parsing: text) } ?? .standard
            let end = try clear.map { text throws(InvalidValue) in try Condition(parsing: text) }
            if let end, end.measure != start.measure || end.comparison.looksUp == start.comparison.looksUp {
                throw InvalidValue("--clear must be of the measure of --when and look the other way: \(start.inverted)")
            }
            return TriggerSettings(
                name: prompt[0],
                prompt: prompt,
                against: against,
                cameras: cameras,
                when: start,
                clear: end,
                hold: try duration(hold),
                release: try duration(release),
                cooldown: try duration(cooldown)
            )
        } catch {
            throw fail(error.message, EX_USAGE)
        }
    }

    private func duration(_ text: String?) throws(InvalidValue) -> Duration {
        guard let text else { return .zero }
        return try Duration(parsing: text)
    }

    private func times() throws -> (since: Date, until: Date, yes: [Date], no: [Date]) {
        (
            try since.map(moment(parsing:)) ?? .distantPast, try until.map(moment(parsing:)) ?? .distantFuture,
            try yes.map(moment(parsing:)), try no.map(moment(parsing:))
        )
    }

    private func fail(_ message: String, _ status: Int32 = EX_CONFIG) -> ExitCode {
        say(message)
        return ExitCode(status)
    }
}
