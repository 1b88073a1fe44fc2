import Evaluation
import Foundation
import MobileCLIP

/// What `eval` says of classes.
struct ClassificationReport: Encodable {
    struct Row: Encodable {
        let name: String
        let pictures: Int
        let top1: Int
        let top5: Int
        /// The class that its pictures are taken for most often, among those that are wrong.
        let takenFor: String?
    }

    let model: String
    let id: String
    let templates: [String]?
    let pictures: Int
    let broken: Int
    let top1: Double
    /// From and to, 19 times of 20.
    let top1Interval: [Double]
    let top5: Double
    let meanTop1: Double
    let seconds: Double
    let classes: [Row]

    init(
        _ found: Classification,
        classes names: [String],
        templates: [String]?,
        broken: Int,
        model: Model,
        took: Duration
    ) {
        self.model = model.variant.name
        id = model.identity.description
        self.templates = templates
        pictures = found.pictures
        self.broken = broken
        top1 = found.top1
        top1Interval = [found.top1Interval.lowerBound, found.top1Interval.upperBound]
        top5 = found.top5
        meanTop1 = found.meanTop1
        seconds = took / .seconds(1)
        classes = zip(names, found.rows).map { name, row in
            Row(
                name: name,
                pictures: row.pictures,
                top1: row.top1,
                top5: row.top5,
                takenFor: row.commonestMistake.map { names[$0] }
            )
        }
    }

    /// The worst classes' table has so many rows at most.
    private static let mostRows = 20

    var text: String {
        let share = { (row: Row) in Double(row.top1) / Double(max(row.pictures, 1)) }
        let worst = classes.filter { $0.pictures > 0 }
            .sorted { share($0) != share($1) ? share($0) < share($1) : $0.name < $1.name }
        let rows = worst.prefix(Self.mostRows).map { row in
            [row.name, "\(row.pictures)", percent(share(row)), row.takenFor ?? "-"]
        }
        var lines = [table(["CLASS", "PICTURES", "TOP-1", "MOST OFTEN TAKEN FOR"], rows)]
        if worst.count > rows.count { lines.append("… and \(worst.count - rows.count) that are told no worse") }
        let range = top1Interval.map(percent).joined(separator: " to ")
        lines += [
            "", "\(model), \(pictures) pictures of \(classes.count) classes\(brokenWords(broken))",
            "top-1 \(percent(top1)) (\(range)), top-5 \(percent(top5)), mean of classes \(percent(meanTop1))",
        ]
        return lines.joined(separator: "\n")
    }
}

/// What `eval` says of captions.
struct RetrievalReport: Encodable {
    struct Recall: Encodable {
        let at1: Double
        let at5: Double
        let at10: Double

        private enum CodingKeys: String, CodingKey {
            case at1 = "1"
            case at5 = "5"
            case at10 = "10"
        }

        init(_ recall: Retrieval.Recall) {
            (at1, at5, at10) = (recall.shares[0], recall.shares[1], recall.shares[2])
        }

        var cells: [String] { [at1, at5, at10].map(percent) }
    }

    let model: String
    let id: String
    let pictures: Int
    let captions: Int
    let broken: Int
    let pictureOfCaption: Recall
    let captionOfPicture: Recall
    let seconds: Double

    init(_ found: Retrieval, of captioned: CaptionedPictures, broken: Int, model: Model, took: Duration) {
        self.model = model.variant.name
        id = model.identity.description
        pictures = captioned.pictures.count
        captions = captioned.captions.count
        self.broken = broken
        pictureOfCaption = Recall(found.pictureOfText)
        captionOfPicture = Recall(found.textOfPicture)
        seconds = took / .seconds(1)
    }

    var text: String {
        let heading = ["LOOKED FOR"] + Retrieval.Recall.depths.map { "AMONG \($0)" }
        let rows = [
            ["a caption's picture"] + pictureOfCaption.cells, ["a picture's caption"] + captionOfPicture.cells,
        ]
        return table(heading, rows) + "\n\n\(model), \(pictures) pictures, \(captions) captions\(brokenWords(broken))"
    }
}

private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

private func brokenWords(_ count: Int) -> String { count == 0 ? "" : ", and \(count) that cannot be read" }
