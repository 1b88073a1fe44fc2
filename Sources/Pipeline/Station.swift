import Capture
import Configuration
import Foundation
import Imaging
import Matching

/// One camera, as the thread that looks has it: the buffers of its look, when it is due, and whether it can be believed.
final class Station {
    let name: String
    /// What of a frame is seen where it has no regions.
    private let wholeView: Imaging.View
    let mailbox: FrameMailbox
    /// Indices of its watches, in the order in which they are judged.
    var watches: [Int]
    /// What is asked for.
    let askedInterval: Duration
    var schedule: LookSchedule
    var daylight: Daylight
    var presence: Presence
    var frame = Frame()
    var crops: [[UInt8]] = []
    private(set) var squares: [Square] = []
    /// Whose the present look's crops are.
    private(set) var cropRegions = CropRegions([])
    var embeddings: [[Float]] = []
    /// Of each crop what it shows; empty before there is a vocabulary.
    var sightings: [[Describer.Sighting]] = []
    /// Of each crop whether it is to be encoded; of the others the embedding serves again.
    private(set) var mustEncode: [Bool] = []
    var complaints: Set<String> = []
    /// When its source was last lost, until there is a look from after that. A camera that is seldom looked at may be
    /// found long before.
    var interruptedAt: Duration?
    /// Of a recording that is played as fast as it is looked at: the time from one frame to the next. Its frames are all
    /// taken, those between two looks too, and its time is theirs.
    let period: Duration?
    var thumbnails = LookLoop.ThumbnailState()
    /// Whether a frame was ever taken.
    var hasFrame = false
    /// When it was last looked at, by this machine's clock.
    var lastTurn = Duration.zero
    /// How long taking and cutting the present frame took.
    var preparing = Duration.zero
    /// Seconds that a look takes, smoothed; nil before the first.
    private(set) var cost: Double?

    /// Whether triggers may go by the present look: its picture shows something.
    private(set) var isEvidence = false

    private let preprocessor: Preprocessor
    private let regions: RegionPreprocessor?
    private let unreadableAfter: Duration
    private var sight: Sight
    private var rule: ReuseRule?
    private var cells: [CellMeans] = []
    private var earlierCells: [CellMeans] = []
    /// Since when no frame could be used.
    private var unreadableSince: (monotonic: Duration, date: Date)?
    /// Seconds from one frame to the next, smoothed; nil before the second look.
    private var periodOfFrames: Double?
    private var latestTaken: (sequence: UInt64, monotonic: Duration)?

    init(_ settings: CameraSettings, mailbox: FrameMailbox, watches: [Int], side: Int, now: Duration) {
        name = settings.name
        wholeView = settings.view == .center ? .center : .full
        regions = settings.view.regions.map { RegionPreprocessor(side: side, regions: $0) }
        self.mailbox = mailbox
        self.watches = watches
        askedInterval = settings.look.interval
        schedule = LookSchedule(interval: askedInterval, from: now)
        daylight = Daylight(nightBelow: settings.nightBelow)
        presence = Presence(grace: settings.lostAfter)
        unreadableAfter = settings.lostAfter
        sight = Sight(blindAfter: settings.blindAfter, frozenAfter: settings.frozenAfter)
        rule = settings.reuse ? ReuseRule(refresh: settings.refresh) : nil
        preprocessor = Preprocessor(side: side)
        period = settings.pace == .fastest ? .mediaTime(of: 1, rate: settings.playedRate) : nil
    }

    /// What time it is for the camera: a recording that is played fast has arrived after its last frame.
    var now: (monotonic: Duration, wallClock: Date) {
        guard let period, hasFrame else { return (monotonicNow(), Date()) }
        return (frame.monotonic + period, frame.wallClock + period / .seconds(1))
    }

    /// By which cameras take turns: since when it is due, and after all those, when a recording had its last turn.
    var turn: (Int, Duration) { period == nil ? (0, schedule.due) : (1, lastTurn) }

    /// How the present look was cut, as the journal keeps it.
    var view: String { cropRegions.view ?? wholeView.rawValue }

