import Configuration
import EventSocket
import Foundation
import Journal
import Synchronization

/// Writes what the journal holds into a folder, page by page.
final class Exporter: Sendable {
    /// How the looks lie.
    enum Format: String, CaseIterable {
        /// `events.jsonl`, `looks.jsonl`, and `thumbnails/CAMERA/LOOK.jpg`.
        case folder
        /// Looks with thumbnails as samples in webdataset tars, the fields named as DataCompDR has them.
        case shards
    }

    let path: String
    let journal: String
    let format: Format
    let selection: PastSelection
    let hasEmbeddings: Bool
    private let isCancelled = Atomic(false)

    init(to path: String, journal: String, format: Format, selection: PastSelection, hasEmbeddings: Bool) {
        self.path = path
        self.journal = journal
        self.format = format
        self.selection = selection
        self.hasEmbeddings = hasEmbeddings
    }

    /// Looks in a page, and so in memory.
    private static let page = 200

    /// Samples in a shard.
    static let samplesInShard = 1000

    /// Stops the export, which then throws and leaves nothing behind.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Exports. Blocking. `progress` is told how many looks are done, and of how many.
    func run(progress: (Int, Int) -> Void) throws -> ExportSummary {
        let reader = try JournalReader(path: journal)
        defer { reader.close() }
        let unknown = selection.cameras.subtracting(try reader.cameraNames())
        guard unknown.isEmpty else {
            throw ExportFailure("the journal knows no camera \(unknown.sorted().joined(separator: ", "))")
        }
        let total = try reader.countLooks(selection)
        let folder = try ExportFolder(path)
        do {
            var summary = ExportSummary(
                format: format.rawValue,
                journal: journal,
                version: Release.version,
                exported: Date(),
                since: selection.since == .distantPast ? nil : selection.since,
                until: selection.until == .distantFuture ? nil : selection.until,
                cameras: selection.cameras.sorted(),
                eventsOnly: selection.onlyOfEvents,
                events: 0,
                looks: 0,
                thumbnails: 0
            )
            try writeEvents(reader, folder, &summary)
            switch format {
            case .folder: try writeLooks(reader, folder, &summary) { progress($0, total) }
            case .shards: try writeShards(reader, folder, &summary) { progress($0, total) }
            }
            try folder.write(try Wire.encoder(isPretty: true).encode(summary) + Data("\n".utf8), as: "export.json")
            try folder.finish()
            return summary
        } catch {
            folder.remove()
            throw error
        }
    }

    private func writeEvents(_ reader: JournalReader, _ folder: ExportFolder, _ summary: inout ExportSummary) throws {
        let file = try FileHandle(creating: folder.part + "/events.jsonl")
        var last: Int64 = 0
        while true {
            try checkCancellation()
            let events = try reader.events(after: last, selection, limit: Self.page)
            guard let end = events.last else { break }
            last = end.seqStarted
            try file.write(contentsOf: try lines(events.map(ExportedEvent.init)))
            summary.events += events.count
        }
        try file.close()
    }

    private func writeLooks(
        _ reader: JournalReader,
        _ folder: ExportFolder,
        _ summary: inout ExportSummary,
        _ progress: (Int) -> Void
    ) throws {
        let file = try FileHandle(creating: folder.part + "/looks.jsonl")
        try folder.makeFolder("thumbnails")
        var cameras: Set<String> = []
        try eachPage(reader, progress) { looks in
            var exported: [ExportedLook] = []
            for whole in looks {
                var name: String?
                if let thumbnail = whole.thumbnail {
                    let camera = thumbnail.camera.asFileName
                    if cameras.insert(camera).inserted { try folder.makeFolder("thumbnails/\(camera)") }
                    let path = "thumbnails/\(camera)/\(whole.look.id).jpg"
                    try folder.write(thumbnail.jpeg, as: path)
                    name = path
                    summary.thumbnails += 1
                }
                exported.append(ExportedLook(whole, thumbnail: name, hasEmbeddings: hasEmbeddings))
            }
            try file.write(contentsOf: try lines(exported))
            summary.looks += looks.count
        }
        try file.close()
    }

    /// `00000000.tar` and so on. Of a look with a thumbnail, `KEY.jpg`, `KEY.txt` (its labels, or else the triggers that
    /// had an event), `KEY.url.txt` (`scenewatch:CAMERA/LOOK`), `KEY.syn.json` (no synthetic captions yet), and `KEY.json`,
    /// which is all that is known of it. What teachers say of it is for those who reinforce the shards to add.
    private func writeShards(
        _ reader: JournalReader,
        _ folder: ExportFolder,
        _ summary: inout ExportSummary,
        _ progress: (Int) -> Void
    ) throws {
        var tar: TarFile?
        let encoder = Wire.encoder()
        try eachPage(reader, progress) { looks in
            for whole in looks {
                guard let thumbnail = whole.thumbnail else { continue }
                if summary.looks.isMultiple(of: Self.samplesInShard) {
                    try tar?.close()
                    let name = String(format: "%08d.tar", summary.looks / Self.samplesInShard)
                    tar = try TarFile(folder.part + "/" + name, date: summary.exported)
                }
                let key = String(format: "%012ld", Int(whole.look.id))
                let caption = whole.labels ?? whole.triggers.joined(separator: ", ")
                let sample: [(String, Data)] = [
                    ("jpg", thumbnail.jpeg),
                    ("txt", Data(caption.utf8)),
                    ("url.txt", Data("scenewatch:\(thumbnail.camera)/\(whole.look.id)".utf8)),
                    ("syn.json", Data(#"{"syn_text": []}"#.utf8)),
                    ("json", try encoder.encode(ExportedLook(whole, thumbnail: nil, hasEmbeddings: hasEmbeddings))),
                ]
                for (field, content) in sample { try tar?.add("\(key).\(field)", content) }
                summary.looks += 1
                summary.thumbnails += 1
            }
        }
        try tar?.close()
    }

    private func eachPage(
        _ reader: JournalReader,
        _ progress: (Int) -> Void,
        _ body: ([WholeLook]) throws -> Void
    ) throws {
        var (last, done): (Int64, Int) = (0, 0)
        while true {
            try checkCancellation()
            let page = try reader.lookPage(after: last, selection, limit: Self.page)
            guard let end = page.last else { return }
            last = end
            try body(page.looks)
            done += page.count
            progress(done)
        }
    }

    private func checkCancellation() throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
    }

    private func lines(_ values: [some Encodable]) throws -> Data {
        let encoder = Wire.encoder()
        var lines = Data()
        for value in values {
            lines += try encoder.encode(value)
            lines.append(0x0A)
        }
        return lines
    }
}

extension String {
    /// The same where it can name a file; cameras' names can, those of journals that others wrote need not.
    fileprivate var asFileName: String {
        let name = String(map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        return name == "." || name == ".." || name.isEmpty ? "_" + name : name
    }
}
