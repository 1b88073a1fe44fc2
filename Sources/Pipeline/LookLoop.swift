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
/// cameras that are due and have no frame yet. The camera that has been due for longest comes first, and all crops of a
/// frame travel together; recordings that are played fast come after all others, and take turns. When there is not time
/// for all, ``LookShares`` says how often each is due.
final class LookLoop {
    /// What the loop needs, all of it safe to hand to its thread.
    struct Wiring: Sendable {
        var cameras: [(settings: CameraSettings, mailbox: FrameMailbox)]
        var watches: [Watch]
        var tower: PackedImageTower
        var modelID: String
        var batch: BatchSettings
        var doorbell: Doorbell
        var plans: PlanMailbox
        var board: Board
        var desk: SnapshotDesk
        var journal: Journal
        /// Which looks' pictures are kept small, and who makes them; nil for none.
        var thumbnails: (kinds: Configuration.JournalSettings.Thumbnails, desk: ThumbnailDesk)?
        /// Who says in words what looks show; nil for nobody.
        var describing: DescribingDesk?
        var publish: @Sendable (JournaledMessage) -> Void
        var logger: Logger
    }

    let wiring: Wiring
    var watches: [Watch]
    var stations: [Station] = []
    var batchSettings: BatchSettings
    private let encoder: ImageEncoder
    let decoder: FrameDecoder
    private var batch: [Station] = []
    private var overload = OverloadNotice()

    init(_ wiring: Wiring) throws(ImagingError) {
        self.wiring = wiring
        watches = wiring.watches
        batchSettings = wiring.batch
        encoder = ImageEncoder(tower: wiring.tower)
        decoder = try FrameDecoder()
        stations = wiring.cameras.map { camera in
            makeStation(camera, watches: watches.places(on: camera.settings.name))
        }
    }

    func makeStation(_ camera: (settings: CameraSettings, mailbox: FrameMailbox), watches: [Int]) -> Station {
        Station(
            camera.settings,
            mailbox: camera.mailbox,
            watches: watches,
            side: wiring.tower.side,
            now: monotonicNow()
        )
    }

    /// Looks until the doorbell says stop; then ends the events that are active.
    func run() {
        while !wiring.doorbell.hasStopped {
            wiring.board.beat()
            wiring.plans.adopt(adopt)
            takeNews()
            tellPresence()
            share()
            gather()
            if batch.isEmpty {
                rest()
            } else {
                look()
            }
        }
        takeNews()
        let now = Date()
        for station in stations {
            // The time of a recording that is played fast is that of its looks.
            let last = station.period == nil ? nil : wiring.board.camera(station.name).lastLook
            end(station, reason: .shutdown, at: last ?? now)
        }
        wiring.journal.stopped(at: now)
    }

    // MARK: Batches

    /// Gives every camera its share of the time, and says so when that is less than it asks for.
    private func share() {
        let live = stations.filter { $0.period == nil && !$0.presence.isAway }
        let wishes = live.map { station in
            LookShares.Wish(rate: station.possibleRate, cost: station.cost ?? 0)
        }
        let common = LookShares.commonRate(wishes)
        for station in live {
            station.schedule.interval = max(station.askedInterval, common.map { .seconds(1 / $0) } ?? .zero)
        }
        let load = LookShares.load(wishes)
        wiring.board.setLoad(load, commonRate: common)
        if let words = overload.words(load: load, commonRate: common, at: monotonicNow()) {
            wiring.logger.warning("\(words)")
        }
    }

    /// Fills the batch with cameras that are due and have a frame, waiting a moment for those that are due and have none.
    private func gather() {
        batch.removeAll(keepingCapacity: true)
        var crops = 0
        var deadline: Duration?
        while !wiring.doorbell.hasStopped {
            let now = monotonicNow()
            let due = stations.filter { isDue($0, at: now) && !isInBatch($0) }
            for station in due.sorted(by: { $0.turn < $1.turn }) {
                guard crops < batchSettings.size, prepare(station) else { continue }
                station.lastTurn = monotonicNow()
                station.schedule.looked(at: station.period == nil ? station.lastTurn : station.frame.monotonic)
                batch.append(station)
                crops += station.mustEncode.count { $0 }
            }
            let end = deadline ?? now + batchSettings.wait
            deadline = end
            let isAwaited = due.contains { !isInBatch($0) && !$0.presence.isAway && $0.expectsFrame(by: end) }
            guard !batch.isEmpty, crops < batchSettings.size, isAwaited else { return }
            guard monotonicNow() < end else { return }
            wiring.doorbell.wait(until: end, forFrames: true)
        }
    }

