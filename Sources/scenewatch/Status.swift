import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch status`: how the daemon and its cameras are.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show how the daemon, its cameras and triggers are.")

    @OptionGroup var daemon: SocketOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print metrics in the text format of Prometheus.")
    var metrics = false

    func validate() throws {
        if json, metrics { throw ValidationError("choose one of --json and --metrics") }
    }

    func run() async throws {
        let report = try await daemon.withDaemon { try await $0.status() }
        if metrics { return try emit(report.metrics) }
        try emit(json ? scenewatch.json(report) : text(report))
    }

    private func text(_ report: StatusReport) -> String {
        var parts = [
            "scenewatchd \(report.version), up \(duration(report.uptime)), message \(report.seq), "
                + "\(report.subscribers) subscribers",
            "model   \(report.model.name), \(report.model.precision), \(report.model.id)",
            "encoder \(report.encoder.crops) crops in \(report.encoder.batches) batches"
                + (report.encoder.medianMilliseconds.map { ", \($0) ms a crop" } ?? "")
                + (report.encoder.cuttingMilliseconds.map { ", \($0) ms to cut a frame" } ?? "")
                + ", load \(Int((report.encoder.load * 100).rounded())) %"
                + (report.encoder.commonRate.map {
                    String(format: ": NOT TIME FOR ALL, at most %.2f looks/s a camera", $0)
                } ?? ""),
            "journal \(report.journal.path): \(report.journal.looks) looks, \(report.journal.messages) messages, "
                + "\(report.journal.bytes / 1024) KiB"
                + (report.journal.dropped > 0 ? ", \(report.journal.dropped) looks dropped" : "")
                + (report.journal.writable ? "" : ", CANNOT BE WRITTEN")
                + (report.journal.retention?.words ?? ""),
            "",
            table(
                ["CAMERA", "LOOKS/S", "OF", "LOOKS", "REUSED", "FRAMES", "CORRUPT", "GAPS", "STATE", "SOURCE"],
                report.cameras.map {
                    [
                        $0.name, String(format: "%.2f", $0.lookRate), String(format: "%.2f", $0.askedRate),
                        "\($0.looks)", "\($0.reused)", "\($0.frames)", "\($0.corrupt)", "\($0.sequenceGaps)", $0.state,
                        $0.source,
                    ]
                }
            ),
        ]
        if !report.triggers.isEmpty {
            parts += [
                "",
                table(report.triggers),
            ]
        }
        return parts.joined(separator: "\n")
    }

    private func duration(_ seconds: Double) -> String {
        Duration.seconds(Int(seconds)).formatted(.time(pattern: .hourMinuteSecond))
    }
}

extension StatusReport.Retention {
    /// How far back the journal goes, and what is being deleted.
    fileprivate var words: String {
        (oldestLook.map { ", since \($0.formatted(.iso8601))" } ?? "") + (deleting.map { ", deleting \($0)" } ?? "")
    }
}
