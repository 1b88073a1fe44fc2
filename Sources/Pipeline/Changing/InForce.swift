import Configuration
import Matching
import Synchronization

/// What the daemon goes by: one value for whoever asks, replaced as a whole when the configuration changes.
final class InForce: Sendable {
    struct Contents: Sendable {
        /// The file's, with the triggers that were added behind its own.
        var settings: Settings
        /// The names of the triggers that were added.
        var added: Set<String>
        /// One of each trigger.
        var matchers: [Matcher?]
        /// One of each camera.
        var cameras: [RunningCamera]
    }

    private let contents: Mutex<Contents>

    init(_ contents: Contents) {
        self.contents = Mutex(contents)
    }

    var now: Contents { contents.withLock { $0 } }

    func set(_ new: Contents) {
        contents.withLock { $0 = new }
    }
}
