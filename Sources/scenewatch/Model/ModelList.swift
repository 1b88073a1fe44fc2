import ArgumentParser
import Foundation
import MobileCLIP

extension ModelCommand {
    /// `scenewatch model list`: what there is to install, and what is installed.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the published models and the installed ones.",
            discussion: """
                TOP-1 is the published zero-shot accuracy on ImageNet-1k in per cent, MEAN that over 38 data sets, \
                PARAMETERS and GFLOP are of the image and the text tower, HERE is how long a picture takes on this \
                machine on one thread, as `scenewatch bench` last measured it.
                """
        )

        @Flag(help: "Measure the installed ones first, for three seconds each.")
        var measure = false

        @Flag(help: "Print JSON.")
        var json = false

        private struct Entry: Encodable {
            struct Towers: Encodable {
                let image: Double
                let text: Double
            }

            let name: String
            var file: String?
            var side: Int?
            /// In per cent.
            var imageNet: Double?
            var mean: Double?
            /// In millions.
            var parameters: Towers?
            var gflop: Towers?
            /// Of a picture, in milliseconds.
            var median: Double?

            private enum CodingKeys: String, CodingKey {
                case name, file, side, mean, parameters, gflop
                case imageNet = "imagenet"
                case median = "median_ms"
            }
        }

        func run() throws {
            let installed = ModelFiles.installed()
            if measure {
                for model in installed { try measure(model.path, as: model.name) }
            }
            let speeds = MeasuredSpeeds()
            var files = Dictionary(uniqueKeysWithValues: installed.map { ($0.name, $0.path) })
            var entries = PublishedModel.all.map { model in
                let file = files.removeValue(forKey: model.name)
                return Entry(
                    name: model.name,
                    file: file,
                    side: model.side,
                    imageNet: model.accuracy.imageNet,
                    mean: model.accuracy.mean,
                    parameters: Entry.Towers(image: model.parameters.image, text: model.parameters.text),
                    gflop: Entry.Towers(image: model.operations.image, text: model.operations.text),
                    median: file.flatMap(speeds.median)
                )
            }
            entries += files.sorted { $0.key < $1.key }.map { name, file in
                Entry(name: name, file: file, median: speeds.median(of: file))
            }
            try emit(json ? scenewatch.json(entries) : text(entries))
        }

        private func measure(_ path: String, as name: String) throws {
            say("measuring \(name)")
            do throws(ModelError) {
                let tower = try Model(Checkpoint(path: path)).makeImageTower()
                let speed = PictureSpeed(measuring: ImageEncoder(tower: tower), seconds: 3)
                MeasuredSpeeds.remember(speed.median, of: path)
            } catch {
                say("\(error)")
            }
        }

        private func text(_ entries: [Entry]) -> String {
            let number = { (value: Double?) in value.map { String(format: "%.1f", $0) } ?? "-" }
            let towers = { (value: Entry.Towers?) in
                value.map { String(format: "%.1f + %.1f", $0.image, $0.text) } ?? "-"
            }
            let rows = entries.map { entry in
                [
                    entry.name, number(entry.imageNet), number(entry.mean),
                    entry.parameters == nil ? "-" : towers(entry.parameters) + " M", towers(entry.gflop),
                    entry.median == nil ? "-" : number(entry.median) + " ms", entry.file ?? "-",
                ]
            }
            return table(["NAME", "TOP-1", "MEAN", "PARAMETERS", "GFLOP", "HERE", "INSTALLED"], rows)
        }
    }
}
