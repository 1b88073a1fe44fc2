import ArgumentParser
import Configuration
import Foundation
import MobileCLIP

/// `scenewatch check`: is the configuration right, and is its model there?
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a configuration file, and the model that it names.",
        discussion: "Exit status 78 when the configuration is wrong or its model cannot be used."
    )

    @Argument(help: "The configuration file.")
    var file = "/etc/scenewatch/scenewatch.yaml"

    func run() throws {
        let settings = try loadSettings(file)
        let model: Model
        do throws(ModelError) {
            model = try Model(Checkpoint(path: ModelFiles.path(of: settings.model.use)))
            warn(settings, try model.makeTokenizer())
        } catch {
            warn(settings, Tokenizer())
            say("\(file) is valid, but its model cannot be used: \(error)")
            throw ExitCode(EX_CONFIG)
        }
        let (cameras, triggers) = (settings.cameras.count, settings.triggers.count)
        try emit("\(file): valid (\(cameras) cameras, \(triggers) triggers, \(model.variant.name))")
    }

    /// Says what of the prompts is not heard.
    private func warn(_ settings: Settings, _ tokenizer: Tokenizer) {
        for trigger in settings.triggers {
            let complaints = tokenizer.complaints(about: trigger.prompt + trigger.against)
            for complaint in complaints + trigger.negationWarnings {
                say("warning: trigger \(trigger.name): \(complaint)")
            }
        }
    }
}
