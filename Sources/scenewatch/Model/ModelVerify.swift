import ArgumentParser
import Foundation
import MobileCLIP

extension ModelCommand {
    /// `scenewatch model verify`: is the file what it seems?
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a model file: its numbers, its folding, and the fast path against plain loops.",
            discussion: "Takes from seconds for the smallest model to minutes for the largest; --quick leaves that out."
        )

        @Argument(help: "A checkpoint file, or the name of an installed model.")
        var file: String

        @Flag(help: "Leave out the comparisons with plain loops.")
        var quick = false

        @Flag(help: "Print JSON.")
        var json = false

        private struct Report: Encodable {
            struct Check: Encodable {
                let name: String
                let right: Bool
                let figure: String
            }

            let path: String
            let id: String
            let right: Bool
            let checks: [Check]
        }

        func run() throws {
            let model = try openModel(file)
            var bar = ProgressBar()
            let verification = Verification(model, isQuick: quick) { words, done in
                bar.show(words, share: Double(done) / Double(Verification.steps))
            }
            bar.clear()
            if json {
                let checks = verification.findings.map {
                    Report.Check(name: $0.check, right: $0.isRight, figure: $0.figure)
                }
                let report = Report(
                    path: model.checkpoint.path,
                    id: model.identity.description,
                    right: verification.isRight,
                    checks: checks
                )
                try emit(scenewatch.json(report))
            } else {
                let rows = verification.findings.map { [$0.check, $0.isRight ? "right" : "WRONG", $0.figure] }
                try emit(table(["CHECK", "RESULT", "FIGURE"], rows))
            }
            if !verification.isRight { throw ExitCode.failure }
        }
    }
}
