import EventSocket
import Foundation
import Journal

/// An event as a line of `events.jsonl`.
struct ExportedEvent: Encodable {
    let event: String
    let trigger: String
    let camera: String
    let started: Date
    let ended: Date?
    let reason: String?
    let score: ExportedScore?
    let endScore: ExportedScore?
    let frame: UInt64
    let crop: Int?
    let region: String?
    let suppressed: Int
    let dryRun: Bool

    init(_ event: JournaledEvent) {
        self.event = event.start.id.description
        trigger = event.start.trigger
        camera = event.start.camera
        started = event.start.at
        ended = event.end?.at
        reason = event.end?.reason.rawValue
        score = event.start.score.map(ExportedScore.init)
        endScore = event.end?.score.map(ExportedScore.init)
        frame = event.start.frame
        crop = event.start.crop
        region = event.start.region
        suppressed = event.start.suppressed
        dryRun = event.start.isDryRun
    }
}

/// A score, with the trigger and crop that it is of where that is not known otherwise.
struct ExportedScore: Encodable {
    var trigger: String?
    var crop: Int?
    let similarity: Double
    let probability: Double
    let margin: Double
    let rival: String?

    init(_ score: EventScore) {
        (similarity, probability, margin, rival) = (score.similarity, score.probability, score.margin, score.rival)
    }

    init(_ score: ScoreRecord) {
        (trigger, crop) = (score.trigger, score.crop)
        (similarity, probability, margin, rival) = (score.similarity, score.probability, score.margin, score.rival)
    }
}

/// A look as a line of `looks.jsonl`, or `KEY.json` of a shard.
struct ExportedLook: Encodable {
    struct Crop: Encodable {
        let x: Int
        let y: Int
        let side: Int
        /// Base64 of float16, least significant byte first.
        let embedding: Data?
    }

    let look: Int64
    let camera: String
    let at: Date
    let frame: UInt64
    let view: String
    let model: String
    let brightness: Int?
    let evidence: Bool
    let labels: String?
    /// Triggers that had an event then.
    let events: [String]
    let crops: [Crop]
    let scores: [ExportedScore]
    /// Where its picture is, from the export's folder.
    let thumbnail: String?

    init(_ whole: WholeLook, thumbnail: String?, hasEmbeddings: Bool) {
        let record = whole.look.look
        look = whole.look.id
        camera = record.camera
        at = record.at
        frame = record.sequence
        view = record.view
        model = record.modelID
        brightness = record.brightness
        evidence = record.isEvidence
        labels = whole.labels
        events = whole.triggers
        crops = record.crops.map { crop in
            Crop(
                x: crop.x,
                y: crop.y,
                side: crop.side,
                embedding: hasEmbeddings ? HalfPrecision.bytes(of: crop.embedding) : nil
            )
        }
        scores = record.scores.map(ExportedScore.init)
        self.thumbnail = thumbnail
    }
}

/// `export.json`: what an export holds.
struct ExportSummary: Codable {
    let format: String
    let journal: String
    let version: String
    let exported: Date
    let since: Date?
    let until: Date?
    let cameras: [String]
    let eventsOnly: Bool
    var events: Int
    var looks: Int
    var thumbnails: Int
}
