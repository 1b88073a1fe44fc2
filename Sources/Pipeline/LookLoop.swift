import Capture
import Configuration
import Foundation
import Imaging
import Journal
import Logging
import Matching
import MobileCLIP

/// The thread that looks: takes cameras' newest frames when they are due, cuts and encodes them in batches, scores them,
/// and hands looks and events on.
///
/// It starts a batch when at least one crop waits, takes up to `batch.size` crops, and waits at most `batch.wait` for
/// cameras that are due and have no frame yet. The camera that has been due for longest comes first; recordings that are
/// played fast come after all others, and take turns.
final class LookLoop {
    /// What the loop needs, all of it safe to hand to its thread.
    struct Wiring: Sendable {
        var cameras: [(settings: CameraSettings, mailbox: FrameMailbox)]
        var watches: [Watch]
        var tower: PackedImageTower
        var modelID: String
        var batch: BatchSettings
        var doorbell: Doorbell
        var board: Board
        var desk: SnapshotDesk
        var journal: Journal
        var publish: @Sendable (JournaledMessage) -> Void
        var logger: Logger
    }

    /// One camera, with the buffers of its look.
    private final class Station {
        let name: String
        let view: Imaging.View
        let mailbox: FrameMailbox
        var schedule: LookSchedule
        /// Indices of its watches.
        let watches: [Int]
        var frame = Frame()
        var picture = Picture()
        var crops: [[UInt8]] = []
        var squares: [Square] = []
        var embeddings: [[Float]] = []
        var complaints: Set<String> = []
        /// Since when its source is lost; nil while it gives frames.
        var lostSince: Duration?
        /// When its source was last lost, until there is a look from after that. A camera that is seldom looked at may
        /// be found long before.
        var interruptedAt: Duration?
        /// Whether its triggers have been told that they see nothing.
        var isBlind = false
        /// Of a recording that is played as fast as it is looked at: the time from one frame to the next. Its frames are
        /// all taken, those between two looks too, and its time is theirs.
        let period: Duration?
        /// Whether a frame was ever taken.
        var hasFrame = false
        /// When it was last looked at, by this machine's clock.
        var lastTurn = Duration.zero

        init(_ settings: CameraSettings, mailbox: FrameMailbox, watches: [Int], now: Duration) {
            name = settings.name
            view = settings.view == .center ? .center : .full
            self.mailbox = mailbox
            self.watches = watches
            schedule = LookSchedule(interval: settings.look.interval, from: now)
            period = settings.pace == .fastest ? .mediaTime(of: 1, rate: settings.playedRate) : nil
        }

        /// What time it is for the camera: a recording that is played fast has arrived after its last frame.
        var now: (monotonic: Duration, wallClock: Date) {
            guard let period, hasFrame else { return (monotonicNow(), Date()) }
            return (frame.monotonic + period, frame.wallClock + period / .seconds(1))
        }

        /// By which cameras take turns: since when it is due, and after all those, when a recording had its last turn.
        var turn: (Int, Duration) { period == nil ? (0, schedule.due) : (1, lastTurn) }

        /// Whether the frame that was taken is to be looked at: of a recording, the one nearest to when a look is due.
        func isDueWithFrame() -> Bool {
            guard let period else { return true }
            if !hasFrame { schedule = LookSchedule(interval: schedule.interval, from: frame.monotonic) }
            return schedule.isDue(at: frame.monotonic, framesEvery: period)
        }
    }

    private let wiring: Wiring
    private var watches: [Watch]
    private let stations: [Station]
    private let encoder: ImageEncoder
    private let preprocessor: Preprocessor
    private let decoder: JPEGDecoder
    private var batch: [Station] = []

    init(_ wiring: Wiring) throws(ImagingError) {
        self.wiring = wiring
        watches = wiring.watches
        let now = monotonicNow()
        stations = wiring.cameras.map { camera in
            Station(
                camera.settings,
                mailbox: camera.mailbox,
                watches: wiring.watches.indices.filter { wiring.watches[$0].camera == camera.settings.name },
                now: now
            )
        }
        encoder = ImageEncoder(tower: wiring.tower)
        preprocessor = Preprocessor(side: wiring.tower.side)
        decoder = try JPEGDecoder()
    }

