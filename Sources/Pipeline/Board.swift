import Capture
import EventSocket
import Foundation
import Synchronization

/// What the threads let others know of themselves; read by the socket's `status` and by systemd's status line.
final class Board: Sendable {
    /// Of one camera.
    struct CameraEntry {
        var state = "opening"
        var looks = 0
        var undecodable = 0
        var lastLook: Date?
        var lookTimes = RecentValues(limit: 32)
        /// Set by the camera's thread when the source was lost; taken by the thread that looks.
        var wasInterrupted = false
    }

    private struct Contents {
        var cameras: [String: CameraEntry] = [:]
        var triggers: [TriggerState] = []
        var batches = 0
        var crops = 0
        var cropMilliseconds = RecentValues(limit: 255)
        var heartbeat = 0
    }

    private let contents = Mutex(Contents())

    init(cameras: [String], triggers: [TriggerState]) {
        contents.withLock {
            $0.cameras = Dictionary(uniqueKeysWithValues: cameras.map { ($0, CameraEntry()) })
            $0.triggers = triggers
        }
    }

    func camera(_ name: String) -> CameraEntry {
        contents.withLock { $0.cameras[name] ?? CameraEntry() }
    }

    func updateCamera<Result: Sendable>(_ name: String, _ body: (inout CameraEntry) -> Result) -> Result {
        contents.withLock { body(&$0.cameras[name, default: CameraEntry()]) }
    }

    var states: [TriggerState] { contents.withLock { $0.triggers } }

    func setTrigger(at index: Int, _ state: TriggerState) {
        contents.withLock { $0.triggers[index] = state }
    }

    func countBatch(crops: Int, took: Duration) {
        contents.withLock {
            $0.batches += 1
            $0.crops += crops
            $0.cropMilliseconds.add(took / .milliseconds(1) / Double(max(crops, 1)))
        }
    }

    var encoder: StatusReport.EncoderLoad {
        contents.withLock {
            StatusReport.EncoderLoad(
                batches: $0.batches,
                crops: $0.crops,
                medianMilliseconds: $0.cropMilliseconds.median.map { ($0 * 100).rounded() / 100 }
            )
        }
    }

    /// Counts on while the thread that looks is alive, also when there is nothing to look at.
    var heartbeat: Int { contents.withLock { $0.heartbeat } }

    func beat() {
        contents.withLock { $0.heartbeat += 1 }
    }
}

/// The last few of a series of numbers, in a ring that is allocated once.
struct RecentValues: Sendable {
    private let limit: Int
    private var values: [Double] = []
    private var next = 0

    init(limit: Int) {
        self.limit = limit
        values.reserveCapacity(limit)
    }

    mutating func add(_ value: Double) {
        if values.count < limit {
            values.append(value)
        } else {
            values[next] = value
        }
        next = (next + 1) % limit
    }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        next = 0
    }

    var median: Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    /// Of times in seconds: how many a second.
    var rate: Double {
        guard let first = values.min(), let last = values.max(), last > first else { return 0 }
        return Double(values.count - 1) / (last - first)
    }
}
