import EventSocket
import Foundation
import Pipeline

extension SearchReport {
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
