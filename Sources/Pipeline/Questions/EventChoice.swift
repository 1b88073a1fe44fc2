import Foundation
import Journal

/// Which event somebody means.
package struct EventChoice: Sendable, Equatable {
    /// Why none is meant, for a person.
    package struct Refusal: Error, Sendable, Equatable {
        package var message: String
    }

    private let text: String
    private let trigger: String?
    private let camera: String?

    /// - Parameters:
    ///   - text: an event's id, its beginning or its end, in either case, or `last`.
    ///   - trigger: of `last`, the trigger's name; nil for any.
    ///   - camera: likewise.
    package init(_ text: String, trigger: String? = nil, camera: String? = nil) {
        self.text = text
        self.trigger = trigger
        self.camera = camera
    }

    /// Finds the event in a journal, and what there is to be said of it. Blocking.
    package func find<Answer>(
        in reader: JournalReader,
        _ answer: (JournaledEvent) throws(JournalError) -> Answer
    ) throws(JournalError) -> Result<Answer, Refusal> {
        if text == "last" {
            if let event = try reader.latestEvent(trigger: trigger, camera: camera) {
                return .success(try answer(event))
            }
            let place = [trigger.map { " of the trigger “\($0)”" }, camera.map { " on the camera “\($0)”" }]
            return .failure(Refusal(message: "the journal has no event\(place.compactMap { $0 }.joined())"))
        }
        let found = try reader.events(withID: text, limit: 4)
        if found.count == 1 || found.first?.start.id.description == text.uppercased() {
            return .success(try answer(found[0]))
        }
        if found.count > 1 {
            let several = found.prefix(3).map(\.words) + (found.count > 3 ? ["…"] : [])
            let message = "“\(text)” may be several events: \(several.joined(separator: "; "))"
            return .failure(Refusal(message: message))
        }
        let newest = try reader.events(limit: 3).map(\.words).joined(separator: "; ")
        let hint = newest.isEmpty ? "it has none yet" : "the newest are \(newest)"
        return .failure(Refusal(message: "the journal has no event “\(text.prefix(64))”; \(hint)"))
    }
}

extension JournaledEvent {
    fileprivate var words: String { "\(start.id) (\(start.trigger) on \(start.camera))" }
}