    /// Whether the frame that was taken is to be looked at: of a recording, the one nearest to when a look is due.
    func isDueWithFrame() -> Bool {
        guard let period else { return true }
        if !hasFrame { schedule = LookSchedule(interval: schedule.interval, from: frame.monotonic) }
        return schedule.isDue(at: frame.monotonic, framesEvery: period)
    }

    /// Cuts the frame, judges what it shows, and finds out which crops have changed.
    func prepare(with decoder: FrameDecoder) throws(ImagingError) {
        if let regions {
            try decoder.cut(frame, with: regions, into: &crops)
            squares = regions.squares
            cropRegions.names = regions.names
        } else {
            squares = try decoder.cut(frame, view: wholeView, with: preprocessor, into: &crops)
        }
        unreadableSince = nil
        swap(&cells, &earlierCells)
        while cells.count < crops.count { cells.append(CellMeans()) }
        cells.removeLast(cells.count - crops.count)
        for index in crops.indices { try cells[index].measure(crops[index], side: preprocessor.side) }
        judge()
        mustEncode = rule?.mustEncode(cells, at: frame.monotonic) ?? Array(repeating: true, count: crops.count)
    }

    private func judge() {
        // All bits are compared only where the cells are the same.
        let mayBeFrozen = sight.comparesDigests && cells == earlierCells
        let finding = sight.look(
            spread: cells.map(\.lumaSpread).max() ?? 0,
            luma: cells.map { Int($0.meanLuma) }.max() ?? 0,
            digest: mayBeFrozen ? frame.digest : nil,
            at: frame.monotonic
        )
        isEvidence = finding == .something
        switch finding {
        case .something, .uniform:
            presence.saw(nil, since: frame.monotonic, date: frame.wallClock)
        case .nothing(let words, let since):
            presence.saw(words, since: since, date: frame.wallClock - (frame.monotonic - since) / .seconds(1))
        }
    }

    /// The frame could not be used. A camera of which that is so for as long as it may be away is as good as lost.
    func fail(_ error: ImagingError) {
        let first = unreadableSince ?? (frame.monotonic, frame.wallClock)
        unreadableSince = first
        guard frame.monotonic - first.monotonic >= unreadableAfter else { return }
        presence.saw("its pictures cannot be used: \(error)", since: first.monotonic, date: first.date)
    }

    /// A frame was taken: how often do they come?
    func taken() {
        defer { latestTaken = (frame.sequence, frame.monotonic) }
        guard let latestTaken, frame.sequence > latestTaken.sequence, frame.monotonic > latestTaken.monotonic else {
            return
        }
        let period =
            (frame.monotonic - latestTaken.monotonic) / .seconds(1) / Double(frame.sequence - latestTaken.sequence)
        periodOfFrames = periodOfFrames.map { $0 + (period - $0) / 4 } ?? period
    }

    /// Looks a second that are asked for and that there can be: no more than frames.
    var possibleRate: Double {
        let asked = 1 / (askedInterval / .seconds(1))
        return periodOfFrames.map { min(asked, 1 / $0) } ?? asked
    }

    /// Whether a frame is likely to come before that time.
    func expectsFrame(by deadline: Duration) -> Bool {
        guard let periodOfFrames, let latestTaken else { return true }
        return latestTaken.monotonic + .seconds(periodOfFrames) <= deadline
    }

    /// The mean luma of the present look's picture, 0…255.
    var brightness: Int {
        guard !cells.isEmpty else { return 0 }
        return Int((cells.reduce(0) { $0 + $1.meanLuma } / Double(cells.count)).rounded())
    }

    /// The source was lost: what comes after is compared with nothing from before.
    func interrupt(at time: Duration) {
        interruptedAt = time
        sight.interrupt()
        rule?.forget()
    }

    func spent(_ time: Duration) {
        let seconds = time / .seconds(1)
        cost = cost.map { $0 + (seconds - $0) / 16 } ?? seconds
    }
}

extension Frame {
    /// Stands for all its bytes, within this process.
    fileprivate var digest: Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
