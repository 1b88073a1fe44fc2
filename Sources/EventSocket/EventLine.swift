import Foundation

/// One thing that happened, as a subscriber reads it.
///
/// Which of the optional fields a line has follows from its ``kind``; the factories in `EventLine+Kinds.swift` make
/// the lines that exist. Times are sent in milliseconds, scores in millionths.
public struct EventLine: Codable, Sendable, Equatable {
    /// What a line tells.
    public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// A trigger became active on a camera.
        case eventStarted = "event.started"
        /// An active trigger on a camera ended.
        case eventEnded = "event.ended"
        /// A camera stopped giving frames.
        case cameraLost = "camera.lost"
        /// A camera gives frames, for the first time or again.
        case cameraFound = "camera.found"
        /// The prompts of a trigger changed while the daemon ran.
        case promptChanged = "prompt.changed"
        /// The daemon took over a changed configuration.
        case daemonReloaded = "daemon.reloaded"
    }

    /// Why an event ended.
    public enum EndReason: String, Codable, Sendable, Hashable, CaseIterable {
        /// The scene was no longer seen.
        case cleared
        /// The daemon was told to stop.
        case shutdown
        /// The daemon found the event open at its start: the run before did not end it.
        case recovered
        /// The camera was lost.
        case cameraLost = "camera-lost"
        /// The trigger or the camera is no longer configured as it was.
        case configChanged = "config-changed"
        /// The trigger's schedule closed.
        case schedule
    }

    /// What matching said of the crop that decided.
    public struct Score: Codable, Sendable, Equatable {
        /// The softmax over the prompt and its rivals, 0…1.
        public let probability: Double
        /// The raw cosine, -1…1.
        public let similarity: Double
        /// The cosine minus that of the best rival, -2…2.
        public let margin: Double
        /// The best rival's description.
        public let rival: String?

        /// Creates a score; the numbers are rounded to six decimals, as they are sent.
        public init(probability: Double, similarity: Double, margin: Double, rival: String?) {
            self.probability = probability.rounded(decimals: 6)
            self.similarity = similarity.rounded(decimals: 6)
            self.margin = margin.rounded(decimals: 6)
            self.rival = rival
        }
    }

    /// The sequence number. It grows by one with each message that the journal has.
    public var seq: Int
    /// What the line tells.
    public var kind: Kind
    /// When it happened.
    public var at: Date
    /// The event's id, the same on its start and its end.
    public var event: String?
    /// The trigger's name.
    public var trigger: String?
    /// The camera's name.
    public var camera: String?
    /// The score that decided.
    public var score: Score?
    /// Which crop of the look scored so, from 0.
    public var crop: Int?
    /// The region of that crop, where the camera has regions.
    public var region: String?
    /// The frame's sequence number on its camera.
    public var frame: Int?
    /// Scenes before it that came and went within the trigger's cooldown and had no event; sent only when there are any.
    public var suppressed: Int
    /// Why: an ``EndReason`` for an event's end, a text for people otherwise.
    public var reason: String?
    /// On an event's end: when it started.
    public var started: Date?
    /// `false` when the journal could not be written and will not have this line; sent only then.
    public var journaled: Bool

    /// Creates a line field by field. The factories in `EventLine+Kinds.swift` are the better way.
    public init(
        seq: Int,
        kind: Kind,
        at: Date,
        event: String? = nil,
        trigger: String? = nil,
        camera: String? = nil,
        score: Score? = nil,
        crop: Int? = nil,
        region: String? = nil,
        frame: Int? = nil,
        suppressed: Int = 0,
        reason: String? = nil,
        started: Date? = nil,
        journaled: Bool = true
    ) {
        self.seq = seq
        self.kind = kind
        self.at = at
        self.event = event
        self.trigger = trigger
        self.camera = camera
        self.score = score
        self.crop = crop
        self.region = region
        self.frame = frame
        self.suppressed = suppressed
        self.reason = reason
        self.started = started
        self.journaled = journaled
    }
}
