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
        let side = encoder.tower.side
        // Any picture takes as long as any other; this one only must not be constant.
        let pixels = (0..<(side * side * 3)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        var embedding: [Float] = []
        for _ in 0..<3 { encoder.encode(pixels, into: &embedding) }

        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var times: [Double] = []
        repeat {
            times.append(clock.measure { encoder.encode(pixels, into: &embedding) } / .milliseconds(1))
        } while clock.now < end || times.count < 5
        times.sort()
        let rounded = { (value: Double) in (value * 1000).rounded() / 1000 }
        let report = Report(
            median: rounded(times[times.count / 2]),
            p99: rounded(times[min(times.count - 1, times.count * 99 / 100)]),
            imagesPerSecond: rounded(Double(times.count) / (times.reduce(0, +) / 1000)),
            model: model.variant.name,
            precision: "f32",
            threads: 1,
            batch: 1,
            kernels: "\(encoder.instructionSet); \(MobileCLIP.matrixLibrary)"
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