    /// Looks until the doorbell says stop; then ends the events that are active.
    func run() {
        while !wiring.doorbell.hasStopped {
            wiring.board.beat()
            tellNews()
            giveUpLost()
            gather()
            if batch.isEmpty {
                rest()
            } else {
                look()
            }
        }
        tellNews()
        for station in stations { end(station, reason: .shutdown) }
    }

    /// Hands on which cameras were lost and found.
    private func tellNews() {
        for news in wiring.board.takeNews() {
            var change = news.change
            if let station = stations.first(where: { $0.name == change.camera }) {
                var monotonic = news.monotonic
                // Of a recording that is played fast this is its end, and all its frames have been taken.
                if station.period != nil, station.hasFrame {
                    change.at = station.now.wallClock
                    monotonic = station.frame.monotonic
                }
                station.lostSince = news.isLost ? monotonic : nil
                if news.isLost { station.interruptedAt = monotonic }
            }
            wiring.journal.record(
                news.isLost ? .cameraLost(change) : .cameraFound(change),
                then: wiring.publish
            )
        }
    }

    /// Ends what is active on cameras that have been lost for a while: it can no longer be known. A command that is
    /// started anew, or a plug that is put back at once, ends nothing. A recording that is played fast has ended.
    private func giveUpLost() {
        let now = monotonicNow()
        for station in stations where !station.isBlind {
            guard let lostSince = station.lostSince else { continue }
            guard station.period != nil || now - lostSince >= Self.lossGrace else { continue }
            station.isBlind = true
            // A frame from before the loss that nobody looked at must not start anything now.
            if station.period == nil { _ = station.mailbox.take(into: &station.frame) }
            end(station, reason: .cameraLost)
        }
    }

    private static let lossGrace = Duration.seconds(5)

    private func end(_ station: Station, reason: EventEndReason) {
        let now = station.now.wallClock
        for index in station.watches {
            if let message = watches[index].stop(at: now, reason: reason) {
                wiring.journal.record(message, then: wiring.publish)
            }
            show(index)
        }
    }

    // MARK: Batches

    /// Fills the batch with cameras that are due and have a frame, waiting a moment for those that are due and have none.
    private func gather() {
        batch.removeAll(keepingCapacity: true)
        var crops = 0
        var deadline: Duration?
        while !wiring.doorbell.hasStopped {
            let now = monotonicNow()
            let due = stations.filter { isDue($0, at: now) && !isInBatch($0) }
            for station in due.sorted(by: { $0.turn < $1.turn }) {
                guard crops < wiring.batch.size, prepare(station) else { continue }
                station.lastTurn = monotonicNow()
                station.schedule.looked(at: station.period == nil ? station.lastTurn : station.frame.monotonic)
                batch.append(station)
                crops += station.crops.count
            }
            let isAwaited = due.contains { !isInBatch($0) && $0.lostSince == nil }
            guard !batch.isEmpty, crops < wiring.batch.size, isAwaited else { return }
            let end = deadline ?? now + wiring.batch.wait
            deadline = end
            guard monotonicNow() < end else { return }
            wiring.doorbell.wait(until: end, forFrames: true)
        }
    }

    /// Whether the camera can have a frame that is to be looked at. A recording that is played fast can wait for the
    /// journal, so that none of its looks is given up.
    private func isDue(_ station: Station, at now: Duration) -> Bool {
        station.period == nil ? station.schedule.isDue(at: now) : wiring.journal.hasRoom
    }

    private func isInBatch(_ station: Station) -> Bool {
        batch.contains { $0 === station }
    }

    /// Takes, decodes and cuts the camera's newest frame. False when there is none, or none that can be used.
    private func prepare(_ station: Station) -> Bool {
        guard station.mailbox.take(into: &station.frame) else { return false }
        let isDue = station.isDueWithFrame()
        station.hasFrame = true
        guard isDue else { return false }
        do throws(ImagingError) {
            switch station.frame.format {
            case .jpeg:
                try decoder.decode(station.frame.bytes, into: &station.picture)
            case .yuyv(let stride):
                try YUYV.decode(
                    station.frame.bytes,
                    width: station.frame.width,
                    height: station.frame.height,
                    stride: stride,
                    into: &station.picture
                )
            }
            try preprocessor.crops(of: station.picture, view: station.view, into: &station.crops)
        } catch {
            wiring.board.updateCamera(station.name) { $0.undecodable += 1 }
            // Once for each cause; a camera with a bad cable would fill the log.
            if station.complaints.count < 20, station.complaints.insert(error.description).inserted {
                wiring.logger.warning("camera \(station.name): a picture cannot be used: \(error)")
            }
            return false
        }
        station.squares = preprocessor.squares(
            of: station.view,
            width: station.picture.width,
            height: station.picture.height
        )
        return true
    }

