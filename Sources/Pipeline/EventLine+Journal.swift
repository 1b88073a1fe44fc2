import EventSocket
import Foundation
import Journal

extension EventLine {
    /// The line that tells subscribers of a journalled message.
    init(_ message: JournaledMessage) {
        let seq = Int(message.seq)
        switch message.message {
        case .eventStarted(let start):
            self = .started(
                seq: seq,
                event: start.id.description,
                trigger: start.trigger,
                camera: start.camera,
                at: start.at,
                score: start.score.map(Score.init),
                crop: start.crop,
                region: start.region,
                frame: Int(start.frame),
                suppressed: start.suppressed,
                journaled: message.journaled
            )
        case .eventEnded(let end):
            self = .ended(
                seq: seq,
                event: end.id.description,
                trigger: end.trigger,
                camera: end.camera,
                at: end.at,
                reason: EndReason(end.reason),
                started: end.id.date,
                score: end.score.map(Score.init),
                journaled: message.journaled
            )
        case .cameraLost(let change):
            self = .cameraLost(
                seq: seq,
                camera: change.camera,
                at: change.at,
                reason: change.reason,
                journaled: message.journaled
            )
        case .cameraFound(let change):
            self = .cameraFound(
                seq: seq,
                camera: change.camera,
                at: change.at,
                reason: change.reason,
                journaled: message.journaled
            )
        case .promptChanged(let change):
            self = .promptChanged(
                seq: seq,
                trigger: change.trigger,
                at: change.at,
                reason: change.reason,
                journaled: message.journaled
            )
        case .daemonReloaded(let reload):
            self = .daemonReloaded(seq: seq, at: reload.at, reason: reload.reason, journaled: message.journaled)
        }
    }
}

extension EventLine.Score {
    init(_ score: EventScore) {
        self.init(
            probability: score.probability,
            similarity: score.similarity,
            margin: score.margin,
            rival: score.rival
        )
    }
}

extension EventLine.EndReason {
    init(_ reason: EventEndReason) {
        switch reason {
        case .cleared: self = .cleared
        case .shutdown: self = .shutdown
        case .recovered: self = .recovered
        case .cameraLost: self = .cameraLost
        case .configurationChanged: self = .configChanged
        case .schedule: self = .schedule
        }
    }
}
