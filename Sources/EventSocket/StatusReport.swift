import Foundation

/// What the daemon says of itself, in answer to `status`. Counts are since the daemon's start unless said otherwise.
public struct StatusReport: Codable, Sendable, Equatable {
    /// The daemon's version.
    public var version: String
    /// The UUID drawn at the daemon's start, as in ``Hello/boot``.
    public var boot: String
    /// Seconds since the daemon's start.
    public var uptime: Double
    /// The model in use.
    public var model: Model
    /// The cameras, in the order of the configuration.
    public var cameras: [Camera]
    /// Every trigger on every camera that it watches.
    public var triggers: [TriggerState]
    /// The encoder's work.
    public var encoder: EncoderLoad
    /// The journal.
    public var journal: JournalState
    /// How many connections are subscribed. The server fills it in.
    public var subscribers: Int
    /// The sequence number of the latest message, 0 when there has been none.
    public var seq: Int

    /// Creates a report.
    public init(
        version: String,
        boot: String,
        uptime: Double,
        model: Model,
        cameras: [Camera],
        triggers: [TriggerState],
        encoder: EncoderLoad,
        journal: JournalState,
        subscribers: Int = 0,
        seq: Int
    ) {
        self.version = version
        self.boot = boot
        self.uptime = uptime.rounded(decimals: 3)
        self.model = model
        self.cameras = cameras
        self.triggers = triggers
        self.encoder = encoder
        self.journal = journal
        self.subscribers = subscribers
        self.seq = seq
    }
}

extension StatusReport {
    /// The model in use.
    public struct Model: Codable, Sendable, Equatable {
        /// The variant: `mobileclip2-s0`.
        public var name: String
        /// The precision: `f32`, `bf16` or `int8`.
        public var precision: String
        /// The id of (checkpoint, precision, preprocessing) that every embedding carries.
        public var id: String
        /// The length of an embedding.
        public var width: Int
        /// The side of a crop in pixels.
        public var side: Int

        /// Creates the description of a model.
        public init(name: String, precision: String, id: String, width: Int, side: Int) {
            self.name = name
            self.precision = precision
            self.id = id
            self.width = width
            self.side = side
        }
    }

    /// One camera.
    public struct Camera: Codable, Sendable, Equatable {
        /// The camera's name.
        public var name: String
        /// Where its frames come from: a device, a file, a folder or a command.
        public var source: String
        /// What it does: `opening`, `streaming`, `degraded: `, `blind: ` or `lost: ` and the reason, or `ended`.
        public var state: String
        /// Frames captured.
        public var frames: Int
        /// Frames looked at.
        public var looks: Int
        /// Frames that a newer one replaced before the encoder was free.
        public var replaced: Int
        /// Frames that could not be decoded.
        public var corrupt: Int
        /// Frames that the driver lost, by its own count.
        public var sequenceGaps: Int
        /// How often the source was opened again.
        public var reopened: Int
        /// Crops that had not changed, and kept their embedding.
        public var reused: Int
        /// Looks per second, as configured.
        public var askedRate: Double
        /// Looks per second, lately.
        public var lookRate: Double
        /// When the latest look was captured.
        public var lastLook: Date?

        /// Creates the report of a camera.
        public init(
            name: String,
            source: String,
            state: String,
            frames: Int,
            looks: Int,
            replaced: Int,
            corrupt: Int,
            sequenceGaps: Int = 0,
            reopened: Int = 0,
            reused: Int = 0,
            askedRate: Double = 0,
            lookRate: Double,
            lastLook: Date? = nil
        ) {
            self.name = name
            self.source = source
            self.state = state
            self.frames = frames
            self.looks = looks
            self.replaced = replaced
            self.corrupt = corrupt
            self.sequenceGaps = sequenceGaps
            self.reopened = reopened
            self.reused = reused
            self.askedRate = askedRate.rounded(decimals: 6)
            self.lookRate = lookRate.rounded(decimals: 3)
            self.lastLook = lastLook
        }
    }

    /// The encoder's work.
    public struct EncoderLoad: Codable, Sendable, Equatable {
        /// Batches encoded.
        public var batches: Int
        /// Crops encoded.
        public var crops: Int
        /// The recent median time of one crop in the encoder, in milliseconds; absent before the first.
        public var medianMilliseconds: Double?
        /// The recent median time to decode and cut a frame, in milliseconds; absent before the first.
        public var cuttingMilliseconds: Double?
        /// The share of one processor that all looks would take at the rates that are asked for; above 0.95 there is not
        /// time for all.
        public var load: Double
        /// The looks per second that no camera gets more than, while there is not time for all; else absent.
        public var commonRate: Double?

        /// Creates the report of the encoder.
        public init(
            batches: Int,
            crops: Int,
            medianMilliseconds: Double? = nil,
            cuttingMilliseconds: Double? = nil,
            load: Double = 0,
            commonRate: Double? = nil
        ) {
            self.batches = batches
            self.crops = crops
            self.medianMilliseconds = medianMilliseconds?.rounded(decimals: 3)
            self.cuttingMilliseconds = cuttingMilliseconds?.rounded(decimals: 3)
            self.load = load.rounded(decimals: 3)
            self.commonRate = commonRate?.rounded(decimals: 3)
        }
    }

    /// The journal.
    public struct JournalState: Codable, Sendable, Equatable {
        /// The database's path.
        public var path: String
        /// Looks written since the daemon's start.
        public var looks: Int
        /// Messages written since the daemon's start.
        public var messages: Int
        /// Looks that were not written since the daemon's start, because the writer was behind or the disk was full.
        public var dropped: Int
        /// The database's size in bytes.
        public var bytes: Int
        /// Whether the latest write succeeded.
        public var writable: Bool
        /// What is deleted of it; absent in the reports of daemons that delete nothing.
        public var retention: Retention?

        /// Creates the report of the journal.
        public init(
            path: String,
            looks: Int,
            messages: Int,
            dropped: Int,
            bytes: Int,
            writable: Bool,
            retention: Retention? = nil
        ) {
            self.retention = retention
            self.path = path
            self.looks = looks
            self.messages = messages
            self.dropped = dropped
            self.bytes = bytes
            self.writable = writable
        }
    }
}
