import Foundation
import Journal

/// What a search found, as it is printed and sent.
package struct SearchReport: Encodable {
    package struct Moment: Encodable {
        package var camera: String
        package var at: Date
        package var from: Date
        package var until: Date
        package var look: Int64
        package var crop: Int
        package var similarity: Double
    }

    package var search: String
    package var model: String
    /// The best first.
    package var moments: [Moment]
    /// Looks that were read from the journal one by one.
    package var unsketched: Int
    /// The ids of other models: their looks cannot be compared, and are left out.
    package var otherModels: [String]
    package var milliseconds: Int

    package init(_ result: SearchResult, of search: String, model: String, took: Duration) {
        self.search = search
        self.model = model
        unsketched = result.unsketched
        otherModels = result.otherModels
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
}