    /// How soon the journal is asked again whether it has room.
    private static let journalPause = Duration.milliseconds(20)

    /// Nothing to look at: sleeps until another camera is due, or, where one is already, until a frame comes.
    private func rest() {
        let now = monotonicNow()
        // Often enough to count as alive for any watchdog that somebody would set.
        var end = now + .milliseconds(250)
        var someIsDue = false
        for station in stations {
            if isDue(station, at: now) {
                someIsDue = true
            } else {
                end = min(end, station.period == nil ? station.schedule.due : now + Self.journalPause)
            }
        }
        wiring.doorbell.wait(until: end, forFrames: someIsDue)
    }

    // MARK: A look

    private func look() {
        let started = monotonicNow()
        var crops = 0
        for station in batch {
            while station.embeddings.count < station.crops.count { station.embeddings.append([]) }
            station.embeddings.removeLast(station.embeddings.count - station.crops.count)
            for (index, crop) in station.crops.enumerated() {
                encoder.encode(crop, into: &station.embeddings[index])
                station.embeddings[index] = Prompt.normalized(station.embeddings[index])
            }
            crops += station.crops.count
        }
        wiring.board.countBatch(crops: crops, took: monotonicNow() - started)
        for station in batch { record(station) }
        // Last, since events are not to wait for pictures.
        for station in batch {
            let frame = station.frame
            wiring.desk.give(station.picture, of: station.name, frame: frame.sequence, at: frame.wallClock)
        }
    }

    /// Scores a look and hands it on: the look first, so that an event's row never stands before its evidence.
    private func record(_ station: Station) {
        let frame = station.frame
        wiring.board.updateCamera(station.name) { entry in
            entry.looks += 1
            entry.lastLook = frame.wallClock
            entry.lookTimes.add((station.period == nil ? frame.monotonic : monotonicNow()) / .seconds(1))
        }
        var scores: [ScoreRecord] = []
        var messages: [JournalMessage] = []
        // What triggers had begun to see before the camera was lost counts no more. A frame from before may come late.
        let isFirstSinceLoss = station.interruptedAt.map { frame.monotonic > $0 } ?? false
        if isFirstSinceLoss {
            station.interruptedAt = nil
            station.isBlind = false
        }
        for index in station.watches {
            if isFirstSinceLoss { watches[index].interrupt() }
            let outcome = watches[index].look(
                station.embeddings,
                frame: frame.sequence,
                monotonic: frame.monotonic,
                wallClock: frame.wallClock,
                newEvent: { EventID(at: $0) }
            )
            for (crop, score) in outcome.scores.enumerated() {
                scores.append(ScoreRecord(trigger: watches[index].trigger, crop: crop, score))
            }
            if let message = outcome.message { messages.append(message) }
            show(index)
        }
        let crops = station.squares.enumerated().map { index, square in
            CropRecord(
                index: index,
                x: square.x,
                y: square.y,
                side: square.side,
                embedding: station.embeddings[index]
            )
        }
        wiring.journal.record(
            LookRecord(
                camera: station.name,
                sequence: frame.sequence,
                at: frame.wallClock,
                view: station.view.rawValue,
                modelID: wiring.modelID,
                crops: crops,
                scores: scores
            )
        )
        for message in messages { wiring.journal.record(message, then: wiring.publish) }
    }

    private func show(_ index: Int) {
        wiring.board.setTrigger(at: index, watches[index].report)
    }
}

extension LookLoop.Wiring {
    /// Creates the loop on its own thread and runs it there. Returns what waits for its end.
    func start(onFailure: @escaping @Sendable (ImagingError) -> Void) -> Latch {
        let ended = Latch()
        let thread = Thread {
            do throws(ImagingError) {
                try LookLoop(self).run()
            } catch {
                onFailure(error)
            }
            ended.set()
        }
        thread.name = "look"
        thread.stackSize = 8 << 20
        thread.start()
        return ended
    }
}

extension ScoreRecord {
    fileprivate init(trigger: String, crop: Int, _ score: Score) {
        self.init(
            trigger: trigger,
            crop: crop,
            similarity: score.similarity,
            probability: score.probability,
            margin: score.margin,
            rival: score.rival
        )
    }
}
