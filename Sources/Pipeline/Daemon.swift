import CMalloc
import Capture
import Configuration
import EventSocket
import Foundation
import Journal
import Logging
import Matching
import MobileCLIP
import NIOPosix
import ServiceLifecycle

/// The daemon: everything that a configuration describes, started in order, run until it is asked to stop, and stopped in
/// the opposite order. Nothing that was committed or begun is lost on the way: active events end with the reason
/// `shutdown`, and their lines go out before the socket closes.
public struct Daemon: Service {
    /// Why the daemon could not start.
    public enum Failure: Error, CustomStringConvertible {
        /// The model that the configuration names cannot be used.
        case model(ModelError)
        /// The journal cannot be used.
        case journal(any Error)
        /// The socket cannot be used.
        case socket(EventSocketError)
        /// The thread that looks ended by itself.
        case looking(String)
        /// Nobody subscribed for as long as it waits for that.
        case noSubscriber(Duration)

        /// Which part of the configuration it is about, and what is wrong.
        public var description: String {
            switch self {
            case .model(let error): "model.use: \(error)"
            case .journal(let error): "journal: \(error)"
            case .socket(let error): "socket: \(error)"
            case .looking(let reason): "looking at pictures: \(reason)"
            case .noSubscriber(let patience): "nobody has subscribed for \(patience)"
            }
        }
    }

    private let settings: Settings
    private let logger: Logger
    private let notifier: ServiceNotifier
    private let isForSubscriber: Bool
    private let patience: Duration

    /// A daemon that runs when its service group does.
    ///
    /// - Parameters:
    ///   - isForSubscriber: whether it opens its cameras when a client has subscribed, and ends when the last has gone.
    ///   - patience: for how long it waits for that client.
    ///   - notifier: who is told that it is ready, alive and stopping.
    public init(
        settings: Settings,
        logger: Logger,
        isForSubscriber: Bool = false,
        patience: Duration = .seconds(60),
        notifier: ServiceNotifier = ServiceNotifier()
    ) {
        self.settings = settings
        self.logger = logger
        self.isForSubscriber = isForSubscriber
        self.patience = patience
        self.notifier = notifier
    }

    /// Runs until a graceful shutdown is asked for.
    ///
    /// - Throws: `Failure` when it cannot start.
    public func run() async throws {
        let (settings, logger) = (settings, logger)
        let journal = try await onOwnThread("open journal") {
            do throws(JournalError) {
                return try Journal(
                    path: settings.journal.path,
                    logger: logger,
                    retention: RetentionSettings(settings.journal)
                )
            } catch {
                throw Failure.journal(error)
            }
        }
        do {
            try await run(with: journal)
        } catch {
            try await onOwnThread("close journal") { journal.close() }
            throw error
        }
        try await onOwnThread("close journal") { journal.close() }
    }

