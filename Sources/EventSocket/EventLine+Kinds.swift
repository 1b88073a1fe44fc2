import Foundation

extension EventLine {
    /// A trigger became active on a camera. One of other triggers' states has neither score nor crop.
    public static func started(
        seq: Int,
        event: String,
        trigger: String,
        camera: String,
        at: Date,
        score: Score?,
        crop: Int?,
        region: String? = nil,
        frame: Int,
        suppressed: Int = 0,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(
            seq: seq,
            kind: .eventStarted,
            at: at,
            event: event,
            trigger: trigger,
            camera: camera,
            score: score,
            crop: crop,
            region: region,
            frame: frame,
            suppressed: suppressed,
            journaled: journaled
        )
    }

    /// An active trigger on a camera ended.
    public static func ended(
        seq: Int,
        event: String,
        trigger: String,
        camera: String,
        at: Date,
        reason: EndReason,
        started: Date? = nil,
        score: Score? = nil,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(
            seq: seq,
            kind: .eventEnded,
            at: at,
            event: event,
            trigger: trigger,
            camera: camera,
            score: score,
            reason: reason.rawValue,
            started: started,
            journaled: journaled
        )
    }

    /// A camera stopped giving frames; the reason is a text for people.
    public static func cameraLost(
        seq: Int,
        camera: String,
        at: Date,
        reason: String,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(seq: seq, kind: .cameraLost, at: at, camera: camera, reason: reason, journaled: journaled)
    }

    /// A camera gives frames, for the first time or again; the reason is a text for people.
    public static func cameraFound(
        seq: Int,
        camera: String,
        at: Date,
        reason: String? = nil,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(seq: seq, kind: .cameraFound, at: at, camera: camera, reason: reason, journaled: journaled)
    }

    /// The prompts of a trigger changed while the daemon ran.
    public static func promptChanged(
        seq: Int,
        trigger: String,
        at: Date,
        reason: String? = nil,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(seq: seq, kind: .promptChanged, at: at, trigger: trigger, reason: reason, journaled: journaled)
    }

    /// The daemon took over a changed configuration.
    public static func daemonReloaded(
        seq: Int,
        at: Date,
        reason: String? = nil,
        journaled: Bool = true
    ) -> EventLine {
        EventLine(seq: seq, kind: .daemonReloaded, at: at, reason: reason, journaled: journaled)
    }
}
