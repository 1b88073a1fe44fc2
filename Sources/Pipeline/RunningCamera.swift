import Capture
import Configuration
import Logging
import Synchronization

/// A camera of the configuration with its thread, and where that leaves its frames.
///
/// A camera whose settings change is another camera: the one before has its say no more, even while its thread still ends.
final class RunningCamera: Sendable {
    /// What cameras tell, and to whom.
    struct Surroundings: Sendable {
        var doorbell: Doorbell
        var board: Board
        var claims = DeviceClaims()
        var logger: Logger
    }

    let settings: CameraSettings
    let mailbox: FrameMailbox
    let camera: Camera
    private let isRetired: Retirement

    /// One that does not run yet.
    init(_ settings: CameraSettings, _ surroundings: Surroundings) {
        let name = settings.name
        let (doorbell, board, logger) = (surroundings.doorbell, surroundings.board, surroundings.logger)
        let retirement = Retirement()
        self.settings = settings
        isRetired = retirement
        mailbox = FrameMailbox { doorbell.ring() }
        // The last frame of a file is looked at before the file has ended, when the next look is due.
        camera = Camera(
            name: name,
            source: FrameSource(settings),
            mailbox: mailbox,
            claims: surroundings.claims,
            patience: settings.look.interval
        ) { notice in
            guard !retirement.hasCome else { return }
            switch notice {
            case .opened(let what):
                board.report(name, .found(what))
                doorbell.announce()
                logger.info("camera \(name): \(what)")
            case .degraded(let what):
                board.degrade(name, what)
                logger.warning("camera \(name): \(what)")
            case .recovered:
                board.degrade(name, nil)
                logger.notice("camera \(name) is well again")
            case .lost(let reason, let delay):
                board.report(name, .lost(reason))
                doorbell.announce()
                logger.warning("camera \(name) is lost: \(reason); next try in \(delay)")
            case .lostAgain(let reason):
                board.report(name, .lost(reason))
                doorbell.announce()
            case .ended(let why):
                board.report(name, .ended(why))
                doorbell.announce()
                logger.notice("camera \(name) has ended: \(why)")
            case .complaint(let what):
                board.complain(name, of: what)
                logger.warning("camera \(name): \(what)")
            }
        }
    }

    /// Nothing that it tells counts any more.
    func retire() {
        isRetired.come()
    }
}

/// Whether something has had its time.
private final class Retirement: Sendable {
    private let value = Atomic(false)

    var hasCome: Bool { value.load(ordering: .acquiring) }

    func come() { value.store(true, ordering: .releasing) }
}
