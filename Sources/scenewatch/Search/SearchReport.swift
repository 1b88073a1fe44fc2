import EventSocket
import Foundation
import Journal

/// What a search found, for people and for programs.
struct SearchReport: Encodable {
    struct Moment: Encodable {
        var camera: String
        var at: Date
        var from: Date
        var until: Date
        var look: Int64
        var crop: Int
        var similarity: Double
    }

    var search: String
    var model: String
    /// The best first.
    var moments: [Moment]
    /// Looks that were read from the journal one by one.
    var unsketched: Int
    var milliseconds: Int

    init(_ result: SearchResult, of search: String, model: String, took: Duration) {
        self.search = search
        self.model = model
        unsketched = result.unsketched
        milliseconds = Int(took / .milliseconds(1))
        moments = result.moments.map { moment in
            Moment(
                camera: moment.camera,
                at: moment.at,
                from: moment.from,
                until: moment.until,
                look: moment.look,
                crop: moment.crop,
                similarity: (moment.similarity * 1e6).rounded() / 1e6
            )
        }
    }

    /// For a person.
    var text: String {
        guard !moments.isEmpty else { return "no looks, \(milliseconds) ms" }
        let rows = moments.map { moment in
            [
                WireTime.text(moment.at), moment.camera, moment.length.map { "\($0) s" } ?? "-",
                String(format: "%.3f", moment.similarity), "\(moment.look)/\(moment.crop)",
            ]
        }
        return table(["AT", "CAMERA", "FOR", "SIMILARITY", "LOOK"], rows) + "\n\n\(milliseconds) ms"
    }
}

extension SearchReport.Moment {
    /// In whole seconds; nil for a single stretch.
    var length: Int? {
        let seconds = Int(until.timeIntervalSince(from).rounded())
        return seconds > 0 ? seconds : nil
    }
}
