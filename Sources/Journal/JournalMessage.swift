import Foundation

/// Something that subscribers are told and that the journal numbers.
public enum JournalMessage: Sendable, Hashable {
    /// An event began.
    case eventStarted(EventStart)
    /// An event ended.
    case eventEnded(EventEnd)
    /// A camera stopped giving frames.
    case cameraLost(CameraChange)
    /// A camera gives frames again, or for the first time.
    case cameraFound(CameraChange)
    /// A trigger was added, changed or removed while the daemon ran.
    case promptChanged(PromptChange)
    /// The daemon took over a changed configuration.
    case daemonReloaded(DaemonReload)

    /// The camera that the message is about; nil where it is about none.
    public var camera: String? {
        switch self {
        case .eventStarted(let start): start.camera
        case .eventEnded(let end): end.camera
        case .cameraLost(let change), .cameraFound(let change): change.camera
        case .promptChanged, .daemonReloaded: nil
        }
    }

    /// Whether it is of a trigger on trial: journalled, and nobody is told.
    public var isDryRun: Bool {
        switch self {
        case .eventStarted(let start): start.isDryRun
        case .eventEnded(let end): end.isDryRun
        case .cameraLost, .cameraFound, .promptChanged, .daemonReloaded: false
        }
    }

    /// When it happened.
    public var at: Date {
        switch self {
        case .eventStarted(let start): start.at
        case .eventEnded(let end): end.at
        case .cameraLost(let change), .cameraFound(let change): change.at
        case .promptChanged(let change): change.at
        case .daemonReloaded(let reload): reload.at
        }
    }
}

/// The beginning of an event.
public struct EventStart: Sendable, Hashable {
    /// The event.
    public var id: EventID
    /// The name of the trigger that fired.
    public var trigger: String
    /// The name of the camera it fired on.
    public var camera: String
    /// When, to the millisecond.
    public var at: Date
    /// The score that fired it; nil where other triggers' states did, as `crop` then is.
    public var score: EventScore?
    /// The number of the crop within its look.
    public var crop: Int?
    /// The region of that crop; nil where the camera has none.
    public var region: String?
    /// The frame's number as its camera counts.
    public var frame: UInt64
    /// Scenes before it that came and went within the trigger's cooldown, and had no event.
    public var suppressed: Int
    /// Whether its trigger is on trial, so that nobody is told.
    public var isDryRun: Bool

    /// Makes the beginning of an event.
    public init(
        id: EventID,
        trigger: String,
        camera: String,
        at: Date,
        score: EventScore?,
        crop: Int?,
        region: String? = nil,
        frame: UInt64,
        suppressed: Int = 0,
        isDryRun: Bool = false
    ) {
        self.id = id
        self.trigger = trigger
        self.camera = camera
        self.at = at
        self.score = score
        self.crop = crop
        self.region = region
        self.frame = frame
        self.suppressed = suppressed
        self.isDryRun = isDryRun
    }
}

/// The end of an event.
public struct EventEnd: Sendable, Hashable {
    /// The event.
    public var id: EventID
    /// The name of its trigger.
    public var trigger: String
    /// The name of its camera.
    public var camera: String
    /// When, to the millisecond.
    public var at: Date
    /// Why it ended.
    public var reason: EventEndReason
    /// The score that ended it, where one did.
    public var score: EventScore?
    /// The frame that ended it, where one did.
    public var frame: UInt64?
    /// Whether its trigger is on trial, so that nobody is told.
    public var isDryRun: Bool

    /// Makes the end of an event.
    public init(
        id: EventID,
        trigger: String,
        camera: String,
        at: Date,
        reason: EventEndReason,
        score: EventScore? = nil,
        frame: UInt64? = nil,
        isDryRun: Bool = false
    ) {
        self.id = id
        self.trigger = trigger
        self.camera = camera
        self.at = at
        self.reason = reason
        self.score = score
        self.frame = frame
        self.isDryRun = isDryRun
    }
}

/// Why an event ended. The raw values are what the journal and the socket write.
public enum EventEndReason: String, Sendable, Hashable, CaseIterable {
    /// The trigger's clear condition held for its release time.
    case cleared
    /// The daemon was stopped.
    case shutdown
    /// The daemon had died while the event was active; the next start ended it.
    case recovered
    /// The camera gave no more frames.
    case cameraLost = "camera-lost"
    /// A new configuration changed or removed the trigger or the camera.
    case configurationChanged = "config-changed"
    /// The trigger's schedule closed.
    case schedule
}

/// A score without the names of its trigger and crop.
public struct EventScore: Sendable, Hashable {
    /// The cosine of crop and prompt, −1 … 1.
    public var similarity: Double
    /// The softmax over prompt and rivals, 0 … 1.
    public var probability: Double
    /// The cosine less the best rival's, −2 … 2.
    public var margin: Double
    /// The best rival's description.
    public var rival: String?

    /// Makes a score.
    public init(similarity: Double, probability: Double, margin: Double, rival: String? = nil) {
        self.similarity = similarity
        self.probability = probability
        self.margin = margin
        self.rival = rival
    }
}

/// A camera that was lost or found.
public struct CameraChange: Sendable, Hashable {
    /// The camera's name.
    public var camera: String
    /// When, to the millisecond.
    public var at: Date
    /// Why, in words.
    public var reason: String
    /// When it was told, to the millisecond: a loss after its grace. Nil for when it happened.
    public var told: Date?

    /// Makes a camera's change.
    public init(camera: String, at: Date, reason: String, told: Date? = nil) {
        self.camera = camera
        self.at = at
        self.reason = reason
        self.told = told
    }
}

/// A message with the number it was given.
public struct JournaledMessage: Sendable, Hashable {
    /// The message's number: higher than that of every message before it, also across restarts. Numbers may be skipped.
    public var seq: Int64
    /// The message.
    public var message: JournalMessage
    /// Whether the journal has it on disk. When false the disk refused; the journal goes on trying.
    public var journaled: Bool

    /// Makes a numbered message.
    public init(seq: Int64, message: JournalMessage, journaled: Bool) {
        self.seq = seq
        self.message = message
        self.journaled = journaled
    }
}
