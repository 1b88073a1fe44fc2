import Capture
import Synchronization

/// Notices in the order in which they came.
final class Notices: Sendable {
    private let notices = Mutex<[CameraNotice]>([])

    func add(_ notice: CameraNotice) {
        notices.withLock { $0.append(notice) }
    }

    var all: [CameraNotice] { notices.withLock { $0 } }
}
