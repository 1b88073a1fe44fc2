import ArgumentParser
import Foundation
import MobileCLIP

/// `scenewatch bench`: how fast this machine encodes pictures.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how long a picture takes in the image encoder, on one thread."
    )

    @Option(help: "A checkpoint file, or the name of an installed model.")
    var model: String

    @Option(help: "For how many seconds to measure.")
    var seconds = 5.0

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let median: Double
        let p99: Double
        let imagesPerSecond: Double
        let model: String
        let precision: String
        let threads: Int
        let batch: Int
        let kernels: String

        private enum CodingKeys: String, CodingKey {
            case median = "median_ms"
            case p99 = "p99_ms"
            case imagesPerSecond = "images_per_second"
            case model, precision, threads, batch, kernels
        }
    }

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be over 0 and at most 3600") }
    }

    func run() throws {
        let model = try openModel(model)
        let encoder = ImageEncoder(tower: try reported { () throws(ModelError) in try model.makeImageTower() })
        let speed = PictureSpeed(measuring: encoder, seconds: seconds)
        MeasuredSpeeds.remember(speed.median, of: model.checkpoint.path)
        let rounded = { (value: Double) in (value * 1000).rounded() / 1000 }
        let report = Report(
            median: rounded(speed.median),
            p99: rounded(speed.percentile99),
            imagesPerSecond: rounded(speed.perSecond),
            model: model.variant.name,
            precision: "f32",
            threads: 1,
            batch: 1,
            kernels: encoder.instructionSet
        )
        try emit(
            json
                ? scenewatch.json(report)
                : """
                \(report.model) \(report.precision), 1 thread, \(report.kernels)
                median \(report.median) ms, 99th percentile \(report.p99) ms, \
                \(report.imagesPerSecond) images a second
                """
        )
    }
}