    /// Whether the camera can have a frame that is to be looked at. A recording that is played fast can wait for the
    /// journal, so that none of its looks is given up, and for the vocabulary, so that all have their labels.
    private func isDue(_ station: Station, at now: Duration) -> Bool {
        guard station.period != nil else { return station.schedule.isDue(at: now) }
        return wiring.journal.hasRoom && hasRoomForThumbnails && hasVocabulary
    }

    private func isInBatch(_ station: Station) -> Bool {
        batch.contains { $0 === station }
    }

    /// Takes, decodes and cuts the camera's newest frame. False when there is none, or none that can be used.
    private func prepare(_ station: Station) -> Bool {
        let started = monotonicNow()
        guard station.mailbox.take(into: &station.frame) else { return false }
        station.taken()
        let isDue = station.isDueWithFrame()
        station.hasFrame = true
        guard isDue else { return false }
        do throws(ImagingError) {
            try station.prepare(with: decoder)
        } catch {
            station.fail(error)
            if station.period == nil { station.schedule.failed(at: monotonicNow()) }
            station.spent(monotonicNow() - started)
            wiring.board.updateCamera(station.name) { $0.undecodable += 1 }
            // Once for each cause; a camera with a bad cable would fill the log.
            if station.complaints.count < 20, station.complaints.insert(error.description).inserted {
                wiring.logger.warning("camera \(station.name): a picture cannot be used: \(error)")
            }
            return false
        }
        station.preparing = monotonicNow() - started
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
            if let due = station.presence.due { end = min(end, max(due, now + .milliseconds(1))) }
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
        var crops = 0
        var encoding = Duration.zero
        for station in batch {
            let start = monotonicNow()
            crops += encode(station)
            encoding += monotonicNow() - start
            record(station)
            station.spent(station.preparing + (monotonicNow() - start))
        }
        wiring.board.countBatch(crops: crops, took: encoding, cutting: batch.map(\.preparing))
        // Last, since events are not to wait for pictures.
        for station in batch where wiring.desk.isWanted(station.name) { showPicture(of: station) }
    }

    /// Encodes the crops that have changed, and returns how many.
    private func encode(_ station: Station) -> Int {
        while station.embeddings.count < station.crops.count { station.embeddings.append([]) }
        station.embeddings.removeLast(station.embeddings.count - station.crops.count)
        for index in station.crops.indices where station.mustEncode[index] {
            encoder.encode(station.crops[index], into: &station.embeddings[index])
            station.embeddings[index] = Prompt.normalized(station.embeddings[index])
            // What is scored is what is journalled, so that the past can be scored again and gives the same.
            HalfPrecision.round(&station.embeddings[index])
        }
        return station.mustEncode.count { $0 }
    }

    private func showPicture(of station: Station) {
        let frame = station.frame
        do throws(ImagingError) {
            let picture = try decoder.picture(of: frame)
            wiring.desk.give(picture, of: station.name, frame: frame.sequence, at: frame.wallClock)
        } catch {
            // The crops were cut out of it a moment ago; whoever asked is told at the end of their patience.
            wiring.logger.warning("camera \(station.name): a picture cannot be shown: \(error)")
        }
    }
}

extension LookLoop.Wiring {
    /// Creates the loop on its own thread and runs it there. Returns what waits for its end.
    func start(onFailure: @escaping @Sendable (ImagingError) -> Void) -> Latch {
        let ended = Latch()
        let plans = plans
        let thread = Thread {
            do throws(ImagingError) {
                try LookLoop(self).run()
            } catch {
                onFailure(error)
            }
            plans.close()
            ended.set()
        }
        thread.name = "look"
        thread.stackSize = 8 << 20
        thread.start()
        return ended
    }
}
