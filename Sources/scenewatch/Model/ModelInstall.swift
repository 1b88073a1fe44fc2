import ArgumentParser
import Configuration
import Foundation
import MobileCLIP
import ModelHub

extension ModelCommand {
    /// `scenewatch model install`: a published model onto this machine.
    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download a published model, check it, and install it.",
            discussion: """
                It comes from the publisher's repository on Hugging Face, or from a mirror with the same paths. What broke \
                off goes on where it was. The file gets its name when its SHA-256 is the announced one and it loads. Its \
                path is printed. Proxies are taken from the environment.
                """
        )

        @Argument(help: "The model's name, as `scenewatch model list` has it; with --from, any.")
        var name: String

        @Flag(name: .shortAndLong, help: "Accept the licence without being asked.")
        var yes = false

        @Option(help: "An address or a file to take it from.")
        var from: String?

        @Option(help: "The hub or a mirror of it. Default: $SCENEWATCH_HUB, else \(ModelHub.standardBase).")
        var base: String?

        @Option(help: "The folder to install into. Default: where `scenewatch model list` looks first for this user.")
        var folder: String?

        @Option(help: "The SHA-256 that the file must have. Default: that which the hub announces.")
        var sha256: String?

        @Flag(help: "Install it also where it is installed already.")
        var replace = false

        func validate() throws {
            guard isModelName(name) else {
                throw ValidationError("a model's name has up to 64 letters, digits, `.`, `_` and `-`")
            }
            if let sha256, sha256.wholeMatch(of: /[0-9A-Fa-f]{64}/) == nil {
                throw ValidationError("--sha256 takes 64 hexadecimal digits")
            }
        }

        func run() async throws {
            let published = PublishedModel.named(name)
            guard published != nil || from != nil else {
                let names = PublishedModel.all.map(\.name).joined(separator: ", ")
                say("no published model is called \(name); there are \(names); --from FILE|URL installs any other")
                throw ExitCode.failure
            }
            let name = published?.name ?? name
            let folder = folder ?? ModelFiles.folderForInstalling
            if !replace, let file = ModelFiles.path(of: name, in: folder) {
                say("\(name) is installed already; --replace installs it again")
                return try emit(file)
            }
            if let published { try accept(PublishedModel.licence, of: published) }
            let installation = ModelInstallation(
                name: name,
                published: published,
                source: source(published),
                digest: sha256,
                folder: folder
            )
            try await interruptibleOnThread { cancellation in
                try emit(installation.run(cancellation))
            }
        }

        private func source(_ published: PublishedModel?) -> ModelInstallation.Source {
            if let from {
                return from.hasPrefix("https://") || from.hasPrefix("http://") ? .address(from) : .file(from)
            }
            let own = ProcessInfo.processInfo.environment["SCENEWATCH_HUB"].flatMap { $0.isEmpty ? nil : $0 }
            return .address(
                ModelHub.address(
                    base: base ?? own ?? ModelHub.standardBase,
                    repository: published?.repository ?? "",
                    file: published?.file ?? ""
                )
            )
        }

        private func accept(_ licence: PublishedModel.Licence, of model: PublishedModel) throws {
            say("\(model.name) is by Apple, under the \(licence.name): \(licence.summary)")
            say("its text: \(licence.address)")
            guard !yes else { return }
            guard isatty(STDIN_FILENO) != 0 else {
                say("nobody is there to accept it; --yes does")
                throw ExitCode.failure
            }
            FileHandle.standardError.write(Data("Do you accept it? [y/N] ".utf8))
            guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else {
                say("nothing was installed")
                throw ExitCode.failure
            }
        }
    }
}

/// One model on its way into its folder. Blocks.
struct ModelInstallation: Sendable {
    enum Source: Sendable {
        case address(String)
        case file(String)
    }

    let name: String
    /// What it is to be, where that is known.
    let published: PublishedModel?
    let source: Source
    /// The SHA-256 that it must have; nil for the announced one.
    let digest: String?
    let folder: String

    /// - Returns: the file's path.
    /// - Throws: an exit status, after having said why.
    func run(_ cancellation: Cancellation) throws -> String {
        do {
            let part = try PartFile(folder: folder, name: name)
            let bar = DownloadBar(name: name)
            defer { bar.clear() }
            let observation = Download.Observation(
                progress: bar.show,
                checkCancellation: cancellation.check,
                wait: cancellation.wait
            )
            let outcome: Download.Outcome
            do {
                outcome = try bring(part, observation)
            } catch is CancellationError {
                bar.clear()
                let kept = "\(ByteCount(part.length)) are kept, and the next try goes on there"
                say("interrupted; \(part.length > 0 ? kept : "nothing came")")
                throw ExitCode.failure
            }
            bar.clear()
            let ending = try check(part)
            let path = try part.finish(ending: ending)
            let proof = outcome.isVerified ? "as announced" : "which nobody announced; --sha256 would hold it to one"
            say("installed \(name), \(ByteCount(outcome.size)), SHA-256 \(outcome.digest), \(proof)")
            return path
        } catch let failure as DownloadFailure {
            say("\(failure)")
            throw ExitCode.failure
        }
    }

    private func bring(_ part: PartFile, _ observation: Download.Observation) throws -> Download.Outcome {
        switch source {
        case .address(let address):
            let transport = try HTTPTransport(userAgent: "scenewatch/\(Release.version)")
            return try Download(address: address, digest: digest, observing: observation)
                .run(into: part, over: transport)
        case .file(let path):
            return try Download.copy(path, digest: digest, into: part, observing: observation)
        }
    }

    /// Loads it, as whoever uses it will.
    ///
    /// - Returns: the ending that the name of such a file has.
    private func check(_ part: PartFile) throws -> String {
        do throws(ModelError) {
            let model = try Model(Checkpoint(path: part.path))
            if let published { try require(published, model.checkpoint) }
            _ = try model.makeImageTower()
            if model.variant.hasTextTower { _ = try model.makeTextEncoder() }
            return model.checkpoint.format == .safetensors ? ".safetensors" : ".pt"
        } catch {
            part.remove()
            say("what came is no \(name) that this version can use, and was removed: \(error.problem)")
            throw ExitCode.failure
        }
    }

    /// Published models differ in size by more than what folding them takes away.
    private func require(_ published: PublishedModel, _ checkpoint: Checkpoint) throws(ModelError) {
        let found = checkpoint.tensors.values.reduce(0.0) { $0 + Double($1.count) } / 1e6
        let wanted = published.parameters.image + published.parameters.text
        guard abs(found / wanted - 1) < 0.025 else {
            let problem = String(format: "it has %.1f million parameters, and %@ %.1f", found, published.name, wanted)
            throw ModelError(path: checkpoint.path, problem: problem)
        }
    }
}

/// The bar of a download, with its speed.
private final class DownloadBar {
    private let name: String
    private let started = ContinuousClock.now
    private var first: Int?
    private var bar = ProgressBar()

    init(name: String) {
        self.name = name
    }

    func show(_ done: Int, of size: Int?) {
        // What was there before has taken no time.
        let begun = first ?? done
        first = begun
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let speed = seconds > 0 ? ", \(ByteCount(Int(Double(done - begun) / seconds)))/s" : ""
        let whole = size.map { " of \(ByteCount($0))" } ?? ""
        let share = size.map { Double(done) / Double(max($0, 1)) } ?? 0
        bar.show("\(name): \(ByteCount(done))\(whole)\(speed)", share: share)
    }

    func clear() { bar.clear() }
}
