import Capture
import EventSocket
import Foundation
import Journal
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
        var isLost = false
    }

    /// That a camera stopped giving frames, or gives them again.
    struct CameraNews: Sendable {
        let isLost: Bool
        let change: CameraChange
        /// When it happened, by the clock that frames are stamped with.
        let monotonic = monotonicNow()
    }

    private struct Contents {
        var news: [CameraNews] = []
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

    func updateCamera(_ name: String, _ body: (inout CameraEntry) -> Void) {
        contents.withLock { body(&$0.cameras[name, default: CameraEntry()]) }
    }

    /// The camera's source failed. Only the first of several reasons in a row is news.
    ///
    /// - Parameter hasEnded: whether it is over for good, as a file is.
    func lose(_ camera: String, reason: String, hasEnded: Bool = false) {
        contents.withLock { contents in
            contents.cameras[camera]?.state = hasEnded ? "ended" : "lost: \(reason)"
            guard contents.cameras[camera]?.isLost == false else { return }
            contents.cameras[camera]?.isLost = true
            contents.cameras[camera]?.lookTimes.removeAll()
            contents.news.append(
                CameraNews(isLost: true, change: CameraChange(camera: camera, at: Date(), reason: reason))
            )
        }
    }

    /// The camera gives frames; news when it had been lost.
    func find(_ camera: String, as description: String) {
        contents.withLock { contents in
            contents.cameras[camera]?.state = "streaming"
            guard contents.cameras[camera]?.isLost == true else { return }
            contents.cameras[camera]?.isLost = false
            contents.news.append(
                CameraNews(isLost: false, change: CameraChange(camera: camera, at: Date(), reason: description))
            )
        }
    }

    /// The camera complains. That is its state for as long as it has given no frame: it may never give one.
    func complain(_ camera: String, of what: String) {
        contents.withLock { contents in
            guard contents.cameras[camera]?.state.hasPrefix("opening") == true else { return }
            contents.cameras[camera]?.state = "opening: \(what)"
        }
    }

    /// What is new since the last call, oldest first.
    func takeNews() -> [CameraNews] {
        contents.withLock { contents in
            defer { contents.news.removeAll() }
            return contents.news
        }
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
package struct RecentValues: Sendable {
    private let limit: Int
    private var values: [Double] = []
    private var next = 0

    package init(limit: Int) {
        self.limit = limit
        values.reserveCapacity(limit)
    }

    package mutating func add(_ value: Double) {
        if values.count < limit {
            values.append(value)
        } else {
            values[next] = value
        }
        next = (next + 1) % limit
    }

    package mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        next = 0
    }

    package var median: Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    /// Of times in seconds: how many a second. It falls when the next one is overdue.
    package func rate(at now: Double) -> Double {
        guard let first = values.min(), let last = values.max(), last > first else { return 0 }
        let interval = (last - first) / Double(values.count - 1)
        return Double(values.count - 1) / (max(last, now - interval) - first)
    }
}
