import ArgumentParser
import Configuration
import EventSocket
import Foundation
import Journal
import Matching
import MobileCLIP
import Pipeline

/// `scenewatch try`: what would a prompt score on what the cameras show now?
///
/// It goes by the embeddings that the daemon writes into the journal, so that its scores are those that a trigger would
/// have, to the last bit, and the daemon need not know of it.
struct TryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Score a prompt on what the cameras show now, look by look, until it is interrupted.",
        discussion: """
            The daemon must run, and its journal be readable. At the end it says how many looks would have counted, and how \
            near the others were; so it does when it is interrupted. Nothing is told or kept: `prompts add` makes a trigger of a \
            prompt, `backtest` judges it on the past.
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

    @Option(help: "What would start an event.")
    var when: String?

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Option(name: .customLong("for"), help: "For how long, such as 30s.")
    var length: String?

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Flag(help: "Print a JSON object for each look.")
    var json = false

    func validate() throws {
        if prompt.isEmpty, image.isEmpty { throw ValidationError("give a prompt, or --image") }
        try checkPictures(prompt: prompt, against: against, image, against: againstImage)
        do throws(InvalidValue) {
            try checkMeasure(of: try condition(), prompt: prompt, image)
            _ = try duration()
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        try await interruptibleOnThread { try score(until: $0) }
    }

    private func score(until cancellation: Cancellation) throws {
        let settings = try loadSettings(config)
        let known = settings.cameras.map(\.name)
        for name in camera where !known.contains(name) {
            say("there is no camera “\(name)” in \(config); there are \(known.joined(separator: ", "))")
            throw ExitCode(EX_USAGE)
        }
        let trigger = try trigger(on: known.filter { camera.isEmpty || camera.contains($0) })
        let model = try openModel(settings.model.use)
        let prompts = try reported { () throws(ModelError) in try PreparedPrompts([trigger], model) }
        for complaint in prompts.complaints { say("warning: \(complaint)") }
        guard let matcher = prompts.matchers.first ?? nil else { return }
        var trial = Trial(trigger.conditions, matcher, modelID: model.identity.description)
        do {
            let reader = try JournalReader(path: journal ?? settings.journal.path)
            defer { reader.close() }
            try follow(NewestLooks(reader, cameras: Set(trigger.cameras)), with: &trial, until: cancellation)
        } catch let error as JournalError {
            say("\(error)")
            throw ExitCode.failure
        }
        if trial.others > 0 { say("\(trial.others) looks are of another model, and cannot be compared") }
        if let words = trial.summary { say(words) }
    }

    private func trigger(on cameras: [String]) throws -> TriggerSettings {
        do throws(InvalidValue) {
            return TriggerSettings(
                name: prompt.first ?? image[0],
                prompt: prompt,
                against: against,
                image: try pictures(image),
                againstImage: try pictures(againstImage),
                cameras: cameras,
                when: try condition()
            )
        } catch {
            say(error.message)
            throw ExitCode(EX_USAGE)
        }
    }

    /// Scores looks as they come, until the time is over or somebody has had enough.
    private func follow(_ looks: NewestLooks, with trial: inout Trial, until cancellation: Cancellation) throws {
        let length = (try? duration()) ?? nil
        let end = length.map { ContinuousClock.now + $0 }
        var newest = looks
        var quietSince: ContinuousClock.Instant? = ContinuousClock.now
        while !cancellation.isCancelled, end.map({ ContinuousClock.now < $0 }) ?? true {
            let looks = try newest.next()
            for result in looks.compactMap({ trial.take($0) }) {
                try emit(json ? scenewatch.json(result, pretty: false) : result.text)
            }
            if !looks.isEmpty {
                quietSince = ContinuousClock.now
            } else if let since = quietSince, ContinuousClock.now - since > .seconds(10) {
                say("no camera has been looked at for 10 s: does the daemon run?")
                quietSince = nil
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    private func condition() throws(InvalidValue) -> Condition {
        guard let when else { return .standard }
        return try Condition(parsing: when)
    }

    private func duration() throws(InvalidValue) -> Duration? {
        guard let length else { return nil }
        return try Duration(parsing: length)
    }
}
