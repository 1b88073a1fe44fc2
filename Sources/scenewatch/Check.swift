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
        let settings: Settings
        do throws(InvalidConfiguration) {
            settings = try Settings.load(path: file)
        } catch {
            sayAsIs(error.description)
            throw ExitCode(EX_CONFIG)
        }
        do throws(ModelError) {
            let tokenizer = Tokenizer()
            for trigger in settings.triggers {
                for phrase in trigger.prompt + trigger.against {
                    guard let complaint = tokenizer.complaint(about: phrase) else { continue }
                    say("warning: trigger \(trigger.name): “\(phrase.prefix(60))”: \(complaint)")
                }
            }
            let model = try Model(Checkpoint(path: ModelFiles.path(of: settings.model.use)))
            emitQuietly(
                "\(file): valid (\(settings.cameras.count) cameras, \(settings.triggers.count) triggers, \(model.variant.name))"
            )
        } catch {
            say("\(file) is valid, but its model cannot be used: \(error)")
            throw ExitCode(EX_CONFIG)
        }
    }

    private func emitQuietly(_ line: String) {
        try? emit(line)
    }
}
