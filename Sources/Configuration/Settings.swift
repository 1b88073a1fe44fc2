/// The module `Configuration` turns one YAML file into validated values, or into the list of everything that is wrong
/// with it, each problem with its line and column.
///
/// It is strict: an unknown key is a problem, nothing is clamped, and a value that it hands out is in range. It touches
/// nothing but that file, the vocabulary and the pictures that it names and, where operators are named, the machine's list of
/// users: whether a device exists, a model loads or a socket can be bound is for the modules that use them, and so is what
/// happens when a file changes.
///
/// The keys are listed in `Schema` and explained in `Config/scenewatch.yaml`.
public struct Settings: Sendable, Equatable {
    /// The encoder.
    public var model: ModelSettings
    /// At least one, with different names.
    public var cameras: [CameraSettings]
    /// Any number, with different names.
    public var triggers: [TriggerSettings]
    /// In which words looks are journalled; nil for none.
    public var describe: DescribeSettings?
    /// Where events are told.
    public var socket: SocketSettings
    /// Where they are kept.
    public var journal: JournalSettings
    /// How the encoder is fed.
    public var batch: BatchSettings

    /// Takes values as they are; only the reader checks ranges.
    public init(
        model: ModelSettings,
        cameras: [CameraSettings],
        triggers: [TriggerSettings] = [],
        describe: DescribeSettings? = nil,
        socket: SocketSettings = SocketSettings(),
        journal: JournalSettings = JournalSettings(),
        batch: BatchSettings = BatchSettings()
    ) {
        self.model = model
        self.cameras = cameras
        self.triggers = triggers
        self.describe = describe
        self.socket = socket
        self.journal = journal
        self.batch = batch
    }
}

extension Settings {
    /// Plays files and folders once and as fast as they can be looked at, whatever the file says.
    public mutating func playFastest() {
        for index in cameras.indices {
            switch cameras[index].source {
            case .file(let path, _): cameras[index].source = .file(path: path, loop: false)
            case .folder(let path, _): cameras[index].source = .folder(path: path, loop: false)
            case .device, .match, .command: continue
            }
            cameras[index].pace = .fastest
        }
    }
}

/// Which encoder, and in which arithmetic.
public struct ModelSettings: Sendable, Equatable {
    /// The arithmetic of the encoder.
    public enum Precision: String, Sendable, CaseIterable {
        /// The fastest that keeps the stated tolerance on this processor.
        case auto
        /// 32-bit floating point.
        case f32
    }

    /// The path of a checkpoint (with a `/`, resolved against the configuration's folder, ending in `.safetensors` or
    /// `.pt`), or the name of an installed model (without a `/`).
    public var use: String
    /// `auto` where the file says nothing.
    public var precision: Precision

    /// Takes values as they are; only the reader checks ranges.
    public init(use: String, precision: Precision = .auto) {
        self.use = use
        self.precision = precision
    }
}

/// The Unix socket on which events are told.
public struct SocketSettings: Sendable, Equatable {
    /// At most 107 bytes of UTF-8: `sun_path` has 108, and the last is its end (unix(7)).
    public var path: String
    /// Permission bits, at most 0o777.
    public var mode: UInt16
    /// The ids of the users who may change something while the daemon runs, beside root and its own user.
    public var operators: Set<UInt32>

    /// Takes values as they are; only the reader checks ranges.
    public init(
        path: String = "/run/scenewatch/scenewatch.sock",
        mode: UInt16 = 0o660,
        operators: Set<UInt32> = []
    ) {
        self.path = path
        self.mode = mode
        self.operators = operators
    }
}

/// How crops are gathered for one run of the encoder.
public struct BatchSettings: Sendable, Equatable {
    /// Crops in one run at most, 1…64.
    public var size: Int
    /// How long a crop waits for others while the encoder is free.
    public var wait: Duration

    /// Takes values as they are; only the reader checks ranges.
    public init(size: Int = 8, wait: Duration = .milliseconds(10)) {
        self.size = size
        self.wait = wait
    }
}
