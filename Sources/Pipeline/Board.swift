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
        var reused = 0
        var lastLook: Date?
        var lookTimes = RecentValues(limit: 32)
        /// What its pictures lack, though the source gives them.
        var trouble: String?

        /// The state as people are told it: that pictures come is not worth much where they show nothing.
        var shownState: String {
            guard let trouble, state == "streaming" || state.hasPrefix("degraded") else { return state }
            return "blind: \(trouble)"
        }
    }

    /// What a camera's thread tells of its source.
    struct CameraNews: Sendable {
        enum Kind: Sendable {
            case found(String)
            case lost(String)
            /// Over for good.
            case ended(String)
        }

        let camera: String
        let kind: Kind
        /// When it happened, by the clock that frames are stamped with.
        let monotonic = monotonicNow()
        let date = Date()
    }

    private struct Contents {
        var news: [CameraNews] = []
        var cameras: [String: CameraEntry] = [:]
        var triggers: [TriggerState] = []
        var batches = 0
        var crops = 0
        var cropMilliseconds = RecentValues(limit: 255)
        var cuttingMilliseconds = RecentValues(limit: 255)
        var load = 0.0
        var commonRate: Double?
        var heartbeat = 0
    }

    private let contents = Mutex(Contents())

    init(cameras: [String], triggers: [TriggerState]) {
        contents.withLock {
            $0.cameras = Dictionary(uniqueKeysWithValues: cameras.map { ($0, CameraEntry()) })
            $0.triggers = triggers
        }
    }

    /// From now on there are these cameras and triggers; what is known of cameras that go on stays known.
    func adopt(cameras: [String], keeping kept: Set<String>, triggers: [TriggerState]) {
        contents.withLock { contents in
            let former = contents.cameras.filter { kept.contains($0.key) }
            contents.cameras = Dictionary(uniqueKeysWithValues: cameras.map { ($0, former[$0] ?? CameraEntry()) })
            contents.news.removeAll { former[$0.camera] == nil }
            contents.triggers = triggers
        }
    }

    func camera(_ name: String) -> CameraEntry {
        contents.withLock { $0.cameras[name] ?? CameraEntry() }
    }

    func updateCamera(_ name: String, _ body: (inout CameraEntry) -> Void) {
        contents.withLock { body(&$0.cameras[name, default: CameraEntry()]) }
    }

    /// Takes what a camera's thread tells of its source: as its state, and as news for the thread that looks.
    func report(_ camera: String, _ kind: CameraNews.Kind) {
        contents.withLock { contents in
            switch kind {
            case .found: contents.cameras[camera]?.state = "streaming"
            case .lost(let reason): contents.cameras[camera]?.state = "lost: \(reason)"
            case .ended: contents.cameras[camera]?.state = "ended"
            }
            if case .found = kind {} else { contents.cameras[camera]?.lookTimes.removeAll() }
            contents.news.append(CameraNews(camera: camera, kind: kind))
        }
    }

    /// The camera's source goes on with something wrong; nil when that is over.
    func degrade(_ camera: String, _ what: String?) {
        contents.withLock { $0.cameras[camera]?.state = what.map { "degraded: \($0)" } ?? "streaming" }
    }

    /// What the camera's pictures lack; nil for nothing.
    func setTrouble(_ trouble: String?, of camera: String) {
        contents.withLock { $0.cameras[camera]?.trouble = trouble }
    }

    /// How much of the time all looks together would take, and the rate that nobody may exceed.
    func setLoad(_ load: Double, commonRate: Double?) {
        contents.withLock {
            $0.load = load
            $0.commonRate = commonRate
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

    /// - Parameters:
    ///   - crops: that were encoded.
    ///   - took: the encoding, in all.
    ///   - cutting: the decoding and cutting of each frame.
    func countBatch(crops: Int, took: Duration, cutting: [Duration]) {
        contents.withLock {
            for time in cutting { $0.cuttingMilliseconds.add(time / .milliseconds(1)) }
            $0.batches += 1
            $0.crops += crops
            guard crops > 0 else { return }
            $0.cropMilliseconds.add(took / .milliseconds(1) / Double(crops))
        }
    }

    var encoder: StatusReport.EncoderLoad {
        contents.withLock {
            StatusReport.EncoderLoad(
                batches: $0.batches,
                crops: $0.crops,
                medianMilliseconds: $0.cropMilliseconds.median.map { ($0 * 100).rounded() / 100 },
                cuttingMilliseconds: $0.cuttingMilliseconds.median.map { ($0 * 100).rounded() / 100 },
                load: $0.load,
                commonRate: $0.commonRate
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
