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
import UnixSignals

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
    private let reread: (@Sendable () throws(InvalidConfiguration) -> Settings)?
    private let logger: Logger
    private let notifier: ServiceNotifier
    private let isForSubscriber: Bool
    private let patience: Duration

    /// A daemon that runs when its service group does.
    ///
    /// - Parameters:
    ///   - reread: reads the configuration again, on SIGHUP and when the socket is asked to; nil for a daemon that cannot
    ///     be changed.
    ///   - isForSubscriber: whether it opens its cameras when a client has subscribed, and ends when the last has gone.
    ///   - patience: for how long it waits for that client.
    ///   - notifier: who is told that it is ready, alive and stopping.
    public init(
        settings: Settings,
        reread: (@Sendable () throws(InvalidConfiguration) -> Settings)? = nil,
        logger: Logger,
        isForSubscriber: Bool = false,
        patience: Duration = .seconds(60),
        notifier: ServiceNotifier = ServiceNotifier()
    ) {
        self.settings = settings
        self.reread = reread
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
        // One that comes early is kept until cameras are watched.
        let hangUps = reread == nil ? nil : await UnixSignalsSequence(trapping: .sighup)
        let merged = try await settingsWithAdditions(journal)
        let settings = merged.settings
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
        let surroundings = RunningCamera.Surroundings(doorbell: doorbell, board: board, logger: logger)
        let cameras = settings.cameras.map { RunningCamera($0, surroundings) }
        let inForce = InForce(
            InForce.Contents(
                settings: settings,
                added: merged.added,
                matchers: model.matchers,
                cameras: cameras
            )
        )
        let desk = SnapshotDesk(cameras: settings.cameras.map(\.name))
        let answers = SocketAnswers(
            inForce: inForce,
            model: model,
            board: board,
            desk: desk,
            journal: journal,
            boot: UUID().uuidString.lowercased()
        )
        let server = EventSocketServer(
            path: settings.socket.path,
            mode: settings.socket.mode,
            backend: answers,
            logger: logger,
            group: MultiThreadedEventLoopGroup.singleton,
            operators: settings.socket.operators
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

        let plans = PlanMailbox(doorbell)
        let thumbnails = settings.journal.thumbnails
        let thumbnailDesk = thumbnails == .none ? nil : ThumbnailDesk(journal: journal, logger: logger)
        let describing = settings.describe.map { describe in
            DescribingDesk(
                describe,
                model: settings.model.use,
                identity: model.identity,
                cache: VocabularyCache.path(besideJournal: settings.journal.path),
                doorbell: doorbell,
                logger: logger
            )
        }
        let wiring = LookLoop.Wiring(
            cameras: cameras.map { ($0.settings, $0.mailbox) },
            watches: watches,
            tower: model.tower,
            modelID: model.identity,
            batch: settings.batch,
            doorbell: doorbell,
            plans: plans,
            board: board,
            desk: desk,
            journal: journal,
            thumbnails: thumbnailDesk.map { (thumbnails, $0) },
            describing: describing,
            publish: publish,
            logger: logger
        )
        let changes = reread.map { reread in
            let notifier = notifier
            return ChangeDesk(
                ChangeDesk.Means(
                    read: reread,
                    inForce: inForce,
                    modelID: model.identity,
                    tower: model.tower,
                    plans: plans,
                    surroundings: surroundings,
                    journal: journal,
                    snapshots: desk,
                    hooks: hooks,
                    publish: publish,
                    setOperators: { server.setOperators($0) },
                    willReload: { notifier.reloading() },
                    didReload: { notifier.ready(answers.summary) }
                )
            )
        }
        answers.setChangeDesk(changes)
        let failure = FirstFailure()
        let looked = wiring.start { error in failure.set(error.description) }
        for camera in cameras { camera.camera.start() }
        logger.notice("watching \(cameras.count) cameras; events on \(settings.socket.path)")
        notifier.ready(answers.summary)

        await withTaskGroup { group in
            group.addTask { await follow(hangUps, changes) }
            await watchOver(board, answers, server, failure)
            group.cancelAll()
        }
        answers.setChangeDesk(nil)
        if let changes { try await onOwnThread("stop changes") { changes.stop() } }
        try await onOwnThread("stop questions") { answers.stopAnswering() }

        notifier.stopping()
        logger.notice("stopping")
        // All at once: a command that is deaf to SIGTERM takes more than a second.
        await withTaskGroup { group in
            for camera in inForce.now.cameras {
                group.addTask { try? await onOwnThread("stop camera") { camera.camera.stop() } }
            }
        }
        try await onOwnThread("stop") {
            doorbell.stop()
            _ = looked.wait(until: nil)
            thumbnailDesk?.stop()
            describing?.stop()
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

    /// The file's settings with the triggers that were added before.
    private func settingsWithAdditions(_ journal: Journal) async throws -> MergedSettings {
        let settings = settings
        // One that cannot be changed has none of its own to remove again.
        guard reread != nil else { return MergedSettings(file: settings, additions: []) }
        let additions = try await onOwnThread("read additions") {
            do throws(JournalError) {
                return try journal.additions()
            } catch {
                throw Failure.journal(error)
            }
        }
        let merged = MergedSettings(file: settings, additions: additions)
        for warning in merged.warnings { logger.warning("\(warning)") }
        return merged
    }

    /// Has the configuration read again with each SIGHUP.
    private func follow(_ hangUps: UnixSignalsSequence?, _ changes: ChangeDesk?) async {
        guard let hangUps, let changes else { return }
        for await _ in hangUps {
            await withCheckedContinuation { continuation in
                changes.ask(.reload) { _ in continuation.resume() }
            }
        }
    }
}