    private func run(with journal: Journal) async throws {
        let settings = settings
        let model = try await onOwnThread("load model") {
            do throws(ModelError) {
                return try PreparedModel(settings)
            } catch {
                throw Failure.model(error)
            }
        }
        // The text tower and the file's tensors were most of what the heap has held so far; give it back.
        malloc_trim(0)
        logger.info("model \(model.name) (\(model.identity)) is ready, with \(settings.triggers.count) triggers")

        for complaint in model.complaints { logger.warning("\(complaint)") }
        if model.unheardRivals > 0 {
            let share = "\(model.unheardRivals) of the \(Matching.background.count) built-in rivals"
            logger.notice("\(share) are left out: the model has not learned their words")
        }
        guard !Task.isShuttingDownGracefully else { return }

        let doorbell = Doorbell()
        let starts = try await onOwnThread("read journal") {
            do throws(JournalError) {
                return try journal.lastStarts()
            } catch {
                throw Failure.journal(error)
            }
        }
        let watches = settings.watches(model.matchers, lastStarts: starts)
        let board = Board(cameras: settings.cameras.map(\.name), triggers: watches.map(\.report))
        let claims = DeviceClaims()
        let cameras = settings.cameras.map { makeCamera($0, doorbell, board, claims) }
        let desk = SnapshotDesk(cameras: settings.cameras.map(\.name))
        let answers = SocketAnswers(
            settings: settings,
            model: model,
            board: board,
            desk: desk,
            cameras: cameras,
            journal: journal,
            boot: UUID().uuidString.lowercased()
        )
        let server = EventSocketServer(
            path: settings.socket.path,
            mode: settings.socket.mode,
            backend: answers,
            logger: logger,
            group: MultiThreadedEventLoopGroup.singleton
        )
        do throws(EventSocketError) {
            try await server.start()
        } catch {
            throw Failure.socket(error)
        }
        if isForSubscriber {
            logger.notice("waiting for a subscriber on \(settings.socket.path)")
            notifier.ready(answers.summary)
            guard await hasSubscriber(server, answers) else {
                notifier.stopping()
                await server.stop()
                guard Task.isShuttingDownGracefully else { throw Failure.noSubscriber(patience) }
                return
            }
        }
        let hooks = EventHooks(settings.triggers, logger: logger)
        let publish: @Sendable (JournaledMessage) -> Void = { message in
            if message.message.isDryRun {
                logger.notice("dry run: \(message.message.words)")
            } else {
                let line = EventLine(message)
                server.publish(line)
                hooks.tell(line)
            }
        }

        let thumbnails = settings.journal.thumbnails
        let thumbnailDesk = thumbnails == .none ? nil : ThumbnailDesk(journal: journal, logger: logger)
        let wiring = LookLoop.Wiring(
            cameras: zip(settings.cameras, cameras).map { ($0, $1.mailbox) },
            watches: watches,
            tower: model.tower,
            modelID: model.identity,
            batch: settings.batch,
            doorbell: doorbell,
            board: board,
            desk: desk,
            journal: journal,
            thumbnails: thumbnailDesk.map { (thumbnails, $0) },
            publish: publish,
            logger: logger
        )
        let failure = FirstFailure()
        let looked = wiring.start { error in failure.set(error.description) }
        for camera in cameras { camera.camera.start() }
        logger.notice("watching \(cameras.count) cameras; events on \(settings.socket.path)")
        notifier.ready(answers.summary)

        await watchOver(board, answers, server, failure)

        notifier.stopping()
        logger.notice("stopping")
        // All at once: a command that is deaf to SIGTERM takes more than a second.
        await withTaskGroup { group in
            for camera in cameras {
                group.addTask { try? await onOwnThread("stop camera") { camera.camera.stop() } }
            }
        }
        try await onOwnThread("stop") {
            doorbell.stop()
            _ = looked.wait(until: nil)
            thumbnailDesk?.stop()
            journal.flush()
        }
        await server.stop()
        try await onOwnThread("stop hooks") { hooks.stop() }
        if let reason = failure.reason { throw Failure.looking(reason) }
    }

    /// Waits until somebody listens; false when nobody does, or the daemon is to stop before.
    private func hasSubscriber(_ server: EventSocketServer, _ answers: SocketAnswers) async -> Bool {
        await cancelWhenGracefulShutdown {
            let start = monotonicNow()
            var lastPet = start
            while !Task.isCancelled, server.subscribers == 0, monotonicNow() - start < patience {
                if let interval = notifier.watchdogInterval, monotonicNow() - lastPet >= interval {
                    notifier.pet(answers.summary)
                    lastPet = monotonicNow()
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        return server.subscribers > 0 && !Task.isShuttingDownGracefully
    }

    /// Pets the watchdog while the thread that looks moves, and returns when the daemon is to stop.
    private func watchOver(
        _ board: Board,
        _ answers: SocketAnswers,
        _ server: EventSocketServer,
        _ failure: FirstFailure
    ) async {
        let longest = Duration.seconds(isForSubscriber ? 1 : 5)
        let interval = min(notifier.watchdogInterval ?? longest, longest)
        await cancelWhenGracefulShutdown {
            var heartbeat = -1
            while !Task.isCancelled, failure.reason == nil, !isForSubscriber || server.subscribers > 0 {
                let beat = board.heartbeat
                if beat != heartbeat { notifier.pet(answers.summary) }
                heartbeat = beat
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func makeCamera(
        _ settings: CameraSettings,
        _ doorbell: Doorbell,
        _ board: Board,
        _ claims: DeviceClaims
    ) -> (camera: Camera, mailbox: FrameMailbox) {
        let logger = logger
        let name = settings.name
        let mailbox = FrameMailbox { doorbell.ring() }
        let source = FrameSource(settings)
        // The last frame of a file is looked at before the file has ended, when the next look is due.
        let camera = Camera(
            name: name,
            source: source,
            mailbox: mailbox,
            claims: claims,
            patience: settings.look.interval
        ) { notice in
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
        return (camera, mailbox)
    }
}
