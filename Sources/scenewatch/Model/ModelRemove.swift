import ArgumentParser
import Foundation
import MobileCLIP
import ModelHub

extension ModelCommand {
    /// `scenewatch model remove`: the other way of `install`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an installed model, and what came of one.")

        @Argument(help: "The model's name, as `scenewatch model list` has it.")
        var name: String

        @Option(help: "The folder that it is in. Default: where this user installs models.")
        var folder: String?

        func validate() throws {
            guard isModelName(name) else {
                throw ValidationError("\(name) is no name of a model; a file elsewhere is yours to remove")
            }
        }

        func run() throws {
            let folder = folder ?? ModelFiles.folderForInstalling
            let names = [name] + (PublishedModel.named(name).map { [$0.name] } ?? [])
            let file = names.lazy.compactMap { ModelFiles.path(of: $0, in: folder) }.first
            var hasRemoved = false
            for name in Set(names) where PartFile.removeLeftOver(folder: folder, name: name) {
                say("removed what had come of \(name)")
                hasRemoved = true
            }
            guard let file else {
                if hasRemoved { return }
                let elsewhere = ModelFiles.installed().first { names.contains($0.name) }?.path
                let hint = elsewhere.map { "; \($0) was not installed by this user" } ?? ""
                say("there is no \(name) in \(folder)\(hint)")
                throw ExitCode.failure
            }
            guard unlink(file) == 0 else {
                say("\(file) cannot be removed: \(String(cString: strerror(errno)))")
                throw ExitCode.failure
            }
            say("removed \(file)")
        }
    }
}

/// Whether a model can be called so in a configuration.
func isModelName(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) != nil
}
