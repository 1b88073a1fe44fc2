import ArgumentParser
import Foundation
import Journal

/// `scenewatch export`: what the journal holds, as files.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write events, looks and thumbnails of the journal into a folder.",
        discussion: """
            As a folder: events.jsonl, looks.jsonl and thumbnails/CAMERA/LOOK.jpg. As shards for training: tars with a \
            sample for each look that has a thumbnail, the fields named as DataCompDR has them, 1000 samples in each. \
            export.json says what there is. The folder appears when it is whole. Times are like 2026-11-23T08:14:00Z, or \
            how long ago: 90m, 7d.
            """
    )

    @Argument(help: "The folder: one that does not exist yet, or is empty.")
    var folder: String

    @Option(help: "From when on.")
    var since: String?

    @Option(help: "Until when.")
    var until: String?

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Flag(help: "Leave out looks that are of no event: from ten seconds before its start to its end.")
    var eventsOnly = false

    @Option(help: "How it is laid out: folder or shards.")
    var format = Exporter.Format.folder

    @Flag(help: "Include each crop's embedding, as base64 of float16.")
    var embeddings = false

    @Option(help: "The configuration file, for the journal's path.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    func validate() throws {
        _ = try selection()
    }

    func run() async throws {
        let exporter = Exporter(
            to: folder,
            journal: try journal ?? loadSettings(config).journal.path,
            format: format,
            selection: try selection(),
            hasEmbeddings: embeddings
        )
        try await interruptible {
            try await withTaskCancellationHandler {
                try await export(exporter)
            } onCancel: {
                exporter.cancel()
            }
        }
    }

    private func export(_ exporter: Exporter) async throws {
        do {
            let summary: ExportSummary = try await withCheckedThrowingContinuation { continuation in
                // Reading and writing block; tasks share few threads.
                Thread.detachNewThread {
                    var progress = ExportProgress()
                    let result = Result { try exporter.run { progress.show($0, of: $1) } }
                    progress.clear()
                    continuation.resume(with: result)
                }
            }
            let words = "\(summary.events) events, \(summary.looks) looks, \(summary.thumbnails) thumbnails"
            say("\(exporter.path): \(words)")
        } catch is CancellationError {
            say("interrupted; nothing was exported")
            throw ExitCode.failure
        } catch {
            say("\(error)")
            throw ExitCode.failure
        }
    }

    private func selection() throws -> PastSelection {
        PastSelection(
            since: try since.map(moment(parsing:)) ?? .distantPast,
            until: try until.map(moment(parsing:)) ?? .distantFuture,
            cameras: Set(camera),
            onlyOfEvents: eventsOnly
        )
    }
}

extension Exporter.Format: ExpressibleByArgument {}

/// How far an export is, on a terminal, once it has taken two seconds.
private struct ExportProgress {
    private let isShown = isatty(STDERR_FILENO) != 0
    private let started = ContinuousClock.now
    private var last = ContinuousClock.now
    private var hasShown = false

    mutating func show(_ done: Int, of total: Int) {
        let now = ContinuousClock.now
        guard isShown, now - started > .seconds(2), now - last > .milliseconds(200) else { return }
        last = now
        hasShown = true
        let share = total > 0 ? done * 100 / total : 100
        write("\r\(done) of \(total) looks (\(min(share, 100)) %)\u{1B}[K")
    }

    mutating func clear() {
        if hasShown { write("\r\u{1B}[K") }
        hasShown = false
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
