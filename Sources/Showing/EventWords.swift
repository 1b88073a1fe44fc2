import EventSocket
import Foundation

extension EventLine {
    /// The line for a person.
    ///
    /// - Parameter time: when it happened, as it is to be told.
    public func words(time: String) -> String {
        var text = ([time] + [camera, trigger].compactMap { $0 } + [verb]).joined(separator: "  ")
        if let score {
            text += String(
                format: "  probability %.2f, similarity %.3f, margin %+.3f",
                score.probability,
                score.similarity,
                score.margin
            )
            if let rival = score.rival { text += " over “\(rival)”" }
        }
        return journaled ? text : text + "  (not journalled)"
    }

    private var verb: String {
        let reason = reason.map { " (\($0))" } ?? ""
        return switch kind {
        case .eventStarted: "started"
        case .eventEnded: "ended" + reason
        case .cameraLost: "is lost" + reason
        case .cameraFound: "is found" + reason
        case .promptChanged: self.reason.map { "was \($0)" } ?? "has other prompts"
        case .daemonReloaded: "configuration reloaded" + reason
        }
    }
}
